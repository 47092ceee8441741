package dev.agentrooms.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AdapterEdge;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.http.Queries;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.webui.Doors;
import java.time.Instant;
import java.util.UUID;
import java.util.function.LongFunction;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/// Conversations, which are sessions.
final class ConversationRoutes extends AdapterEdge {

  private static final int MOST_ITEMS = 100;
  private static final int USUAL_ITEMS = 20;

  private final ConversationItems items;

  ConversationRoutes(Doors doors, Responses responses) {
    super(doors, new OpenAiWording());
    this.items = new ConversationItems(agent, responses);
  }

  Route routes() {
    return concat(
        pathEnd(
            () ->
                post(
                    () ->
                        extractRequest(
                            request ->
                                request.entity().isKnownEmpty()
                                    ? create(Json.object())
                                    : object(this::create)))),
        pathPrefix(
            PathMatchers.segment(),
            id ->
                concat(
                    pathEnd(
                        () ->
                            concat(
                                get(() -> found(id, created -> json(200, json(id, created)))),
                                delete(() -> refuse(none())))),
                    path(
                        "items",
                        () ->
                            get(
                                () ->
                                    found(
                                        id,
                                        created ->
                                            extractRequest(request -> items(request, id))))))));
  }

  private Route create(ObjectNode body) {
    if (!body.path("items").isMissingNode() && !body.path("items").isEmpty()) {
      return refuse(OpenAiWording.unsupported("items"));
    }
    return unnamed(
        () -> {
          String id = "conv_" + UUID.randomUUID().toString().replace("-", "");
          return onSuccess(
              agent.open(id),
              answer ->
                  answer.fold(
                      done -> found(id, created -> json(200, made(id, created, body))),
                      this::refuse));
        });
  }

  // What is said of it is not kept.
  private static ObjectNode made(String id, long createdMs, ObjectNode asked) {
    ObjectNode made = json(id, createdMs);
    return asked.path("metadata").isObject() ? made.set("metadata", asked.get("metadata")) : made;
  }

  private static ObjectNode json(String id, long createdMs) {
    ObjectNode conversation =
        Json.object()
            .put("id", id)
            .put("object", "conversation")
            .put("created_at", Math.floorDiv(createdMs, 1000));
    conversation.putObject("metadata");
    return conversation;
  }

  private static Refusal none() {
    return Refusal.notFound("There is no such conversation.");
  }

  private Route found(String id, LongFunction<Route> inner) {
    if (!SessionId.isValid(id)) {
      return refuse(none());
    }
    return allowed(
        id,
        until ->
            onSuccess(
                agent.session(id),
                answer ->
                    answer.fold(
                        session -> inner.apply(createdMs(session.body())),
                        why -> refuse(why.status() == 404 ? none() : why))));
  }

  private static long createdMs(JsonNode session) {
    return Instant.parse(session.path("created_at").asText()).toEpochMilli();
  }

  private Route items(HttpRequest request, String id) {
    Queries query = Queries.of(request);
    String order = query.text("order");
    if (order != null && !order.equals("asc") && !order.equals("desc")) {
      throw new InvalidField("order", "order must be asc or desc");
    }
    var wanted =
        new ConversationItems.Wanted(
            "asc".equals(order),
            query.integer("limit", 1, MOST_ITEMS, USUAL_ITEMS),
            query.text("after"));
    return onSuccess(items.read(id, wanted), list -> json(200, list));
  }
}
