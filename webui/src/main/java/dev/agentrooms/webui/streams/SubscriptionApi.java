package dev.agentrooms.webui.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.Problems;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.store.Subscription;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/// Requests about subscriptions, and their answers.
public final class SubscriptionApi {

  /// What the reserved paths begin with.
  public static final String ROOT = "__ds";

  private static final String SUBSCRIPTIONS = ROOT + "/subscriptions/";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");
  private static final ContentType JWKS = ContentTypes.parse("application/jwk-set+json");

  private final Subscriptions subscriptions;

  public SubscriptionApi(Subscriptions subscriptions) {
    this.subscriptions = subscriptions;
  }

  /// @param rest what is behind the subscription's id; empty for the subscription
  public record Target(String id, String rest) {

    /// Whether a worker's token for its wake stands for the producers' one.
    public boolean isOfWorker() {
      return rest.equals("callback") || rest.equals("ack") || rest.equals("release");
    }
  }

  public static boolean isReserved(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  public static boolean isKeys(String path) {
    return path.equals(ROOT + "/jwks.json");
  }

  /// @return null when there is nothing at this path
  public static @Nullable Target target(String path) {
    if (!path.startsWith(SUBSCRIPTIONS)) {
      return null;
    }
    String below = path.substring(SUBSCRIPTIONS.length());
    int slash = below.indexOf('/');
    String id = slash < 0 ? below : below.substring(0, slash);
    return ID.matcher(id).matches()
        ? new Target(id, slash < 0 ? "" : below.substring(slash + 1))
        : null;
  }

  public HttpResponse keys() {
    return HttpResponse.create()
        .addHeader(RawHeader.create("Cache-Control", "public, max-age=300"))
        .withEntity(HttpEntities.create(JWKS, Json.encode(subscriptions.webhooks().key().jwks())));
  }

  public CompletionStage<HttpResponse> put(String id, Fields fields) {
    SubscriptionConfig config = SubscriptionConfig.of(fields);
    if (config.webhook() != null && !subscriptions.webhooks().mayBe(config.webhook())) {
      return CompletableFuture.completedFuture(
          coded(
              400,
              "Invalid request",
              "A webhook must be a public server over https.",
              Map.of("code", "WEBHOOK_URL_REJECTED")));
    }
    return subscriptions.put(id, config).thenApply(this::answer);
  }

  public CompletionStage<HttpResponse> get(String id) {
    return subscriptions.get(id).thenApply(this::answer);
  }

  public CompletionStage<HttpResponse> delete(String id) {
    return subscriptions.delete(id).thenApply(this::answer);
  }

  public CompletionStage<HttpResponse> add(String id, Fields fields) {
    return subscriptions
        .add(id, SubscriptionConfig.paths(fields.value("streams")))
        .thenApply(this::changed);
  }

  public CompletionStage<HttpResponse> remove(String id, String path) {
    return subscriptions.remove(id, StreamPath.checked("path", path)).thenApply(this::changed);
  }

  private HttpResponse changed(Outcome outcome) {
    return outcome instanceof Outcome.Known ? answer(new Outcome.Done()) : answer(outcome);
  }

  public CompletionStage<HttpResponse> claim(String id, Fields fields) {
    return subscriptions.claim(id, fields.text("worker", 1, 128)).thenApply(this::answer);
  }

  /// `callback`, `ack` and `release`.
  ///
  /// @param token null for none
  public CompletionStage<HttpResponse> finish(
      Target target, @Nullable String token, Fields fields) {
    String wakeId = fields.text("wake_id", 1, 128);
    Long generation = fields.optionalLong("generation", 0, Long.MAX_VALUE);
    if (generation == null) {
      throw fields.invalid("generation", "is required");
    }
    if (token == null
        || !subscriptions.webhooks().key().isToken(token, target.id(), generation, wakeId)) {
      return CompletableFuture.completedFuture(
          coded(
              401,
              "Unauthorized",
              "The token is not the one of this wake.",
              Map.of("code", "TOKEN_INVALID")));
    }
    if (target.rest().equals("release")) {
      return subscriptions
          .release(target.id(), wakeId, generation)
          .thenApply(
              outcome ->
                  outcome instanceof Outcome.Acked ? answer(new Outcome.Done()) : answer(outcome));
    }
    return subscriptions
        .ack(target.id(), wakeId, generation, acks(fields), fields.flag("done", false))
        .thenApply(this::answer);
  }

  private static Map<String, Offset> acks(Fields fields) {
    Map<String, Offset> acks = new HashMap<>();
    JsonNode given = fields.value("acks");
    if (given == null) {
      return acks;
    }
    if (!given.isArray()) {
      throw new InvalidField("acks", "acks must be an array");
    }
    for (JsonNode ack : given) {
      acks.put(ack.path("stream").asText(), Offset.parse("acks", ack.path("offset").asText()));
    }
    return acks;
  }

  private HttpResponse answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Known(Subscription it, boolean isNew) ->
          json(isNew ? 201 : 200, subscriptions.json(it));
      case Outcome.Claimed(Subscription it) -> json(200, claimed(it));
      case Outcome.Acked(boolean wakesAgain) ->
          json(200, Json.object().put("ok", true).put("next_wake", wakesAgain));
      case Outcome.Held(String holder, long generation) ->
          coded(
              409,
              "Conflict",
              "Another worker has claimed it.",
              Map.of(
                  "code", "ALREADY_CLAIMED", "current_holder", holder, "generation", generation));
      case Outcome.Fenced _ ->
          coded(409, "Conflict", "The wake is over.", Map.of("code", "FENCED"));
      case Outcome.Unknown _ ->
          coded(
              404,
              "Unknown subscription",
              "There is no such subscription.",
              Map.of("code", "SUBSCRIPTION_NOT_FOUND"));
      case Outcome.Other _ ->
          coded(
              409,
              "Conflict",
              "There is a subscription of another configuration.",
              Map.of("code", "SUBSCRIPTION_ALREADY_EXISTS"));
      case Outcome.NothingToDo _ ->
          coded(409, "Conflict", "There is nothing to do.", Map.of("code", "NO_PENDING_WORK"));
      case Outcome.Done _ -> HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
    };
  }

  private ObjectNode claimed(Subscription it) {
    ObjectNode json =
        Json.object()
            .put("wake_id", it.wakeId())
            .put("generation", it.generation())
            .put(
                "token",
                subscriptions.webhooks().key().token(it.id(), it.generation(), it.wakeId()));
    json.set("streams", subscriptions.webhooks().links(it, true));
    return json.put("lease_ttl_ms", SubscriptionConfig.ofText(it.config()).leaseMillis());
  }

  private static HttpResponse json(int status, ObjectNode json) {
    return HttpResponse.create()
        .withStatus(StatusCodes.get(status))
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.encode(json)));
  }

  private static HttpResponse coded(
      int status, String title, String detail, Map<String, Object> error) {
    return Problems.response(Problem.of(status, title, detail).with("error", error));
  }
}
