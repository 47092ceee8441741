package dev.agentrooms.http.edge;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes a server holds of the bodies of requests that are not answered yet, up to a
/// limit. Each body has its own bound; this one is for thousands that come slowly and at once.
final class BodyMemory {

  private final long max;
  private final AtomicLong held = new AtomicLong();

  BodyMemory(long max) {
    this.max = max;
  }

  /// Whether there is room for so many more; then they must be [#give]n back one day.
  boolean take(int bytes) {
    if (held.addAndGet(bytes) > max) {
      held.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void give(long bytes) {
    if (bytes > 0) {
      held.addAndGet(-bytes);
    }
  }

  long held() {
    return held.get();
  }
}
