package dev.agentrooms.tools.model;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.agentrooms.tools.model.ModelAnswer.Phase;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The time limits of one call: until the first token, between two, and in all.
final class ModelTimes {

  private final ModelSettings settings;
  private final LongSupplier clock;
  private final ScheduledExecutorService timer;
  private final Consumer<Phase> exceeded;

  // Guarded by this object's lock.
  private @Nullable Future<?> alarm;
  private boolean isOver;

  private volatile long began;
  private volatile long lastToken;
  private volatile boolean hasToken;
  private volatile boolean isStreaming;

  /// @param clock in nanoseconds
  /// @param exceeded told at most once, which limit it was
  ModelTimes(
      ModelSettings settings,
      LongSupplier clock,
      ScheduledExecutorService timer,
      Consumer<Phase> exceeded) {
    this.settings = settings;
    this.clock = clock;
    this.timer = timer;
    this.exceeded = exceeded;
  }

  void begin() {
    began = clock.getAsLong();
  }

  /// @param streams whether its tokens can be seen
  void exchange(boolean streams) {
    isStreaming = streams;
    watch();
  }

  void token() {
    lastToken = clock.getAsLong();
    if (!hasToken) {
      hasToken = true;
      watch();
    }
  }

  synchronized void end() {
    isOver = true;
    if (alarm != null) {
      alarm.cancel(false);
    }
  }

  private synchronized void watch() {
    if (alarm != null) {
      alarm.cancel(false);
    }
    if (!isOver) {
      alarm = timer.schedule(this::look, Math.max(0, due() - clock.getAsLong()), NANOSECONDS);
    }
  }

  private void look() {
    if (due() - clock.getAsLong() > 0) {
      watch();
    } else {
      exceeded.accept(
          due() == totalDue() ? Phase.TOTAL : hasToken ? Phase.IDLE : Phase.FIRST_TOKEN);
    }
  }

  private long totalDue() {
    return began + settings.timeout().toNanos();
  }

  // How soon the first token of an answer comes that is not streamed cannot be seen.
  private long due() {
    if (!isStreaming) {
      return totalDue();
    }
    long next =
        hasToken
            ? lastToken + settings.idleTimeout().toNanos()
            : began + settings.firstTokenTimeout().toNanos();
    return totalDue() - next < 0 ? totalDue() : next;
  }
}
