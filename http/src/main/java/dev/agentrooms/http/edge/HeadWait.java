package dev.agentrooms.http.edge;

import dev.agentrooms.http.HttpLimits;
import dev.agentrooms.http.edge.EdgeMetrics.Cut;
import org.jspecify.annotations.Nullable;

/// How long a connection on which nothing is being answered has been waited for.
final class HeadWait {

  private boolean hasSpoken;
  private long since;
  private long headSince;

  /// @param now when the connection began
  HeadWait(long now) {
    since = now;
  }

  /// The head of a request is here.
  void end() {
    hasSpoken = true;
    headSince = 0;
  }

  boolean hasSpoken() {
    return hasSpoken;
  }

  /// All requests are answered: the next may come, whenever it likes.
  void begin(long now) {
    since = now;
  }

  /// @param isWithinHead whether some of a head is here
  /// @return the deadline that has passed, null when none has
  @Nullable Cut late(long now, boolean isWithinHead, HttpLimits limits) {
    if (!hasSpoken) {
      return now - since > limits.headTimeout().toNanos() ? Cut.HEAD : null;
    }
    if (!isWithinHead) {
      headSince = 0;
      return now - since > limits.idleTimeout().toNanos() ? Cut.IDLE : null;
    }
    if (headSince == 0) {
      headSince = now;
    }
    return now - headSince > limits.headTimeout().toNanos() ? Cut.HEAD : null;
  }
}
