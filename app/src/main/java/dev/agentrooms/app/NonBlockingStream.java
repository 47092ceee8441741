package dev.agentrooms.app;

import dev.agentrooms.http.DroppedLines;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/// An output stream that never blocks its writer: writes go into a bounded queue, which a thread
/// of its own drains. A pipe that nobody reads takes 64 KB and then blocks its writer; a log line
/// must not block a run.
///
/// When the queue is full, whole writes are dropped, and their lines counted. The count is
/// reported once there is room again.
final class NonBlockingStream extends OutputStream {

  private final OutputStream out;
  private final int capacity;
  private final LongConsumer dropped;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
  private int queued;
  private boolean isWriting;
  private long untold;

  /// @param capacity of the queue, in bytes
  /// @param dropped gets the number of lost lines, on the stream's own thread, and must not block
  NonBlockingStream(String name, OutputStream out, int capacity, LongConsumer dropped) {
    this.out = out;
    this.capacity = capacity;
    this.dropped = dropped;
    Thread.ofPlatform().daemon().name(name).start(this::empty);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    lock.lock();
    try {
      if (queued + length > capacity) {
        long lines = lines(bytes, from, length);
        untold += lines;
        DroppedLines.add(lines);
      } else {
        queue.add(Arrays.copyOfRange(bytes, from, from + length));
        queued += length;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Flushes: waits until everything is written, at most for `patience`.
  void drain(Duration patience) {
    long left = patience.toNanos();
    lock.lock();
    try {
      while ((isWriting || !queue.isEmpty()) && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void empty() {
    while (true) {
      byte[] next = next();
      try {
        out.write(next);
        out.flush();
      } catch (IOException nobodyReads) {
        DroppedLines.add(lines(next, 0, next.length));
      }
      tellWhatWasDropped();
    }
  }

  private byte[] next() {
    lock.lock();
    try {
      isWriting = false;
      changed.signalAll();
      while (queue.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      isWriting = true;
      byte[] next = queue.remove();
      queued -= next.length;
      return next;
    } finally {
      lock.unlock();
    }
  }

  // Only once there is room for the report itself.
  private void tellWhatWasDropped() {
    long lines;
    lock.lock();
    try {
      lines = queued > capacity / 2 ? 0 : untold;
      untold -= lines;
    } finally {
      lock.unlock();
    }
    if (lines > 0) {
      dropped.accept(lines);
    }
  }

  private static long lines(byte[] bytes, int from, int length) {
    long lines = 0;
    for (int i = from; i < from + length; i++) {
      lines += bytes[i] == '\n' ? 1 : 0;
    }
    return Math.max(1, lines);
  }
}
