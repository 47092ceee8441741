package dev.agentrooms.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A response so far, with every member that the client's type wants to be there.
final class ResponseState {

  static final String MODEL = "agent-rooms";

  private final ObjectNode response;
  private final ArrayNode output;

  ResponseState(ResponseId id, Instant createdAt) {
    ObjectNode made =
        Json.object()
            .put("id", id.toString())
            .put("object", "response")
            .put("created_at", createdAt.getEpochSecond())
            .put("status", "in_progress")
            // Every run goes on without its client.
            .put("background", true)
            .putNull("completed_at")
            .putNull("error")
            .putNull("incomplete_details")
            .putNull("instructions")
            .put("model", MODEL);
    output = made.putArray("output");
    made.put("output_text", "")
        .put("parallel_tool_calls", false)
        .putNull("previous_response_id")
        .putNull("temperature")
        .putNull("top_p")
        .put("tool_choice", "auto");
    made.putArray("tools");
    made.put("truncation", "disabled").putNull("usage").putNull("access_programs");
    made.putObject("metadata");
    made.putObject("conversation").put("id", id.sessionId());
    made.putObject("text").putObject("format").put("type", "text");
    this.response = made;
  }

  /// The response as it is; whoever keeps it copies it.
  ObjectNode json() {
    return response;
  }

  ArrayNode output() {
    return output;
  }

  String status() {
    return response.path("status").asText();
  }

  void status(String status) {
    response.put("status", status);
  }

  /// @return its place
  int add(ObjectNode item) {
    output.add(item);
    return output.size() - 1;
  }

  /// An item that began early, and is last in what is read in the end.
  void moveToEnd(int place) {
    output.add(output.remove(place));
  }

  /// Takes back an item that a crash ended: no replay has it.
  void remove(int place) {
    output.remove(place);
  }

  void text(String text) {
    response.put("output_text", text);
  }

  void completed(@Nullable Instant at) {
    status("completed");
    if (at != null) {
      response.put("completed_at", at.getEpochSecond());
    }
  }

  void failed(String why) {
    status("failed");
    response.set("error", Json.object().put("code", "server_error").put("message", why));
  }

  /// @param used of a model, in tokens; missing when there was none
  void usage(JsonNode used) {
    if (!used.isObject()) {
      return;
    }
    long in = used.path("input_tokens").asLong();
    long out = used.path("output_tokens").asLong();
    ObjectNode usage = Json.object().put("input_tokens", in);
    usage.putObject("input_tokens_details").put("cached_tokens", 0).put("cache_write_tokens", 0);
    usage.put("output_tokens", out);
    usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
    response.set("usage", usage.put("total_tokens", in + out));
  }
}
