package dev.agentrooms.agent;

import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.ProgressEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Where a session's progress goes: a room in this process, or a web UI over HTTP.
///
/// A session hands over one event at a time and keeps it until it is settled, so a sink neither
/// orders nor stores. Delivering twice does no harm, since a room takes each `event_id` once.
public interface ProgressSink {

  /// Completes, never exceptionally and within seconds, with what became of it.
  ///
  /// @param delivery which of the session's deliveries it is
  /// @param traceparent W3C trace context of the run that the event is about, for a sink that can
  ///     pass it on
  CompletionStage<Outcome> deliver(
      ProgressEvent event, Delivery delivery, @Nullable String traceparent);

  /// Shows a piece of a text that is being written. Completes, never exceptionally and within
  /// seconds. Sending a piece twice does no harm.
  default CompletionStage<Outcome> write(Delta delta) {
    return CompletableFuture.completedFuture(Outcome.DELIVERED);
  }

  /// What became of one delivery.
  enum Outcome {
    DELIVERED,
    /// Refused for good: trying again would not help.
    REFUSED,
    /// Nobody took it: to be tried again.
    UNREACHABLE
  }
}
