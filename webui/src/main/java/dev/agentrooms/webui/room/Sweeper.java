package dev.agentrooms.webui.room;

import dev.agentrooms.http.Recurring;
import dev.agentrooms.store.RoomStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets the stored rooms that nobody has used for as long as one is kept, and that no node holds
/// in memory: a room in memory sees to that itself, and is given some time for it.
final class Sweeper {

  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final RoomStore rooms;
  private final Duration unused;
  private final AtomicBoolean isSweeping = new AtomicBoolean();

  private Sweeper(RoomStore rooms, Duration unused) {
    this.rooms = rooms;
    this.unused = unused;
  }

  /// @param ttl how long an unused room is kept
  static void start(ActorSystem<?> system, RoomStore rooms, Duration ttl) {
    Duration tenth = ttl.dividedBy(10);
    Duration pause =
        tenth.compareTo(SHORTEST) < 0 ? SHORTEST : tenth.compareTo(LONGEST) > 0 ? LONGEST : tenth;
    Sweeper sweeper = new Sweeper(rooms, ttl.plus(pause));
    var _ = Recurring.every(system, pause, "forgetting unused rooms", sweeper::sweep);
  }

  private void sweep() {
    if (isSweeping.compareAndSet(false, true)) {
      some();
    }
  }

  /// The store forgets some at a time.
  private void some() {
    rooms
        .forgetUnused(unused)
        .whenComplete(
            (gone, failure) -> {
              if (failure == null && !gone.isEmpty()) {
                LOG.info("{} unused rooms forgotten", gone.size());
                some();
              } else {
                isSweeping.set(false);
              }
            });
  }
}
