package dev.agentrooms.http.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// What the edge measures.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `agentrooms.http.connections` | | open connections, sockets included |
/// | `agentrooms.http.cut` | `reason` | connections that were ended because a deadline passed |
/// | `agentrooms.http.body.bytes` | | held of bodies whose requests are not answered yet |
/// | `agentrooms.http.refused` | `reason` | what is beyond a limit, and requests that are none |
/// | `agentrooms.http.accept.failed` | | times that no connection could be accepted |
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
  private final Counter noRoom;
  private final Counter refused;
  private final Counter notAccepted;

  EdgeMetrics(MeterRegistry registry, IntSupplier connections, LongSupplier bodies) {
    Gauge.builder("agentrooms.http.body.bytes", bodies, LongSupplier::getAsLong)
        .description("Held of bodies whose requests are not answered yet")
        .strongReference(true)
        .register(registry);
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
            .description("Connections and bodies beyond a limit, and requests that are none")
            .withRegistry(registry);
    full = refusals.withTag("reason", "connections");
    noRoom = refusals.withTag("reason", "bodies");
    refused = refusals.withTag("reason", "malformed");
    notAccepted =
        Counter.builder("agentrooms.http.accept.failed")
            .description("Times that no connection could be accepted")
            .register(registry);
  }

  void cut(Cut why) {
    Objects.requireNonNull(cuts.get(why)).increment();
  }

  void full() {
    full.increment();
  }

  void noRoom() {
    noRoom.increment();
  }

  void notAccepted() {
    notAccepted.increment();
  }

  void refused() {
    refused.increment();
  }
}
