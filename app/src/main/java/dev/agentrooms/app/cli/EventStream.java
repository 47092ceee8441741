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

/// A session's Server-Sent Events, as far as they have come, without waiting for ever.
final class EventStream implements AutoCloseable {

  /// Where to begin: with all that is retained.
  static final String START = "start";

  /// Where to begin: with what happens from now on.
  static final String LIVE = "live";

  /// What a stream says.
  sealed interface Signal {}

  /// @param id what to resume behind
  record Event(String id, JsonNode json) implements Signal {}

  /// What was asked for is not retained any more; what is follows.
  record Reset(long firstSeq) implements Signal {}

  /// Nothing new, but the server is there.
  record Alive() implements Signal {}

  /// Nothing more will come from this stream.
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

  /// The next signal, or null when there is none for `patience`.
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
      // Either way it is over, which is what the reader is told.
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
      case "reset" -> signals.add(new Reset(json().path("first_seq").asLong()));
      default -> {
        // A comment's end; or `lagged`, behind which the stream ends.
      }
    }
    name = "";
    data.setLength(0);
  }

  private JsonNode json() {
    return Json.parseAnswer(data.toString().getBytes(StandardCharsets.UTF_8));
  }
}
