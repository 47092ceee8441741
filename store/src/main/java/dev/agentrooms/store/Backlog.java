package dev.agentrooms.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What waits for one writer, in order, within bounds of number and of size.
final class Backlog {

  static final int MAX_BYTES = 64 * 1024 * 1024;

  // What goes into one transaction. A larger one would let the first wait for the last.
  private static final int MAX_GROUP = 1000;
  private static final int MAX_GROUP_BYTES = 4 * 1024 * 1024;

  private final LinkedBlockingQueue<Write> writes = new LinkedBlockingQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final int maxWaiting;

  Backlog(int maxWaiting) {
    this.maxWaiting = maxWaiting;
  }

  /// @return whether there was room for it
  boolean offer(Write write) {
    if (writes.size() >= maxWaiting || bytes.get() > MAX_BYTES) {
      return false;
    }
    bytes.addAndGet(write.bytes());
    writes.add(write);
    return true;
  }

  /// What is to be written together; waits for a first one.
  List<Write> take(long millis) throws InterruptedException {
    List<Write> group = new ArrayList<>();
    Write next = writes.poll(millis, TimeUnit.MILLISECONDS);
    int size = 0;
    while (next != null) {
      bytes.addAndGet(-next.bytes());
      size += next.bytes();
      group.add(next);
      next = group.size() < MAX_GROUP && size < MAX_GROUP_BYTES ? writes.poll() : null;
    }
    return group;
  }

  /// Takes the next one out; null when there is none.
  @Nullable Write poll() {
    Write next = writes.poll();
    if (next != null) {
      bytes.addAndGet(-next.bytes());
    }
    return next;
  }

  /// Ends waiting for a first one.
  void wake() {
    writes.add(Write.NONE);
  }

  int size() {
    return writes.size();
  }
}
