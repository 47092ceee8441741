package dev.agentrooms.webui.room;

import java.util.function.LongSupplier;

/// When a room was last used. Readers and watchers use it on any thread, the room on its own.
final class LastUse {

  private final LongSupplier nanoClock;
  private volatile long at;

  LastUse(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.at = nanoClock.getAsLong();
  }

  void now() {
    at = nanoClock.getAsLong();
  }

  long nanosAgo() {
    return nanoClock.getAsLong() - at;
  }
}
