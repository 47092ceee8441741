package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The outcome of one attempt at a tool call.
public sealed interface ToolResult {

  /// @param output the tool's result, validated
  /// @param meta further members of `meta` for watchers
  /// @param hidden kept with the session, and never shown
  record Succeeded(JsonNode output, ObjectNode meta, Hidden hidden) implements ToolResult {

    public Succeeded(JsonNode output) {
      this(output, Json.object());
    }

    public Succeeded(JsonNode output, ObjectNode meta) {
      this(output, meta, Hidden.NONE);
    }

    public Succeeded(JsonNode output, Hidden hidden) {
      this(output, Json.object(), hidden);
    }
  }

  /// @param status of the HTTP answer; null without one
  /// @param detail for log and watchers; text from the tool itself only in a
  ///     failure that it reports
  /// @param retryAfter the pause that the service asks for; null when it does not
  /// @param meta further members of `meta` for watchers
  record Failed(
      Reason reason,
      @Nullable Integer status,
      String detail,
      @Nullable Duration retryAfter,
      ObjectNode meta)
      implements ToolResult {

    public Failed {
      // In whose words ever, it is kept and shown.
      detail = Halves.mended(detail);
    }

    public Failed(
        Reason reason, @Nullable Integer status, String detail, @Nullable Duration retryAfter) {
      this(reason, status, detail, retryAfter, Json.object());
    }

    public Failed(Reason reason, @Nullable Integer status, String detail) {
      this(reason, status, detail, null);
    }
  }

  /// Stopped by [Toolbox.Attempt#cancel], after a cancel or a timeout.
  ///
  /// @param meta further members of `meta` for watchers
  record Stopped(ObjectNode meta) implements ToolResult {

    public Stopped() {
      this(Json.object());
    }
  }

  /// It cannot go on before a person has answered. Then it is called again, with the answers as its
  /// arguments ([RemoteAnswer]).
  ///
  /// @param requests put to the person one after the other
  /// @param meta further members of `meta` for watchers
  record Asks(List<InputRequest> requests, ObjectNode meta) implements ToolResult {

    public Asks(List<InputRequest> requests) {
      this(requests, Json.object());
    }

    public Asks {
      requests = List.copyOf(requests);
      if (requests.isEmpty()) {
        throw new IllegalArgumentException("nothing is asked");
      }
    }
  }

  /// Why an attempt failed: the values of `meta.reason`.
  enum Reason {
    CONNECTION_REFUSED,
    CONNECTION_LOST,
    TIMEOUT,
    HTTP_STATUS,
    INVALID_ANSWER,
    ANSWER_TOO_LARGE,
    /// A template's value is missing, or invalid in its place.
    TEMPLATE,
    /// The arguments violate the tool's schema.
    INVALID_ARGUMENTS,
    NOTHING_TO_GRADE,
    /// The notes have not one good question about the topic.
    NOT_ENOUGH_NOTES,
    /// The exam was never made in this session, or is forgotten.
    UNKNOWN_EXAM,
    /// No connection to the model's server.
    MODEL_UNREACHABLE,
    /// The model's server does not take the key.
    MODEL_AUTH,
    /// The model's server does not take the request.
    MODEL_REJECTED,
    /// The model's server reported an error in the middle of its answer.
    MODEL_FAILED,
    /// The model's answer was cut off at the length that it may have.
    TRUNCATED,
    /// The model, or a filter, refuses to answer.
    REFUSED,
    /// One of the time limits of a model's answer was exceeded.
    TIMED_OUT,
    /// What was called says itself that it failed.
    REMOTE_FAILED,
    /// A workflow's patterns stand for more tools than it may have.
    TOO_MANY_TOOLS,
    /// A tool in Java has thrown.
    TOOL_FAILED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
