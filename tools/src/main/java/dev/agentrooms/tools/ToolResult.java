package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How one attempt at a tool ended.
public sealed interface ToolResult {

  /// @param output what the tool answered, checked
  record Succeeded(JsonNode output) implements ToolResult {}

  /// @param status of the HTTP answer, when there was one
  /// @param detail for the log and the watchers, without the tool's own words
  /// @param retryAfter how long the service asks us to wait, when it does
  record Failed(
      Reason reason, @Nullable Integer status, String detail, @Nullable Duration retryAfter)
      implements ToolResult {

    public Failed(Reason reason, @Nullable Integer status, String detail) {
      this(reason, status, detail, null);
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
    /// A template names a value that is not there, or that does not fit where it is to stand.
    TEMPLATE,
    /// The arguments are not what the tool takes.
    INVALID_ARGUMENTS,
    NOTHING_TO_GRADE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
