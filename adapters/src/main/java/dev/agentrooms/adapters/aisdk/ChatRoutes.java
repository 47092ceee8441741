package dev.agentrooms.adapters.aisdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AdapterEdge;
import dev.agentrooms.adapters.EventStream;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.Wording;
import dev.agentrooms.adapters.aisdk.ChatRequest.Approval;
import dev.agentrooms.adapters.aisdk.ChatRequest.Asked;
import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.webui.Doors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// Chats of the AI SDK, which are sessions: `POST /ai/chat` asks, `GET /ai/chat/{id}/stream`
/// comes back to what is being answered.
public final class ChatRoutes extends AdapterEdge {

  // A chat sends all of its messages each time, with the progress of all runs in them.
  private static final int MAX_BYTES = 1024 * 1024;
  private static final byte[] DONE = "[DONE]".getBytes(UTF_8);
  private static final RawHeader PROTOCOL = RawHeader.create("x-vercel-ai-ui-message-stream", "v1");

  public ChatRoutes(Doors doors) {
    super(doors, Wording.PLAIN);
  }

  public Route routes() {
    return pathPrefix(
        "ai",
        () ->
            protocol(
                pathPrefix(
                    "chat",
                    () ->
                        concat(
                            pathEnd(
                                () ->
                                    post(
                                        () ->
                                            object(MAX_BYTES, body -> ask(ChatRequest.of(body))))),
                            path(
                                PathMatchers.segment().slash("stream"),
                                id -> get(() -> resume(id)))))));
  }

  private Route ask(ChatRequest chat) {
    return allowed(
        chat.sessionId(),
        until ->
            switch (chat.asked()) {
              case Asked.Question(String text, String key) ->
                  onSuccess(
                      agent.start(chat.run(text), key, 0),
                      answer ->
                          answer.fold(
                              done ->
                                  stream(
                                      chat.sessionId(),
                                      done.body().path("run_id").asText(),
                                      until,
                                      null),
                              this::refuse));
              case Asked.Approvals(List<Approval> all) -> approve(chat.sessionId(), all, until);
            });
  }

  /// Answers one after the other, and then goes on with the last one's run.
  private Route approve(String sessionId, List<Approval> approvals, @Nullable Instant until) {
    Approval first = approvals.getFirst();
    String runId = first.runId();
    if (runId == null) {
      return refuse(Refusal.notFound("Nobody has asked for this approval."));
    }
    ObjectNode answer =
        Json.object()
            .put("session_id", sessionId)
            .put("run_id", runId)
            .put("input_id", first.inputId())
            .put("decision", first.approves() ? "approve" : "reject");
    if (first.reason() != null) {
      answer.put("comment", first.reason());
    }
    List<Approval> rest = approvals.subList(1, approvals.size());
    return onSuccess(
        agent.answer(answer),
        answered ->
            answered.fold(
                done ->
                    rest.isEmpty()
                        ? stream(sessionId, runId, until, first.inputId())
                        : approve(sessionId, rest, until),
                this::refuse));
  }

  private Route resume(String id) {
    return !SessionId.isValid(id)
        ? refuse(Refusal.notFound("There is no such chat."))
        : allowed(
            id,
            until ->
                onSuccess(
                    agent.session(id),
                    answer -> {
                      JsonNode session = answer.found();
                      String runId = session == null ? "" : session.at("/run/run_id").asText();
                      return runId.isEmpty()
                          ? complete(StatusCodes.NO_CONTENT)
                          : stream(id, runId, until, null);
                    }));
  }

  /// @param answered the input whose answer the chat has just sent: what came before is in its
  ///     message already; null for all of the run
  private Route stream(
      String sessionId, String runId, @Nullable Instant until, @Nullable String answered) {
    return extractRequest(
        request -> complete(response(request, sessionId, runId, until, answered)));
  }

  private HttpResponse response(
      HttpRequest request,
      String sessionId,
      String runId,
      @Nullable Instant until,
      @Nullable String answered) {
    ChatMapper mapper = new ChatMapper(sessionId, runId, answered);
    Source<ObjectNode, NotUsed> chunks =
        runs.settling(sessionId, runId, Loop.of(request)).mapConcat(mapper::on);
    Source<ByteString, NotUsed> bytes = chunks.map(ChatRoutes::event);
    return EventStream.of(
            EventStream.then(bytes, () -> end(mapper)),
            EventStream.until(until, doors.door().access().now()),
            doors.open())
        .addHeader(PROTOCOL);
  }

  private static List<ByteString> end(ChatMapper mapper) {
    List<ByteString> end = new ArrayList<>();
    if (mapper.isWaiting()) {
      ChatMapper.pause().forEach(chunk -> end.add(event(chunk)));
    }
    if (mapper.isOver() || mapper.isWaiting()) {
      end.add(EventStream.event(null, null, DONE));
    }
    return end;
  }

  private static ByteString event(ObjectNode chunk) {
    return EventStream.event(null, null, Json.encode(chunk));
  }
}
