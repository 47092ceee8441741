package dev.agentrooms.webui.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.LastingClient;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.store.Subscription;
import dev.agentrooms.store.Subscription.Link;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells webhooks of wakes, each signed.
public final class Webhooks {

  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final int MAX_ANSWER = 64 * 1024;

  /// What a webhook made of a wake.
  enum Outcome {
    /// It has done all that it was told of.
    DONE,
    /// It will say when it is done.
    TAKEN,
    FAILED
  }

  private final WebhookKey key;
  private final WebhookTarget target;
  private final String root;
  private final InstantSource clock;
  private final LastingClient client = new LastingClient(Webhooks::httpClient);

  /// @param root the URL below which the streams are
  Webhooks(WebhookKey key, WebhookTarget target, String root, InstantSource clock) {
    this.key = key;
    this.target = target;
    this.root = root;
    this.clock = clock;
  }

  private static HttpClient httpClient() {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(Duration.ofSeconds(5))
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  public WebhookKey key() {
    return key;
  }

  public boolean mayBe(String url) {
    return target.parse(url) != null;
  }

  ObjectNode describe(String url) {
    ObjectNode webhook = Json.object().put("url", url);
    webhook
        .putObject("signing")
        .put("alg", "ed25519")
        .put("kid", key.kid())
        .put("jwks_url", root + "__ds/jwks.json");
    return webhook;
  }

  /// @param withTails whether they say where the streams end; then rooms without news are left out,
  ///     of which a pattern may have thousands
  public ArrayNode links(Subscription it, boolean withTails) {
    ArrayNode links = Json.mapper().createArrayNode();
    for (Link link : it.links()) {
      if (withTails && !link.isPending() && RoomStreams.isRoom(link.path())) {
        continue;
      }
      ObjectNode shown =
          links
              .addObject()
              .put("path", link.path())
              .put("link_type", link.isExplicit() ? "explicit" : "glob")
              .put("acked_offset", Offset.text(link.tailEpoch(), link.ackedNow()));
      if (withTails) {
        shown
            .put("tail_offset", Offset.text(link.tailEpoch(), link.tail()))
            .put("has_pending", link.isPending());
      }
    }
    return links;
  }

  /// @param then called once, on any thread
  void deliver(Subscription it, String url, Consumer<Outcome> then) {
    Thread.ofVirtual().name("webhook").start(() -> then.accept(delivered(it, url)));
  }

  private Outcome delivered(Subscription it, String text) {
    URI url = target.parse(text);
    // Its name may mean another address by now.
    if (url == null || !target.mayCall(url)) {
      LOG.warn("the webhook of subscription {} must not be called", it.id());
      return Outcome.FAILED;
    }
    byte[] body = Json.encode(body(it));
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("Webhook-Signature", key.signature(clock.instant().getEpochSecond(), body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<InputStream> answer =
          client.get().send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = answer.body()) {
        byte[] said = in.readNBytes(MAX_ANSWER);
        if (answer.statusCode() / 100 != 2) {
          LOG.warn("the webhook of {} answered {}", it.id(), answer.statusCode());
          return Outcome.FAILED;
        }
        return isDone(said) ? Outcome.DONE : Outcome.TAKEN;
      }
    } catch (IOException e) {
      LOG.warn("the webhook of {} was not reached: {}", it.id(), e.toString());
      return Outcome.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.FAILED;
    }
  }

  private static boolean isDone(byte[] answer) {
    try {
      JsonNode said = Json.parse(answer);
      return said.path("done").asBoolean(false);
    } catch (MalformedJson e) {
      return false;
    }
  }

  private ObjectNode body(Subscription it) {
    ObjectNode body =
        Json.object()
            .put("subscription_id", it.id())
            .put("wake_id", it.wakeId())
            .put("generation", it.generation());
    body.set("streams", links(it, true));
    return body.put("callback_url", root + "__ds/subscriptions/" + it.id() + "/callback")
        .put("callback_token", key.token(it.id(), it.generation(), it.wakeId()));
  }
}
