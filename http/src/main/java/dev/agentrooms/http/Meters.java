package dev.agentrooms.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/// The meter registry of one server: its own meters, and those of the JVM and the dispatcher.
public final class Meters {

  /// The media type of [#page].
  public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private Meters() {}

  /// A registry that is closed when the actor system shuts down.
  public static Meters start(ActorSystem<?> system) {
    Meters meters = new Meters();
    JvmGcMetrics gc = new JvmGcMetrics();
    List.of(
            new JvmMemoryMetrics(),
            gc,
            new JvmThreadMetrics(),
            new ClassLoaderMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics())
        .forEach(binder -> binder.bindTo(meters.registry));
    FunctionCounter.builder("agentrooms.log.dropped", Meters.class, type -> DroppedLines.count())
        .description("Lines of the log that were dropped, because nobody read it")
        .register(meters.registry);
    DispatcherMeters dispatcher = DispatcherMeters.start(system, meters.registry);
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "close-meters",
            () -> {
              dispatcher.close();
              gc.close();
              meters.registry.close();
              return CompletableFuture.completedFuture(Done.getInstance());
            });
    return meters;
  }

  public MeterRegistry registry() {
    return registry;
  }

  /// All meters in Prometheus' text format.
  public String page() {
    return registry.scrape();
  }
}
