package dev.agentrooms.webui.watch;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How fast each address may open sockets.
final class HandshakeLimit {

  private static final int MANY_ADDRESSES = 10_000;

  private final RateLimit.Rate rate;
  private final LongSupplier nanoClock;
  private final Map<InetAddress, RateLimit> byAddress = new ConcurrentHashMap<>();

  HandshakeLimit(RateLimit.Rate rate, LongSupplier nanoClock) {
    this.rate = rate;
    this.nanoClock = nanoClock;
  }

  /// Whether one more handshake from there is within the rate.
  boolean take(InetAddress address) {
    boolean[] taken = new boolean[1];
    byAddress.compute(
        address,
        (from, known) -> {
          RateLimit limit = known == null ? new RateLimit(rate, nanoClock) : known;
          taken[0] = limit.take();
          return limit;
        });
    if (byAddress.size() > MANY_ADDRESSES) {
      // A bucket that is full again says nothing that a new one would not.
      byAddress.keySet().forEach(this::forgetIfFull);
    }
    return taken[0];
  }

  private void forgetIfFull(InetAddress address) {
    byAddress.computeIfPresent(address, (from, limit) -> limit.isFull() ? null : limit);
  }
}
