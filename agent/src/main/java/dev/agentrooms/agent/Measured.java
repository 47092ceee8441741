package dev.agentrooms.agent;

import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.tools.Toolbox;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Ports with a meter in front.
final class Measured {

  private Measured() {}

  static Toolbox toolbox(AgentMetrics metrics, Toolbox toolbox) {
    return call -> {
      var begun = metrics.begin();
      Toolbox.Attempt attempt = toolbox.call(call);
      attempt.ended().thenAccept(result -> metrics.toolEnded(begun, call.tool().name(), result));
      return attempt;
    };
  }

  static ProgressSink sink(AgentMetrics metrics, ProgressSink sink) {
    return new ProgressSink() {
      @Override
      public CompletionStage<Delivery> deliver(ProgressEvent event) {
        return deliver(event, null);
      }

      @Override
      public CompletionStage<Delivery> deliver(ProgressEvent event, @Nullable String traceparent) {
        var begun = metrics.begin();
        return sink.deliver(event, traceparent)
            .whenComplete(
                (delivery, failure) ->
                    metrics.delivered(
                        begun,
                        (delivery == null ? Delivery.UNREACHABLE : delivery)
                            .name()
                            .toLowerCase(Locale.ROOT)));
      }
    };
  }
}
