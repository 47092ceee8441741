package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a session's Server-Sent Events, with a timeout for each.
final class EventStream implements AutoCloseable {

  /// Start with the oldest retained event.
  static final String START = "start";

  /// Start with the next event.
  static final String LIVE = "live";

  /// What can come from a stream.
  sealed interface Signal {}

  /// @param id for `Last-Event-ID`: `epoch:seq`, such as `3f2a:17`
  record Event(String id, JsonNode json) implements Signal {}

  /// A piece of a text that is being written.
  record Delta(JsonNode json) implements Signal {}

  /// The requested position is no longer retained; what is retained follows.
  record Reset(long firstSeq) implements Signal {}

  /// A comment: nothing new, and the connection is alive.
  record Alive() implements Signal {}

  /// The stream has ended.
  record Cut() implements Signal {}

  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final Stream<String> lines;
  private String id = "";
  private String name = "";
  private final StringBuilder data = new StringBuilder();

  EventStream(Stream<String> lines) {
    this.lines = lines;
    Thread.ofVirtual().start(this::read);
  }

  /// The next signal; null when none comes within `patience`.
  @Nullable Signal next(Duration patience) {
    try {
      return signals.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Cut();
    }
  }

  @Override
  public void close() {
    lines.close();
  }

  private void read() {
    try {
      lines.forEach(this::line);
    } catch (UncheckedIOException | IllegalStateException | MalformedJson brokenOrClosed) {
      // However it ends, the reader gets [Ended].
    }
    signals.add(new Cut());
  }

  private void line(String line) {
    if (line.isEmpty()) {
      dispatch();
    } else if (line.startsWith(":")) {
      signals.add(new Alive());
    } else if (line.startsWith("id:")) {
      id = line.substring(3).strip();
    } else if (line.startsWith("event:")) {
      name = line.substring(6).strip();
    } else if (line.startsWith("data:")) {
      data.append(line.substring(5).strip());
    }
  }

  private void dispatch() {
    switch (name) {
      case "progress" -> signals.add(new Event(id, json()));
      case "delta" -> signals.add(new Delta(json()));
      case "reset" -> signals.add(new Reset(json().path("first_seq").asLong()));
      default -> {
        // The end of a comment, or of `lagged`, after which the stream ends.
      }
    }
    name = "";
    data.setLength(0);
  }

  private JsonNode json() {
    return Json.parseAnswer(data.toString().getBytes(StandardCharsets.UTF_8));
  }
}
