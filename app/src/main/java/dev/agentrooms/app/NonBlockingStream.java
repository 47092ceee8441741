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

/// A stream that never holds up who writes to it: what is written goes into a bounded queue, which
/// a thread of its own empties. A pipe takes 64 KB when nobody reads it, and then makes its writer
/// wait, for ever if need be; a log line must not cost a run that.
///
/// What finds the queue full is dropped, whole writes at a time, and counted in lines. The count is
/// told as soon as the reader has made room again.
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
  /// @param dropped told how many lines are lost, on the stream's own thread, which is not to block
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

  /// Waits until everything is written, at most for `patience`.
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

  // Not before there is room for what will be written about it.
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
