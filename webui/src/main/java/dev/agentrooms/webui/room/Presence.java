package dev.agentrooms.webui.room;

import java.time.Duration;

/// How long a room stays in memory: when it was last used, when it is to look at that again, and
/// whether it counts among the empty ones.
final class Presence {

  /// How long an empty room waits for the watcher that has just found it.
  static final Duration FOUND = Duration.ofSeconds(5);

  private final Surroundings around;
  private final RoomWiring wiring;
  private final LastUse lastUse;
  private boolean isCountedAsEmpty;

  Presence(Surroundings around) {
    this.around = around;
    this.wiring = around.wiring();
    this.lastUse = new LastUse(wiring.nanoClock());
  }

  LastUse lastUse() {
    return lastUse;
  }

  /// How much of its time to live is left; nothing or less when it is over.
  Duration left() {
    return wiring.settings().ttl().minusNanos(lastUse.nanosAgo());
  }

  /// One timer runs, and looks what has happened since it was set: setting it anew for each command
  /// would cost more than most commands.
  void lookIn(Duration time) {
    around.timers().startSingleTimer(RoomCommand.Idle.INSTANCE, RoomCommand.Idle.INSTANCE, time);
  }

  /// Counts the room among the empty ones.
  ///
  /// @return false when there are as many as there may be
  boolean countAsEmpty() {
    if (!isCountedAsEmpty && !wiring.empty().enter()) {
      wiring.metrics().emptyRoomRefused();
      return false;
    }
    isCountedAsEmpty = true;
    return true;
  }

  void noLongerEmpty() {
    if (isCountedAsEmpty) {
      isCountedAsEmpty = false;
      wiring.empty().leave();
    }
  }
}
