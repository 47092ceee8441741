package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// A step of a run, as one line shows it.
///
/// @param first its first event
/// @param last its last one so far
/// @param took its duration; null while that is unknown
record Step(JsonNode first, JsonNode last, State state, @Nullable Duration took) {

  enum State {
    RUNNING,
    DONE,
    FAILED,
    STOPPED,
    /// A remark: an event that belongs to no step.
    REMARK
  }

  static Step of(JsonNode event, State state) {
    JsonNode millis = event.path("meta").path("duration_ms");
    boolean lasted = millis.isNumber() && millis.canConvertToLong() && millis.asLong() >= 0;
    return new Step(event, event, state, lasted ? Duration.ofMillis(millis.asLong()) : null);
  }

  /// The step after another of its events.
  Step then(JsonNode event, State now) {
    return new Step(first, event, now, between(first, event));
  }

  /// The step as ended by an event of another step.
  Step until(JsonNode event, State now) {
    return new Step(first, last, now, between(first, event));
  }

  /// The title that the producer sent; empty when it sent none.
  String title() {
    String given = Words.text(last.path("meta").path("title"));
    return given.isEmpty() ? Words.text(first.path("meta").path("title")) : given;
  }

  /// The latest message.
  String message() {
    return Words.text(last.path("message"));
  }

  /// The name in words, for when there is nothing else: `start_crawl` is "crawl".
  String name() {
    String step = Words.text(first.path("step"));
    return (step.startsWith("start_") ? step.substring("start_".length()) : step).replace('_', ' ');
  }

  private static @Nullable Duration between(JsonNode earlier, JsonNode later) {
    Instant from = time(earlier);
    Instant until = time(later);
    return from == null || until == null ? null : Duration.between(from, until);
  }

  private static @Nullable Instant time(JsonNode event) {
    try {
      return Instant.parse(event.path("ts").asText());
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
