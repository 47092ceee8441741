package dev.agentrooms.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// K: a text that is being written into one room, in as many pieces a second as a session makes of
/// 100 tokens, and what the same sockets cost while nothing is written. That pieces are no history
/// is checked. Where a socket gets several at a time, they are one, and the last counts.
record WrittenText(int sockets, Span span) implements Work {

  private static final double PER_SECOND = 20;
  private static final Metric CPU = new Metric("server CPU, % of a core", false);
  private static final Metric CPU_WITHOUT = new Metric("the same without a text", false);

  @Override
  public String id() {
    return "K";
  }

  @Override
  public String title() {
    return String.format(
        Locale.ROOT, "1 room × %d, %.0f pieces of a text each second", sockets, PER_SECOND);
  }

  @Override
  public Optional<String> impossible(Server server) {
    return server instanceof AgentRoomsServer
        ? Optional.empty()
        : Optional.of("it has events alone");
  }

  @Override
  public Measured run(Running running) {
    // Pieces of a text have an order, which one connection keeps.
    try (Load load =
        new Load(
            running,
            sockets,
            1,
            Publisher.Lines.of(1),
            false,
            List.of(new Piece(running.server())))) {
      load.publisher.atRate(PER_SECOND, span.warmUpNanos());
      load.begin();
      double before = running.usage().cpuSeconds();
      load.publisher.atRate(PER_SECOND, span.measureNanos());
      double written = running.usage().cpuSeconds();
      Measured.Builder measured = load.counted(Metric.DELIVERIES);
      double idleFrom = running.usage().cpuSeconds();
      Idle.pause(span.measure());
      double idle = running.usage().cpuSeconds() - idleFrom;
      checkHistory(running);
      return measured
          .millis(Metric.ANSWER_P99, load.publisher.answers(), 99)
          .and(CPU, 100 * (written - before) / span.measure())
          .and(CPU_WITHOUT, 100 * idle / span.measure())
          .done();
    }
  }

  /// The room has the one event that began it, and no piece.
  private static void checkHistory(Running running) {
    String url =
        "http://127.0.0.1:"
            + running.address().getPort()
            + "/api/messages?session_id="
            + Request.room(0);
    try (var in = URI.create(url).toURL().openStream()) {
      String messages = new String(in.readAllBytes(), UTF_8);
      if (!messages.contains("\"first_seq\":1,\"last_seq\":1,")) {
        throw new IllegalStateException("the text is in the history: " + messages);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next piece: five tokens, and its number, by which the receiver looks up when it was due.
  private static final class Piece implements Request {

    private static final String TOKENS = "some words that a model ";

    private final Request event;
    private boolean hasBegun;
    private long offset;

    Piece(Server server) {
      event = Event.toAll(server, 1, false).getFirst();
    }

    @Override
    public void render(int number, ByteBuffer out) {
      if (!hasBegun) {
        // A room without an event shows no text.
        hasBegun = true;
        event.render(number, out);
        return;
      }
      String text = String.format(Locale.ROOT, "%s@@%08x", TOKENS, number);
      String body =
          "{\"session_id\":\""
              + Request.room(0)
              + "\",\"run_id\":\"r\",\"part\":\"draft\",\"offset\":"
              + offset
              + ",\"text\":\""
              + text
              + "\"}";
      offset += text.length();
      out.put(Request.post("/api/agent/deltas", body).getBytes(US_ASCII));
    }
  }
}
