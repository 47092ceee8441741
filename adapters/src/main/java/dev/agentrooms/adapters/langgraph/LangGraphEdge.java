package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.adapters.AdapterEdge;
import dev.agentrooms.adapters.Answer;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.Wording;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.SessionId;
import dev.agentrooms.webui.Doors;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/// What the routes of threads, runs and thread streams share.
abstract class LangGraphEdge extends AdapterEdge {

  final Conversations conversations = new Conversations(agent);

  LangGraphEdge(Doors doors) {
    super(doors, Wording.PLAIN);
  }

  /// Lets in those who may use the thread.
  ///
  /// @param inner gets the thread's id, and the time until which they may
  final Route thread(String segment, ThreadRoute inner) {
    String threadId = threadId(segment);
    return allowed(threadId, until -> inner.of(threadId, until));
  }

  static String threadId(String segment) {
    return SessionId.checked("thread_id", segment);
  }

  interface ThreadRoute {
    Route of(String threadId, @Nullable Instant until);
  }

  static String runId(String segment) {
    return SessionId.checked("run_id", segment);
  }

  final Route answered(CompletionStage<HttpResponse> response) {
    return onSuccess(response, this::complete);
  }

  /// The answer, or the refusal of what was asked of the agent.
  final HttpResponse answer(Answer answer, Function<JsonNode, HttpResponse> inner) {
    return answer.fold(done -> inner.apply(done.body()), this::refusedAs);
  }

  /// A refusal of the native API, with the names that this protocol has for the same.
  final HttpResponse refusedAs(Refusal why) {
    return refused(
        why.field().equals("session_id")
            ? Refusal.of(why.status(), why.title(), why.detail(), "thread_id")
            : RunInput.worded(why));
  }

  static HttpResponse json(JsonNode body) {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.encode(body)));
  }

  static HttpResponse status(int status) {
    return HttpResponse.create().withStatus(StatusCodes.get(status));
  }

  static int bounded(JsonNode body, String name, int absent, int max) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.canConvertToInt() || value.intValue() < 0) {
      throw new dev.agentrooms.protocol.InvalidField(name, name + " must be 0 or more.");
    }
    return Math.min(value.intValue(), max);
  }
}
