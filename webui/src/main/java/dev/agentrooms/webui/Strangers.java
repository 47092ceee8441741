package dev.agentrooms.webui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.Problems;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.Problem;
import dev.agentrooms.protocol.SessionId;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/// Redacts answers for a client that may start and cancel runs but has no token for the session:
/// it learns whether its request was accepted, no results, and no run ids except its own.
///
/// @param sessionId the request's; null when it has none
/// @param runId the run id in the request
record Strangers(@Nullable String sessionId, @Nullable String runId) {

  /// @param body of the request; the agent validates it
  static Strangers of(byte[] body) {
    try {
      JsonNode request = Json.parse(body);
      return new Strangers(id(request.path("session_id")), id(request.path("run_id")));
    } catch (MalformedJson e) {
      return new Strangers(null, null);
    }
  }

  /// The client may know the id of the run that it started.
  HttpResponse started(HttpResponse answer) {
    return told(answer, List.of("session_id", "run_id", "status"));
  }

  HttpResponse cancelled(HttpResponse answer) {
    return told(
        answer,
        runId == null
            ? List.of("session_id", "status")
            : List.of("session_id", "run_id", "status"));
  }

  private HttpResponse told(HttpResponse answer, List<String> members) {
    return switch (answer.status().intValue()) {
      case 200, 202 -> only(answer, members);
      case 404, 409, 422 -> {
        Problem problem =
            Problem.of(
                answer.status().intValue(),
                json(answer).path("title").asText(),
                "The session's state does not allow it. Whoever has a token for it is told more.");
        yield Problems.response(
            sessionId == null ? problem : problem.with("session_id", sessionId));
      }
      // Says something about the request or the server, not about the session.
      default -> answer;
    };
  }

  private static HttpResponse only(HttpResponse answer, List<String> members) {
    ObjectNode left = json(answer);
    left.retain(members);
    return answer.withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.encode(left)));
  }

  private static ObjectNode json(HttpResponse answer) {
    try {
      return answer.entity() instanceof HttpEntity.Strict whole
              && Json.parse(whole.getData().toArrayUnsafe()) instanceof ObjectNode told
          ? told
          : Json.object();
    } catch (MalformedJson e) {
      return Json.object();
    }
  }

  // Malformed: the agent refuses it.
  private static @Nullable String id(JsonNode field) {
    String id = field.textValue();
    return id != null && SessionId.isValid(id) ? id : null;
  }
}
