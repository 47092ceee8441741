package dev.agentrooms.agent.telemetry;

import dev.agentrooms.http.BadSetting;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/// Starts OpenTelemetry if an endpoint is set; otherwise none of its classes is loaded.
public final class Tracing {

  private static final String SCOPE = "dev.agentrooms.agent";

  private Tracing() {}

  /// A tracer that exports to `endpoint`, and flushes when the system stops. OpenTelemetry's own
  /// environment variables take precedence.
  public static RunTracer start(ActorSystem<?> system, URI endpoint) {
    OpenTelemetrySdk sdk = sdk(endpoint);
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "flush-spans",
            () -> flushed(sdk));
    return new OtelRunTracer(sdk.getTracer(SCOPE));
  }

  private static OpenTelemetrySdk sdk(URI endpoint) {
    try {
      return AutoConfiguredOpenTelemetrySdk.builder()
          .disableShutdownHook()
          .addPropertiesSupplier(
              () ->
                  Map.of(
                      "otel.service.name", "agent-rooms-agent",
                      "otel.exporter.otlp.endpoint", endpoint.toString(),
                      "otel.exporter.otlp.protocol", "http/protobuf",
                      "otel.metrics.exporter", "none",
                      "otel.logs.exporter", "none"))
          .addTracerProviderCustomizer(
              (builder, properties) -> builder.setIdGenerator(new ChosenIds()))
          .build()
          .getOpenTelemetrySdk();
    } catch (ConfigurationException e) {
      throw new BadSetting("tracing", String.valueOf(e.getMessage()).replace('\n', ' '));
    }
  }

  private static CompletionStage<Done> flushed(OpenTelemetrySdk sdk) {
    CompletableFuture<Done> done = new CompletableFuture<>();
    var shutdown = sdk.getSdkTracerProvider().shutdown();
    shutdown.whenComplete(() -> done.complete(Done.getInstance()));
    return done;
  }
}
