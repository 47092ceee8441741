package dev.agentrooms.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Publishes events over several connections, on the calling thread.
///
/// Where a connection has several requests under way, those that answers make room for go out in
/// one write.
final class Publisher implements AutoCloseable {

  private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

  private final Selector selector;
  private final SendTimes sendTimes;
  private final List<Caller> callers = new ArrayList<>();
  private final List<? extends Request> rooms;
  private final Histogram answers = new Histogram(LONGEST, 3);
  private int next = 1;
  private long answered;
  private boolean isSending;
  private long sendUntil = Long.MAX_VALUE;

  /// How many requests are under way at a time: over so many connections, so many on each.
  record Lines(int connections, int ahead) {
    static Lines of(int connections) {
      return new Lines(connections, 1);
    }
  }

  /// Connects to something.
  interface Dial {
    Link open() throws IOException;
  }

  /// @param rooms written to in turn
  Publisher(Dial dial, SendTimes sendTimes, Lines lines, List<? extends Request> rooms) {
    this.sendTimes = sendTimes;
    this.rooms = rooms;
    int maxBytes = rooms.stream().mapToInt(Request::maxBytes).max().orElse(0);
    try {
      selector = Selector.open();
      for (int i = 0; i < lines.connections(); i++) {
        Caller caller = new Caller(dial.open(), lines.ahead(), maxBytes);
        caller.link().channel().register(selector, SelectionKey.OP_READ, caller);
        callers.add(caller);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How many events have been published, and answered.
  long answered() {
    return answered;
  }

  int failures() {
    return callers.stream().mapToInt(Caller::failures).sum();
  }

  /// From an event's due time until its answer, since the last call.
  Histogram answers() {
    Histogram taken = answers.copy();
    answers.reset();
    return taken;
  }

  /// Each connection sends its next event as soon as it has the answer to the one before.
  void closedLoop(long nanos) {
    long until = System.nanoTime() + nanos;
    isSending = true;
    callers.forEach(this::sendIfWanted);
    while (System.nanoTime() < until) {
      select(1000);
    }
    isSending = false;
    finish();
  }

  /// One event on each connection at the same time; returns when all are answered.
  void burst() {
    long now = System.nanoTime();
    callers.forEach(caller -> send(caller, now));
    finish();
  }

  /// At a fixed rate, whether or not the answers keep up: what has to wait for a free connection is
  /// measured from when it was due.
  void atRate(double perSecond, long nanos) {
    long start = System.nanoTime();
    long count = (long) (perSecond * nanos / 1e9);
    for (long i = 0; i < count; i++) {
      long due = start + (long) (i * 1e9 / perSecond);
      long early;
      while ((early = due - System.nanoTime()) > 0) {
        // Answers are read when they come, not when the next request is due.
        if (early > 2_000_000) {
          select(early / 1_000_000 - 1);
        } else {
          selectNow();
          LockSupport.parkNanos(Math.min(early, 50_000));
        }
      }
      send(free(), due);
    }
    finish();
  }

  /// Each connection sends its next as soon as it can, until `count` more are answered.
  void closedLoopOf(long count) {
    long end = answered + count;
    isSending = true;
    sendUntil = next + count;
    callers.forEach(this::sendIfWanted);
    long until = System.nanoTime() + PATIENCE;
    for (long before = answered; answered < end; ) {
      select(1000);
      if (answered > before) {
        before = answered;
        until = System.nanoTime() + PATIENCE;
      }
      check(until);
    }
    isSending = false;
    sendUntil = Long.MAX_VALUE;
  }

  /// Events to all rooms, once.
  void once() {
    for (int i = 0; i < rooms.size(); i++) {
      send(free(), System.nanoTime());
    }
    finish();
  }

  @Override
  public void close() {
    callers.forEach(caller -> caller.link().close());
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Caller free() {
    long until = System.nanoTime() + PATIENCE;
    selectNow();
    while (true) {
      for (Caller caller : callers) {
        if (caller.hasRoom()) {
          return caller;
        }
      }
      select(1000);
      check(until);
    }
  }

  private void finish() {
    long until = System.nanoTime() + PATIENCE;
    while (!callers.stream().allMatch(Caller::isIdle)) {
      select(1000);
      check(until);
    }
  }

  private static void check(long until) {
    if (System.nanoTime() > until) {
      throw new IllegalStateException("no answer for too long");
    }
  }

  private void sendIfWanted(Caller caller) {
    boolean isAny = false;
    while (next < sendUntil && caller.hasRoom()) {
      add(caller, System.nanoTime());
      isAny = true;
    }
    if (isAny) {
      flush(caller);
    }
  }

  private void send(Caller caller, long due) {
    add(caller, due);
    flush(caller);
  }

  private void add(Caller caller, long due) {
    int number = next++;
    sendTimes.set(number, due);
    caller.add(rooms.get(number % rooms.size()), number, due);
  }

  private static void flush(Caller caller) {
    try {
      caller.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void select(long millis) {
    try {
      selector.select(this::onReady, millis);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void selectNow() {
    try {
      selector.selectNow(this::onReady);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void onAnswer(long due) {
    answered++;
    answers.recordValue(Math.clamp(System.nanoTime() - due, 0, LONGEST));
  }

  private void onReady(SelectionKey key) {
    Caller caller = (Caller) key.attachment();
    try {
      caller.read(this::onAnswer);
      if (isSending) {
        sendIfWanted(caller);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
