package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A capability of another service: how it is called, what it takes and gives, and how often.
///
/// @param title what a call of it is about, in a few words
/// @param description for a model that may choose it
/// @param parameters of its arguments, which are checked before each call; null when any will do
/// @param timeout of one attempt, the whole answer included
/// @param idempotent whether doing it twice is as good as once, though its method does not say so
/// @param approve whether a person must agree to each call
/// @param shown members of arguments and answer that events show as figures: a number as it is, of
/// an array how long it is
public record Tool(
    String name,
    String title,
    @Nullable String description,
    HttpTemplate http,
    @Nullable Schema parameters,
    Answer answer,
    Duration timeout,
    Retry retry,
    boolean idempotent,
    boolean approve,
    List<String> shown) {

  /// @param isText whether the answer is a text rather than JSON
  /// @param result where in the answer the tool's result is; empty when the answer is the result
  public record Answer(boolean isText, @Nullable Schema schema, List<String> result) {
    public Answer {
      result = List.copyOf(result);
    }
  }

  /// @param attempts how many there may be, the first included
  /// @param delay before each but the first
  /// @param maxDelay how long a service may ask us to wait instead (`Retry-After`)
  public record Retry(int attempts, Duration delay, Duration maxDelay) {}

  public Tool {
    shown = List.copyOf(shown);
  }

  /// How long to wait before the next attempt; empty when there is to be none.
  ///
  /// @param attempts how many there were
  public Optional<Duration> pauseAfter(ToolResult.Failed failure, int attempts) {
    if (attempts >= retry.attempts() || !mayBeTriedAgainAfter(failure)) {
      return Optional.empty();
    }
    Duration asked = failure.retryAfter() == null ? Duration.ZERO : failure.retryAfter();
    Duration wait = asked.compareTo(retry.maxDelay()) > 0 ? retry.maxDelay() : asked;
    return Optional.of(wait.compareTo(retry.delay()) > 0 ? wait : retry.delay());
  }

  // After a refusal nothing was done. Otherwise it may have been.
  private boolean mayBeTriedAgainAfter(ToolResult.Failed failure) {
    Integer status = failure.status();
    return switch (failure.reason()) {
      case CONNECTION_REFUSED -> true;
      case HTTP_STATUS ->
          status != null && (status == 429 || status == 503 || (status >= 500 && isRepeatable()));
      case TIMEOUT -> isRepeatable();
      case CONNECTION_LOST,
          INVALID_ANSWER,
          ANSWER_TOO_LARGE,
          TEMPLATE,
          INVALID_ARGUMENTS,
          NOTHING_TO_GRADE ->
          false;
    };
  }

  /// Whether calling it twice does no more than calling it once.
  public boolean isRepeatable() {
    return idempotent || http.isIdempotent();
  }

  /// The few figures that say at a glance what went in or came out.
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
