package dev.agentrooms.tools.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.ToolResult.Reason;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a call of a model.
public sealed interface ModelAnswer {

  /// @param text never blank, unless there are calls
  /// @param json the structured answer, which fits the schema; null when none was asked for
  /// @param calls the tools that the model wants to be called
  record Answered(String text, @Nullable JsonNode json, List<ToolWish> calls, Usage usage)
      implements ModelAnswer {

    public Answered {
      calls = List.copyOf(calls);
    }
  }

  /// @param detail for log and watchers
  /// @param phase which time limit was exceeded; null for other reasons
  /// @param retryAfter the pause that the server asks for
  /// @param partial the text that had come
  record Failed(
      Reason reason,
      @Nullable Integer status,
      String detail,
      @Nullable Phase phase,
      @Nullable Duration retryAfter,
      String partial)
      implements ModelAnswer {

    static Failed of(Reason reason, String detail) {
      return new Failed(reason, null, detail, null, null, "");
    }

    static Failed of(Reason reason, int status, String detail) {
      return new Failed(reason, status, detail, null, null, "");
    }

    Failed having(String text) {
      return new Failed(reason, status, detail, phase, retryAfter, text);
    }
  }

  /// Stopped by [ModelCall#cancel].
  record Stopped(String partial) implements ModelAnswer {}

  /// A tool call that the model asks for.
  ///
  /// @param arguments as the model wrote them, which need not be JSON
  record ToolWish(String id, String name, String arguments) {}

  /// Tokens, as the server counts them; 0 where it does not.
  record Usage(long inputTokens, long outputTokens) {

    public static final Usage NONE = new Usage(0, 0);

    static Usage of(JsonNode usage) {
      return new Usage(
          Math.max(0, usage.path("prompt_tokens").asLong()),
          Math.max(0, usage.path("completion_tokens").asLong()));
    }

    Usage plus(Usage other) {
      return new Usage(inputTokens + other.inputTokens, outputTokens + other.outputTokens);
    }

    /// `{"input_tokens","output_tokens"}`
    public ObjectNode json() {
      return Json.object().put("input_tokens", inputTokens).put("output_tokens", outputTokens);
    }
  }

  /// The time limits of a call.
  enum Phase {
    FIRST_TOKEN,
    IDLE,
    TOTAL
  }
}
