package dev.agentrooms.webui.watch;

import java.util.function.LongSupplier;

/// So many a second, and so many at once after a pause: a token bucket. Not for several threads.
final class RateLimit {

  /// @param perSecond how fast the bucket fills
  /// @param burst how much it holds
  record Rate(int perSecond, int burst) {}

  private final Rate rate;
  private final LongSupplier nanoClock;
  private double tokens;
  private long filledAt;

  RateLimit(Rate rate, LongSupplier nanoClock) {
    this.rate = rate;
    this.nanoClock = nanoClock;
    this.tokens = rate.burst();
    this.filledAt = nanoClock.getAsLong();
  }

  /// Whether one more is within the rate.
  boolean take() {
    fill();
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  /// Whether nothing was taken of late.
  boolean isFull() {
    fill();
    return tokens >= rate.burst();
  }

  private void fill() {
    long now = nanoClock.getAsLong();
    tokens = Math.min(rate.burst(), tokens + (now - filledAt) * 1e-9 * rate.perSecond());
    filledAt = now;
  }
}
