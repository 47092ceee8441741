package dev.agentrooms.http.edge;

import dev.agentrooms.http.HttpLimits;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts a server's connections, all and by address, up to their limits.
final class Connections {

  private final HttpLimits limits;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

  Connections(HttpLimits limits) {
    this.limits = limits;
  }

  /// Whether one more may come from there; then it must be [#close]d one day.
  boolean open(InetAddress address) {
    if (all.incrementAndGet() > limits.maxConnections()) {
      all.decrementAndGet();
      return false;
    }
    if (byAddress.merge(address, 1, Integer::sum) > limits.maxConnectionsPerAddress()) {
      close(address);
      return false;
    }
    return true;
  }

  int count() {
    return all.get();
  }

  void close(InetAddress address) {
    all.decrementAndGet();
    byAddress.computeIfPresent(address, (from, count) -> count == 1 ? null : count - 1);
  }
}
