package dev.agentrooms.adapters.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AdapterEdge;
import dev.agentrooms.adapters.Answer;
import dev.agentrooms.adapters.EventStream;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.openai.CreateRequest.Asked;
import dev.agentrooms.http.IdempotencyKey;
import dev.agentrooms.http.Loop;
import dev.agentrooms.http.Queries;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.Doors;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The OpenAI Responses API below `/v1`: a conversation is a session, a response is a run.
public final class OpenAiRoutes extends AdapterEdge {

  private static final int CANCEL_SECONDS = 10;
  private static final byte[] DONE = "[DONE]".getBytes(UTF_8);

  private final Responses responses;
  private final ConversationRoutes conversations;

  public OpenAiRoutes(Doors doors) {
    super(doors, new OpenAiWording());
    this.responses = new Responses(runs);
    this.conversations = new ConversationRoutes(doors, responses);
  }

  public Route routes() {
    return pathPrefix(
        "v1",
        () ->
            protocol(
                concat(
                    pathPrefix("models", this::models),
                    pathPrefix("responses", this::responses),
                    pathPrefix("conversations", conversations::routes))));
  }

  private Route models() {
    ObjectNode model =
        Json.object()
            .put("id", ResponseState.MODEL)
            .put("object", "model")
            .put("created", 0)
            .put("owned_by", "agent-rooms");
    ObjectNode list = Json.object().put("object", "list");
    list.putArray("data").add(model);
    return concat(
        pathEnd(() -> get(() -> json(200, list))),
        path(ResponseState.MODEL, () -> get(() -> json(200, model))));
  }

  private Route responses() {
    return concat(
        pathEnd(() -> post(() -> object(body -> extractRequest(r -> create(r, body))))),
        pathPrefix(
            PathMatchers.segment(),
            id ->
                concat(
                    pathEnd(
                        () ->
                            concat(
                                get(() -> found(id, this::read)),
                                delete(() -> refuse(noResponse())))),
                    path("cancel", () -> post(() -> found(id, (it, access) -> cancel(it)))),
                    path(
                        "input_items",
                        () ->
                            get(
                                () ->
                                    found(
                                        id,
                                        (it, access) ->
                                            json(200, Responses.question(it, access.run()))))))));
  }

  /// @param run its resource
  /// @param until when the reader's token expires; null for never
  private record Access(JsonNode run, @Nullable Instant until) {}

  private static Refusal noResponse() {
    return Refusal.notFound("There is no such response.");
  }

  /// A response that there is, for those who may use its session.
  private Route found(String text, BiFunction<ResponseId, Access, Route> inner) {
    ResponseId id = ResponseId.of(text);
    return id == null
        ? refuse(noResponse())
        : allowed(id.sessionId(), until -> found(id, until, noResponse(), inner));
  }

  private Route found(
      ResponseId id,
      @Nullable Instant until,
      Refusal otherwise,
      BiFunction<ResponseId, Access, Route> inner) {
    return onSuccess(
        agent.run(id.sessionId(), id.runId()),
        answer ->
            answer.fold(
                done -> inner.apply(id, new Access(done.body(), until)),
                why -> refuse(why.status() == 404 ? otherwise : why)));
  }

  private Route read(ResponseId id, Access access) {
    return extractRequest(
        request -> {
          Queries query = Queries.of(request);
          Long after = query.strictNumber("starting_after", 0, Long.MAX_VALUE);
          return query.flag("stream", false)
              ? stream(request, id, access, after == null ? -1 : after)
              : now(id, access);
        });
  }

  private Route now(ResponseId id, Access access) {
    return onSuccess(responses.now(id, access.run()), response -> json(200, response));
  }

  private Route stream(HttpRequest request, ResponseId id, Access access, long after) {
    Responses.Feed feed = responses.feed(id, access.run(), after, Loop.of(request));
    Source<ByteString, NotUsed> bytes =
        feed.events().map(event -> EventStream.event(null, event.type(), event.json()));
    // A stream that the server ends early has no such mark, so that the client can tell.
    Source<ByteString, NotUsed> whole =
        EventStream.then(
            bytes,
            () ->
                feed.mapper().isOver() ? List.of(EventStream.event(null, null, DONE)) : List.of());
    return complete(
        EventStream.of(
            whole, EventStream.until(access.until(), doors.door().access().now()), doors.open()));
  }

  private Route cancel(ResponseId id) {
    return onSuccess(
        agent.cancel(id.sessionId(), id.runId(), CANCEL_SECONDS),
        answer ->
            answer.fold(
                done -> found(id, null, noResponse(), this::now),
                why ->
                    refuse(
                        why.status() == 409
                            ? OpenAiWording.coded(
                                400, "response_not_cancellable", "response_id", why.detail())
                            : why)));
  }

  private Route create(HttpRequest request, ObjectNode body) {
    Refusal refusal = CreateRequest.refusal(body);
    if (refusal != null) {
      return refuse(refusal);
    }
    CreateRequest asked = CreateRequest.of(body);
    String sessionId = asked.sessionId();
    ResponseId previous = asked.previous();
    if (sessionId == null) {
      return unnamed(() -> start(request, asked, null));
    }
    return allowed(
        sessionId,
        until ->
            previous == null
                ? start(request, asked, until)
                : found(
                    previous,
                    until,
                    OpenAiWording.coded(
                        404,
                        "previous_response_not_found",
                        "previous_response_id",
                        "There is no such response."),
                    (id, access) -> start(request, asked, until)));
  }

  private Route start(HttpRequest request, CreateRequest asked, @Nullable Instant until) {
    return switch (asked.asked()) {
      case Asked.Question(String text) ->
          onSuccess(
              agent.start(asked.run(text), IdempotencyKey.of(request), 0),
              answer -> started(answer, done -> id(done.body()), request, asked, until));
      case Asked.Approval approval -> approve(request, asked, approval, until);
    };
  }

  private static ResponseId id(JsonNode accepted) {
    return new ResponseId(accepted.path("session_id").asText(), accepted.path("run_id").asText());
  }

  private Route approve(
      HttpRequest request, CreateRequest asked, Asked.Approval approval, @Nullable Instant until) {
    String inputId = approval.inputId();
    int end = inputId.indexOf(".input.");
    ResponseId id =
        end < 0 || asked.sessionId() == null
            ? null
            : ResponseId.of(asked.sessionId() + "~" + inputId.substring(0, end));
    if (id == null) {
      return refuse(
          OpenAiWording.coded(
              404,
              "not_found",
              "input",
              "There is no such approval request in this conversation."));
    }
    ObjectNode answer =
        Json.object()
            .put("session_id", id.sessionId())
            .put("run_id", id.runId())
            .put("input_id", inputId)
            .put("decision", approval.approves() ? "approve" : "reject");
    if (approval.reason() != null) {
      answer.put("comment", approval.reason());
    }
    return onSuccess(
        agent.answer(answer),
        answered ->
            answered instanceof Answer.Refused(Refusal why) && why.status() == 409
                ? refuse(
                    OpenAiWording.coded(409, "approval_request_answered", "input", why.detail()))
                : started(answered, done -> id, request, asked, until));
  }

  private Route started(
      Answer answer,
      Function<Answer.Done, ResponseId> which,
      HttpRequest request,
      CreateRequest asked,
      @Nullable Instant until) {
    return answer.fold(
        done ->
            found(
                which.apply(done),
                until,
                noResponse(),
                (id, access) ->
                    asked.stream()
                        ? stream(request, id, access, -1)
                        : asked.background() ? now(id, access) : settled(request, id, access)),
        this::refuse);
  }

  private Route settled(HttpRequest request, ResponseId id, Access access) {
    return extractMaterializer(
        materializer ->
            onSuccess(
                responses.settled(id, access.run(), Loop.of(request), materializer),
                response -> json(200, response)));
  }
}
