package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How one attempt at a tool ended.
public sealed interface ToolResult {

  /// @param output what the tool answered, checked
  record Succeeded(JsonNode output) implements ToolResult {}

  /// @param status of the HTTP answer, when there was one
  /// @param detail for the log and the watchers, without the tool's own words
  record Failed(Reason reason, @Nullable Integer status, String detail) implements ToolResult {

    /// Whether the tool did nothing, so that it may be tried once more.
    public boolean isRetryable() {
      return reason == Reason.CONNECTION_REFUSED
          || (status != null && (status == 429 || status == 503));
    }
  }

  /// It stopped because it was told to.
  record Stopped() implements ToolResult {}

  /// Why an attempt failed, as `meta.reason` says it.
  enum Reason {
    CONNECTION_REFUSED,
    CONNECTION_LOST,
    TIMEOUT,
    HTTP_STATUS,
    INVALID_ANSWER,
    ANSWER_TOO_LARGE,
    NOTHING_TO_GRADE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
