package dev.agentrooms.webui.room;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;

/// What rooms share, for rooms without a web UI around them.
final class TestWiring {

  private TestWiring() {}

  /// Rooms whose meters nobody reads.
  static RoomWiring of(int historySize, Duration ttl, int maxEmpty, LongSupplier nanoClock) {
    return of(historySize, ttl, maxEmpty, nanoClock, NoLog.INSTANCE);
  }

  static RoomWiring of(
      int historySize, Duration ttl, int maxEmpty, LongSupplier nanoClock, RoomLog log) {
    return of(historySize, ttl, maxEmpty, nanoClock, log, new SimpleMeterRegistry());
  }

  static RoomWiring of(
      int historySize,
      Duration ttl,
      int maxEmpty,
      LongSupplier nanoClock,
      RoomLog log,
      MeterRegistry registry) {
    return new RoomWiring(
        new RoomSettings(historySize, ttl, maxEmpty),
        new RoomMetrics(registry),
        log,
        new Answers(nanoClock, give -> TestInbox.<RoomCommand.Answer>create().getRef()),
        new ConcurrentHashMap<>(),
        new Copies(),
        new EmptyRooms(maxEmpty),
        new RoomEpochs(),
        new AtomicReference<>(sessionId -> {}),
        nanoClock);
  }
}
