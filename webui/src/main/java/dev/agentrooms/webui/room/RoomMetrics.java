package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.ProgressAck;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// What the rooms measure. On the page names are written with underscores, times with `_seconds`,
/// counts with `_total`.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `agentrooms.rooms` | | rooms of this node that have events |
/// | `agentrooms.rooms.empty` | | rooms of this node that are only watched |
/// | `agentrooms.rooms.refused` | | watchers that an empty room had no place for |
/// | `agentrooms.subscribers` | | their subscribers, each once for each room |
/// | `agentrooms.publish.duration` | `outcome` | publishes, from the edge to the room's answer |
/// | `agentrooms.evictions` | | events that left a full history |
/// | `agentrooms.deltas` | | pieces of text that rooms were told of |
/// | `agentrooms.drafts` | | texts that were shown while they were written |
/// | `agentrooms.publish.repeats` | | events that were sent to their rooms again |
/// | `agentrooms.copies` | | rooms of other nodes that are watched here |
/// | `agentrooms.copies.batches` | | batches under way to copies at other nodes |
/// | `agentrooms.copies.searching` | | those of them whose room no node has at the moment |
/// | `agentrooms.copies.follows` | | how often a room of another node was asked for |
/// | `agentrooms.resumes` | `recovered` | subscriptions that named a position |
///
/// What happens for every event and subscriber is an addition to a [LongAdder].
final class RoomMetrics {

  private final MeterRegistry registry;
  private final LongAdder rooms = new LongAdder();
  private final LongAdder subscribers = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder deltas = new LongAdder();
  private final LongAdder drafts = new LongAdder();
  private final LongAdder follows = new LongAdder();
  private final LongAdder repeats = new LongAdder();
  private final LongAdder batches = new LongAdder();
  private final LongAdder searching = new LongAdder();
  private final Timer appended;
  private final Timer duplicates;
  private final Timer failed;
  private final MeterProvider<Counter> resumes;

  RoomMetrics(MeterRegistry registry) {
    this.registry = registry;
    gauge("agentrooms.rooms", "Rooms of this node that have events", rooms);
    gauge("agentrooms.subscribers", "Subscribers of the rooms", subscribers);
    count("agentrooms.rooms.refused", "Watchers that an empty room had no place for", refused);
    count("agentrooms.evictions", "Events that left a full history", evictions);
    count("agentrooms.deltas", "Pieces of text that rooms were told of", deltas);
    count("agentrooms.drafts", "Texts that were shown while they were written", drafts);
    gauge("agentrooms.copies.batches", "Batches under way to copies at other nodes", batches);
    gauge("agentrooms.copies.searching", "Copies whose room no node has", searching);
    count("agentrooms.publish.repeats", "Events that were sent to their rooms again", repeats);
    count("agentrooms.copies.follows", "How often a room of another node was asked for", follows);
    MeterProvider<Timer> publishes =
        Timer.builder("agentrooms.publish.duration")
            .description("Publishes, from the edge to the room's answer")
            .serviceLevelObjectives(
                Stream.of(1, 5, 10, 50, 100, 500, 1_000, 5_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new))
            .withRegistry(registry);
    appended = publishes.withTag("outcome", "appended");
    duplicates = publishes.withTag("outcome", "duplicate");
    failed = publishes.withTag("outcome", "failed");
    resumes =
        Counter.builder("agentrooms.resumes")
            .description("Subscriptions that named a position")
            .withRegistry(registry);
    // A count that has not begun looks to an alert like one that does not exist.
    Stream.of("true", "false").forEach(recovered -> resumes.withTag("recovered", recovered));
  }

  void show(EmptyRooms empty) {
    Gauge.builder("agentrooms.rooms.empty", empty, EmptyRooms::count)
        .description("Rooms of this node that are only watched")
        .register(registry);
  }

  void show(Copies copies) {
    Gauge.builder("agentrooms.copies", copies, Copies::count)
        .description("Rooms of other nodes that are watched here")
        .register(registry);
  }

  void batchesChanged(int by) {
    batches.add(by);
  }

  void publishedAgain() {
    repeats.increment();
  }

  void searchBegun() {
    searching.increment();
  }

  void searchEnded() {
    searching.decrement();
  }

  void followed() {
    follows.increment();
  }

  void emptyRoomRefused() {
    refused.increment();
  }

  void roomOpened() {
    rooms.increment();
  }

  void roomClosed() {
    rooms.decrement();
  }

  void subscribersChanged(int by) {
    subscribers.add(by);
  }

  void wrote() {
    deltas.increment();
  }

  void draftBegun() {
    drafts.increment();
  }

  void evicted() {
    evictions.increment();
  }

  void resumed(boolean recovered) {
    resumes.withTag("recovered", Boolean.toString(recovered)).increment();
  }

  /// @param nanos from the edge to the room's answer
  void published(Published what, long nanos) {
    Timer timer =
        switch (what) {
          case Published.Taken(ProgressAck ack) -> ack.duplicate() ? duplicates : appended;
          case Published.OutOfTurn _ -> duplicates;
          case Refused refused -> failed;
        };
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private void gauge(String name, String what, LongAdder value) {
    Gauge.builder(name, value, LongAdder::sum).description(what).register(registry);
  }

  private void count(String name, String what, LongAdder value) {
    FunctionCounter.builder(name, value, LongAdder::sum).description(what).register(registry);
  }
}
