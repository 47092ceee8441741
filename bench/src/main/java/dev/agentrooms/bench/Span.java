package dev.agentrooms.bench;

import java.util.concurrent.TimeUnit;

/// How long a work goes on.
///
/// @param warmUp until the server's code is compiled
record Span(double warmUp, double measure) {

  long warmUpNanos() {
    return (long) (warmUp * TimeUnit.SECONDS.toNanos(1));
  }

  long measureNanos() {
    return (long) (measure * TimeUnit.SECONDS.toNanos(1));
  }
}
