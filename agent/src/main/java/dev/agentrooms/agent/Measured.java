package dev.agentrooms.agent;

import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.tools.Toolbox;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Ports with a meter in front.
final class Measured {

  private Measured() {}

  static Toolbox toolbox(AgentMetrics metrics, Toolbox toolbox) {
    return (call, observer) -> {
      var begun = metrics.begin();
      Toolbox.Attempt attempt = toolbox.call(call, observer);
      attempt.ended().thenAccept(result -> metrics.toolEnded(begun, call.tool().name(), result));
      return attempt;
    };
  }

  static ProgressSink sink(AgentMetrics metrics, ProgressSink sink) {
    return new ProgressSink() {
      @Override
      public CompletionStage<Outcome> deliver(
          ProgressEvent event, Delivery delivery, @Nullable String traceparent) {
        var begun = metrics.begin();
        return sink.deliver(event, delivery, traceparent)
            .whenComplete(
                (outcome, failure) ->
                    metrics.delivered(
                        begun,
                        (outcome == null ? Outcome.UNREACHABLE : outcome)
                            .name()
                            .toLowerCase(Locale.ROOT)));
      }

      @Override
      public CompletionStage<Outcome> write(Delta delta) {
        metrics.wrote();
        return sink.write(delta);
      }
    };
  }
}
