package dev.agentrooms.http.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;

/// What the edge measures.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `agentrooms.http.connections` | | open connections, sockets included |
/// | `agentrooms.http.cut` | `reason` | connections that were ended because a deadline passed |
/// | `agentrooms.http.refused` | `reason` | connections beyond a limit, requests that are none |
final class EdgeMetrics {

  /// The deadline that passed.
  enum Cut {
    HEAD,
    BODY,
    IDLE,
    WRITE,
    HANDSHAKE
  }

  private final Map<Cut, Counter> cuts = new EnumMap<>(Cut.class);
  private final Counter full;
  private final Counter refused;

  EdgeMetrics(MeterRegistry registry, IntSupplier connections) {
    Gauge.builder("agentrooms.http.connections", connections, IntSupplier::getAsInt)
        .description("Open connections, sockets included")
        .strongReference(true)
        .register(registry);
    var cut =
        Counter.builder("agentrooms.http.cut")
            .description("Connections that were ended because a deadline passed")
            .withRegistry(registry);
    for (Cut each : Cut.values()) {
      cuts.put(each, cut.withTag("reason", each.name().toLowerCase(Locale.ROOT)));
    }
    var refusals =
        Counter.builder("agentrooms.http.refused")
            .description("Connections beyond a limit, and requests that are none")
            .withRegistry(registry);
    full = refusals.withTag("reason", "connections");
    refused = refusals.withTag("reason", "malformed");
  }

  void cut(Cut why) {
    Objects.requireNonNull(cuts.get(why)).increment();
  }

  void full() {
    full.increment();
  }

  void refused() {
    refused.increment();
  }
}
