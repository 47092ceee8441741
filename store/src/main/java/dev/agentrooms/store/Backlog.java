package dev.agentrooms.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The queue of one writer, bounded by number and bytes.
final class Backlog {

  static final int MAX_BYTES = 64 * 1024 * 1024;

  // The most writes of one transaction. In a larger one the first would wait long for the last.
  private static final int MAX_GROUP = 1000;
  private static final int MAX_GROUP_BYTES = 4 * 1024 * 1024;

  private final LinkedBlockingQueue<Write> writes = new LinkedBlockingQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final int maxWaiting;

  Backlog(int maxWaiting) {
    this.maxWaiting = maxWaiting;
  }

  /// @return false when the queue is full
  boolean offer(Write write) {
    if (writes.size() >= maxWaiting || bytes.get() > MAX_BYTES) {
      return false;
    }
    bytes.addAndGet(write.bytes());
    writes.add(write);
    return true;
  }

  /// Takes the next group for one transaction; blocks until there is a first write.
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

  /// Takes the next write; null when the queue is empty.
  @Nullable Write poll() {
    Write next = writes.poll();
    if (next != null) {
      bytes.addAndGet(-next.bytes());
    }
    return next;
  }

  /// Wakes a writer that waits for the next group.
  void wake() {
    writes.add(Write.NONE);
  }

  int size() {
    return writes.size();
  }
}
