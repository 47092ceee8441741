package dev.agentrooms.webui.watch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How fast each user, or each address, may open sockets.
final class HandshakeLimit {

  private static final int MANY = 10_000;

  private final RateLimit.Rate rate;
  private final LongSupplier nanoClock;
  private final Map<Object, RateLimit> limits = new ConcurrentHashMap<>();

  HandshakeLimit(RateLimit.Rate rate, LongSupplier nanoClock) {
    this.rate = rate;
    this.nanoClock = nanoClock;
  }

  /// Whether one more handshake is within the rate.
  ///
  /// @param whose a user's id, or an address
  boolean take(Object whose) {
    boolean[] taken = new boolean[1];
    limits.compute(
        whose,
        (from, known) -> {
          RateLimit limit = known == null ? new RateLimit(rate, nanoClock) : known;
          taken[0] = limit.take();
          return limit;
        });
    if (limits.size() > MANY) {
      // A bucket that is full again says nothing that a new one would not.
      limits.keySet().forEach(this::forgetIfFull);
    }
    return taken[0];
  }

  private void forgetIfFull(Object whose) {
    limits.computeIfPresent(whose, (from, limit) -> limit.isFull() ? null : limit);
  }
}
