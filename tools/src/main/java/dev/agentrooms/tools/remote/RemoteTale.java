package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.ToolResult.Reason;
import org.jspecify.annotations.Nullable;

/// What a remote agent has said so far: its events go on to the observer, its text is collected,
/// and at the end there is a result.
final class RemoteTale {

  private static final int MAX_MESSAGE = 300;

  private final Mapper mapper;
  private final CallObserver observer;
  private final int maxText;
  private final StringBuilder text = new StringBuilder();
  private @Nullable ToolResult result;

  RemoteTale(Mapper mapper, CallObserver observer, int maxText) {
    this.mapper = mapper;
    this.observer = observer;
    this.maxText = maxText;
  }

  /// Null before its end.
  @Nullable ToolResult result() {
    return result;
  }

  /// @throws InvalidField when it is no event of the protocol
  void hear(JsonNode event) {
    for (Said said : mapper.map(event)) {
      switch (said) {
        case Said.Text(String more) -> write(more);
        case Said.Happened happened -> observer.progress(happened.progress());
        case Said.Finished(JsonNode given) -> result = new ToolResult.Succeeded(output(given));
        case Said.Failed(String message) ->
            result =
                new ToolResult.Failed(
                    Reason.REMOTE_FAILED,
                    null,
                    message.isBlank() ? "The agent failed." : Text.cut(message, MAX_MESSAGE));
        case Said.Asks asks -> result = new ToolResult.Asks(asks.questions());
      }
    }
  }

  private void write(String more) {
    if (text.length() + more.length() > maxText) {
      result =
          new ToolResult.Failed(
              Reason.ANSWER_TOO_LARGE, null, "The agent's text is longer than " + maxText + ".");
      return;
    }
    text.append(more);
    observer.delta(more);
  }

  /// Its result, with its text as `text`: a step after it names `steps.NAME.text` in any case.
  private JsonNode output(JsonNode given) {
    boolean isAbsent = given.isMissingNode() || given.isNull();
    if (given instanceof ObjectNode object && (object.has("text") || text.isEmpty())) {
      return object;
    }
    ObjectNode output = given instanceof ObjectNode object ? object.deepCopy() : Json.object();
    if (!isAbsent && !given.isObject()) {
      if (given.isTextual() && text.isEmpty()) {
        return output.put("text", given.asText());
      }
      output.set("result", given);
    }
    return output.put("text", text.toString());
  }
}
