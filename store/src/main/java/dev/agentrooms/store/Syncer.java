package dev.agentrooms.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Syncs committed data to disk (fsync) on a thread of its own, so that the writer never waits for
/// the disk. Writes that need a sync are acknowledged after it, the others at once.
final class Syncer implements Runnable {

  private final Engine.@Nullable Wal wal;
  private final long intervalNanos;
  private final StoreClock clock;
  private final StoreListener listener;
  private final Thread thread;

  // Guarded by this.
  private List<Write> waiting = new ArrayList<>();
  private boolean dirty;
  private boolean closing;

  /// @param wal null when the engine syncs by itself, or nothing needs it
  Syncer(
      Engine.@Nullable Wal wal, StoreSettings settings, StoreClock clock, StoreListener listener) {
    this.wal = wal;
    this.intervalNanos = settings.syncInterval().toNanos();
    this.clock = clock;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("store-sync").daemon().unstarted(this);
  }

  void start() {
    if (wal != null) {
      thread.start();
    }
  }

  /// Acknowledges a committed group, in order.
  void written(List<Write> group, IdentityHashMap<Write, StoreFailure> refused) {
    if (wal != null) {
      synchronized (this) {
        for (Write write : group) {
          if (write.isLasting() && !refused.containsKey(write)) {
            waiting.add(write);
          }
        }
        if (!dirty || !waiting.isEmpty()) {
          notifyAll();
        }
        dirty = true;
      }
    }
    for (Write write : group) {
      StoreFailure why = refused.get(write);
      if (why != null) {
        write.fail(why, listener);
      } else if (wal == null || !write.isLasting()) {
        write.succeed(listener);
      }
    }
  }

  @Override
  public void run() {
    try {
      for (List<Write> group = next(); group != null; group = next()) {
        sync(group);
      }
    } catch (InterruptedException e) {
      // Closed, and its time is over.
    }
  }

  /// The writes that wait for a sync, as soon as there are any; an empty group after the interval,
  /// if there is something to sync; null at the end.
  private synchronized @Nullable List<Write> next() throws InterruptedException {
    while (!dirty && !closing) {
      wait();
    }
    long end = clock.nanos() + intervalNanos;
    for (long left = intervalNanos; waiting.isEmpty() && !closing && left > 0; ) {
      wait(Math.max(1, left / 1_000_000));
      left = end - clock.nanos();
    }
    if (waiting.isEmpty() && !dirty) {
      return null;
    }
    List<Write> group = waiting;
    waiting = new ArrayList<>();
    dirty = false;
    return group;
  }

  private void sync(List<Write> group) {
    long begin = clock.nanos();
    try {
      if (wal != null) {
        wal.sync();
      }
    } catch (IOException e) {
      // After a failed fsync the data may or may not be on disk: the kernel may have dropped the
      // pages.
      listener.warning("what was written could not be synced", e);
      StoreFailure why = new StoreFailure.OutcomeUnknown("the disk failed: " + e.getMessage());
      for (Write write : group) {
        write.lost(why);
        write.fail(why, listener);
      }
      return;
    }
    listener.synced(clock.nanos() - begin);
    group.forEach(write -> write.succeed(listener));
  }

  /// Syncs the rest, and stops.
  void close() throws InterruptedException {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    if (wal != null) {
      thread.join();
    }
  }
}
