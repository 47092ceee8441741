package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AgentApi;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.adapters.langgraph.RunStarts.Started;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The commands of a thread stream, which are the same over HTTP and over a WebSocket.
final class Commands {

  private final RunStarts starts;
  private final AgentApi agent;

  Commands(AgentApi agent) {
    this.starts = new RunStarts(agent);
    this.agent = agent;
  }

  /// @param key the caller's `Idempotency-Key`; null for none
  CompletionStage<ObjectNode> carryOut(String threadId, JsonNode command, @Nullable String key) {
    JsonNode id = command.path("id");
    JsonNode params = command.path("params");
    return switch (command.path("method").asText("")) {
      case "run.start" ->
          starts
              .start(threadId, params, key, true)
              .thenApply(
                  started ->
                      switch (started) {
                        case Started.Run run ->
                            success(id, Json.object().put("run_id", run.runId()));
                        case Started.Refused(Refusal why) -> refused(id, why);
                      });
      case "input.respond" -> respond(threadId, id, params);
      case "agent.getTree",
          "input.inject",
          "state.get",
          "state.listCheckpoints",
          "state.fork",
          "subscription.subscribe",
          "subscription.unsubscribe",
          "subscription.reconnect" ->
          done(error(id, "not_supported", "This command is not supported here."));
      default -> done(error(id, "unknown_command", "There is no such command."));
    };
  }

  private static CompletionStage<ObjectNode> done(ObjectNode response) {
    return CompletableFuture.completedFuture(response);
  }

  private CompletionStage<ObjectNode> respond(String threadId, JsonNode id, JsonNode params) {
    List<JsonNode> responses = new ArrayList<>();
    if (params.path("responses").isArray()) {
      params.path("responses").forEach(responses::add);
    } else {
      responses.add(params);
    }
    // A run asks one thing at a time.
    JsonNode only = responses.size() == 1 ? responses.getFirst() : Json.object();
    String inputId = only.path("interrupt_id").asText("");
    int end = inputId.lastIndexOf(".input.");
    if (end < 1) {
      return done(error(id, "no_such_interrupt", "There is no interrupt " + inputId + "."));
    }
    ObjectNode answer =
        RunInput.answer(threadId, inputId.substring(0, end), inputId, only.path("response"));
    return agent
        .answer(answer)
        .thenApply(
            given -> given.fold(counted -> success(id, Json.object()), why -> late(id, why)));
  }

  private static ObjectNode late(JsonNode id, Refusal why) {
    return why.status() == 404 || why.status() == 409
        ? error(id, "no_such_interrupt", why.detail())
        : refused(id, why);
  }

  static ObjectNode success(JsonNode id, ObjectNode result) {
    ObjectNode response = Json.object().put("type", "success");
    response.set("id", id.isMissingNode() ? Json.mapper().nullNode() : id);
    return response.set("result", result);
  }

  static ObjectNode error(JsonNode id, String code, String message) {
    ObjectNode response = Json.object().put("type", "error");
    response.set("id", id.isMissingNode() ? Json.mapper().nullNode() : id);
    return response.put("error", code).put("message", message);
  }

  private static ObjectNode refused(JsonNode id, Refusal why) {
    String code =
        why.title().equals(Refusal.UNSUPPORTED)
            ? "not_supported"
            : why.status() == 429 || why.status() >= 500 ? "unknown_error" : "invalid_argument";
    return error(id, code, why.detail());
  }
}
