package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.InvalidField;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Something that a run can call, usually a declared HTTP call of another service: request, schemas
/// of arguments and answer, timeout, retries.
///
/// @param title shown to people for each call
/// @param description for a model that may choose it
/// @param http null for one that is not called over HTTP as a file declares it
/// @param parameters schema of the arguments, checked before each call; null for any
/// @param timeout of one attempt, until its answer is complete
/// @param idempotent whether a call may be repeated although its HTTP method is not idempotent
/// @param approve whether a person must agree to each call
/// @param shown members of arguments and answer that events show as figures: a number itself, an
///     array by its length
/// @param once whether a call that a crash of ours interrupted is not made again, because nobody
///     knows what it has done
/// @param edit whether who must agree may also change the arguments
public record Tool(
    String name,
    String title,
    @Nullable String description,
    @Nullable HttpTemplate http,
    @Nullable Schema parameters,
    Answer answer,
    Duration timeout,
    Retry retry,
    boolean idempotent,
    boolean approve,
    List<String> shown,
    boolean once,
    boolean edit) {

  /// @param isText whether the answer is text rather than JSON
  /// @param result path of the tool's result within the answer; empty for the whole answer
  public record Answer(boolean isText, @Nullable Schema schema, List<String> result) {
    public Answer {
      result = List.copyOf(result);
    }
  }

  /// @param attempts the most attempts, the first included
  /// @param delay pause before each attempt but the first
  /// @param maxDelay the longest pause that a service may ask for (`Retry-After`)
  public record Retry(int attempts, Duration delay, Duration maxDelay) {}

  public Tool {
    shown = List.copyOf(shown);
  }

  /// The same tool with these limits.
  Tool within(Duration limit, Retry again) {
    return new Tool(
        name,
        title,
        description,
        http,
        parameters,
        answer,
        limit,
        again,
        idempotent,
        approve,
        shown,
        once,
        edit);
  }

  /// @throws InvalidField when these are no arguments for it
  public void check(JsonNode arguments) {
    if (parameters != null) {
      parameters.check("arguments", arguments);
    }
  }

  /// The pause before the next attempt; empty when there is no further one.
  ///
  /// @param attempts the number of attempts so far
  public Optional<Duration> pauseAfter(ToolResult.Failed failure, int attempts) {
    if (attempts >= retry.attempts() || !mayBeTriedAgainAfter(failure)) {
      return Optional.empty();
    }
    Duration asked = failure.retryAfter() == null ? Duration.ZERO : failure.retryAfter();
    Duration wait = asked.compareTo(retry.maxDelay()) > 0 ? retry.maxDelay() : asked;
    return Optional.of(wait.compareTo(retry.delay()) > 0 ? wait : retry.delay());
  }

  // After a refused connection, 429 or 503 nothing was done. After other failures it may have been.
  private boolean mayBeTriedAgainAfter(ToolResult.Failed failure) {
    Integer status = failure.status();
    return switch (failure.reason()) {
      case CONNECTION_REFUSED, MODEL_UNREACHABLE -> true;
      case HTTP_STATUS ->
          status != null && (status == 429 || status == 503 || (status >= 500 && isRepeatable()));
      case TIMEOUT -> isRepeatable();
      case CONNECTION_LOST,
          INVALID_ANSWER,
          ANSWER_TOO_LARGE,
          TEMPLATE,
          INVALID_ARGUMENTS,
          NOTHING_TO_GRADE,
          NOT_ENOUGH_NOTES,
          UNKNOWN_EXAM,
          MODEL_AUTH,
          MODEL_REJECTED,
          MODEL_FAILED,
          TRUNCATED,
          REFUSED,
          TIMED_OUT,
          REMOTE_FAILED,
          TOO_MANY_TOOLS,
          TOOL_FAILED ->
          false;
    };
  }

  /// Whether it calls this service.
  public boolean calls(URI service) {
    return http != null && http.url().isBelow(service);
  }

  /// Whether repeating a call has no further effect.
  public boolean isRepeatable() {
    return idempotent || (http != null && http.isIdempotent());
  }

  /// What its request names.
  List<ValuePath> paths() {
    return http == null ? List.of() : http.paths();
  }

  /// Adds the figures of `shown` that arguments or answer have.
  public void showFigures(@Nullable JsonNode value, ObjectNode meta) {
    if (value == null) {
      return;
    }
    for (String name : shown) {
      JsonNode member = value.path(name);
      if (member.isNumber()) {
        meta.set(name, member);
      } else if (member.isArray()) {
        meta.put(name, member.size());
      }
    }
  }
}
