package dev.agentrooms.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/// All the sockets of a work, read by one thread.
final class Watchers implements AutoCloseable, Watcher.Sink {

  private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
  private static final int AT_ONCE = 200;
  private static final int UNDER_WAY = 1000;
  // Of compressed messages.
  private static final int LOOKED_INTO = 16;

  /// What a message's due time is to be found by; -1 when it does not count.
  interface Key {
    int find(Watcher watcher, ByteBuffer in, int from, int end);
  }

  private final Selector selector;
  private final SendTimes sendTimes;
  private final Key key;
  private final Thread thread;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(512 * 1024);
  private final boolean deflates;
  private final Inflater inflater = new Inflater(true);
  private final byte[] inflated = new byte[64 * 1024];
  private final List<Watcher> watchers = new ArrayList<>();
  private final SingleWriterRecorder latencies = new SingleWriterRecorder(LONGEST, 3);
  private volatile boolean isStopped;
  private volatile @Nullable RuntimeException failure;
  // Written by the thread alone.
  private volatile long received;
  private volatile long lastReceivedAt;
  private volatile long arrived;
  private long receivedHere;
  private volatile long wanted = Long.MAX_VALUE;
  private volatile @Nullable Thread waiting;

  /// For events that carry their number.
  ///
  /// @param deflates whether the sockets ask for permessage-deflate
  Watchers(SendTimes sendTimes, boolean deflates) {
    Event.Finder finder = new Event.Finder();
    this(sendTimes, (watcher, in, from, end) -> finder.find(in, from, end), deflates);
  }

  Watchers(SendTimes sendTimes, Key key, boolean deflates) {
    this.sendTimes = sendTimes;
    this.deflates = deflates;
    this.key = key;
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = new Thread(this::run, "watchers");
    thread.setDaemon(true);
    thread.start();
  }

  /// Connects `count` sockets to `rooms` rooms in turn, upgrades them, and returns when all are
  /// open.
  List<Watcher> open(Running running, int count, int rooms) {
    List<Watcher> all = connect(running, count, rooms, false);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<Watcher> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      begin(some);
      await("upgrades", 20, () -> some.stream().allMatch(Watcher::isOpen));
    }
    return all;
  }

  /// Opens sockets as fast as they are accepted, like clients after a restart of the server; a
  /// bounded number at a time, so that none has to retry. Returns when all are in their rooms.
  void openAll(Running running, int count, int rooms) {
    await("all in their rooms", 120, () -> beginUntil(running, count, rooms));
  }

  private boolean beginUntil(Running running, int count, int rooms) {
    try {
      while (watchers.size() < count && watchers.size() - arrived < UNDER_WAY) {
        Link link = Link.begin(running.address());
        Watcher watcher = Watcher.on(link, running, watchers.size() % rooms, false, deflates);
        boolean isConnected = link.channel().isConnected();
        if (isConnected) {
          watcher.begin();
        }
        link.channel()
            .register(
                selector, isConnected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, watcher);
        watchers.add(watcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    selector.wakeup();
    return arrived == count;
  }

  /// Connects sockets that say nothing yet.
  List<Watcher> connect(Running running, int count, int rooms, boolean replay) {
    List<Watcher> added = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        Watcher watcher = Watcher.on(running.dial(), running, i % rooms, replay, deflates);
        watcher.link().channel().register(selector, SelectionKey.OP_READ, watcher);
        added.add(watcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    watchers.addAll(added);
    selector.wakeup();
    return added;
  }

  void begin(List<Watcher> some) {
    try {
      for (Watcher watcher : some) {
        watcher.begin();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads nothing more from this socket, and leaves it open.
  void leaveUnread(Watcher watcher) {
    watcher.link().channel().keyFor(selector).interestOps(0);
  }

  /// Closes all sockets.
  void dismiss() {
    watchers.forEach(Watcher::close);
    watchers.clear();
  }

  /// How many events all sockets have got.
  long received() {
    return received;
  }

  long lastReceivedAt() {
    return lastReceivedAt;
  }

  long closed() {
    return watchers.stream().filter(Watcher::isClosed).count();
  }

  int size() {
    return watchers.size();
  }

  /// From an event's due time until a socket had it, since the last call.
  Histogram latencies() {
    return latencies.getIntervalHistogram();
  }

  /// Waits until `count` events have come in all.
  ///
  /// @return whether they have come in time
  boolean awaitReceived(long count, long timeoutNanos) {
    long until = System.nanoTime() + timeoutNanos;
    waiting = Thread.currentThread();
    wanted = count;
    while (received < count && System.nanoTime() < until && failure == null) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
    wanted = Long.MAX_VALUE;
    check();
    return received >= count;
  }

  /// Waits for something that takes a moment.
  void await(String what, int seconds, BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.getAsBoolean()) {
      check();
      if (System.nanoTime() > until) {
        throw new IllegalStateException(what + ": not within " + seconds + " s");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Override
  public void onText(Watcher watcher, ByteBuffer in, int from, int end, long now) {
    int number = key.find(watcher, in, from, end);
    if (number >= 0) {
      watcher.sawEvent();
      receivedHere++;
      latencies.recordValue(Math.clamp(now - sendTimes.get(number), 0, LONGEST));
    }
  }

  /// One in some is looked into; counting is all that is done with the others.
  @Override
  public void onDeflated(Watcher watcher, ByteBuffer in, int from, int end, long now) {
    watcher.sawEvent();
    if (receivedHere++ % LOOKED_INTO == 0) {
      inflater.reset();
      try {
        inflater.setInput(in.slice(from, end - from));
        int size = inflater.inflate(inflated);
        int number = key.find(watcher, ByteBuffer.wrap(inflated), 0, size);
        latencies.recordValue(Math.clamp(now - sendTimes.get(number), 0, LONGEST));
      } catch (DataFormatException e) {
        throw new IllegalStateException("what was compressed cannot be read", e);
      }
    }
  }

  @Override
  public void close() {
    isStopped = true;
    selector.wakeup();
    try {
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watchers.forEach(Watcher::close);
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run() {
    try {
      while (!isStopped) {
        selector.select(this::onReady, 100);
      }
    } catch (IOException | RuntimeException e) {
      failure = new IllegalStateException("reading failed: " + e.getMessage(), e);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes
  private void onReady(SelectionKey key) {
    Watcher watcher = (Watcher) key.attachment();
    if (key.isConnectable()) {
      onConnected(key, watcher);
      return;
    }
    boolean wasIn = watcher.isIn();
    watcher.read(buffer, this);
    if (!wasIn && watcher.isIn()) {
      arrived++;
    }
    if (watcher.isClosed()) {
      key.cancel();
    }
    if (receivedHere != received) {
      lastReceivedAt = System.nanoTime();
      received = receivedHere;
      if (receivedHere >= wanted) {
        LockSupport.unpark(waiting);
      }
    }
  }

  private static void onConnected(SelectionKey key, Watcher watcher) {
    try {
      watcher.link().channel().finishConnect();
      key.interestOps(SelectionKey.OP_READ);
      watcher.begin();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void check() {
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
  }
}
