package dev.agentrooms.bench;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// L: events as large as they may be, to many sockets, one of which stops reading.
record Large(int sockets, double perSecond, Span span) implements Work {

  private static final int BYTES = 1024 * 1024;
  private static final Metric MEGABYTES = new Metric("MB/s", true);
  private static final Metric GROWTH = new Metric("memory grew at most by, MB", false);
  private static final Metric AFTERWARDS = new Metric("and is larger afterwards by, MB", false);

  @Override
  public String id() {
    return "L";
  }

  @Override
  public String title() {
    return "1 room × " + sockets + " and one that reads nothing, events of 1 MiB";
  }

  @Override
  public int maxRounds() {
    return 1;
  }

  @Override
  public Optional<String> impossible(Server server) {
    return server instanceof AgentRoomsServer
        ? Optional.empty()
        : Optional.of("it is set up for small events");
  }

  @Override
  public Measured run(Running running) {
    Growing event = new Growing(running.server());
    try (Load load = new Load(running, sockets, 1, Publisher.Lines.of(1), false, List.of(event))) {
      event.isLarge = true;
      load.watchers.leaveUnread(load.watchers.open(running, 1, 1).getFirst());
      double before = running.usage().memoryKb();
      double most = before;
      load.begin();
      for (double left = span.measure() * perSecond; left > 0; left--) {
        load.publisher.atRate(perSecond, (long) (1e9 / perSecond));
        most = Math.max(most, running.usage().memoryKb());
      }
      Measured counted = load.end(Metric.DELIVERIES).done();
      most = Math.max(most, running.usage().memoryKb());
      Idle.pause(span.warmUp());
      Measured.Builder measured =
          Measured.of(
              MEGABYTES, counted.values().getOrDefault(Metric.DELIVERIES, 0.0) * BYTES / 1e6);
      counted.values().forEach(measured::and);
      return measured
          .and(GROWTH, (most - before) / 1024)
          .and(AFTERWARDS, (running.usage().memoryKb() - before) / 1024)
          .done();
    }
  }

  /// Small until all are in the room.
  private static final class Growing implements Request {

    private final Request small;
    private final Request large;
    private boolean isLarge;

    Growing(Server server) {
      small = Event.toAll(server, 1, false).getFirst();
      large = Event.toAll(server, 1, BYTES).getFirst();
    }

    @Override
    public int maxBytes() {
      return large.maxBytes();
    }

    @Override
    public void render(int number, ByteBuffer out) {
      (isLarge ? large : small).render(number, out);
    }
  }
}
