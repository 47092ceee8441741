package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Fingerprint;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.protocol.Submission;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a run was asked for. It never changes.
///
/// @param trace the W3C trace that the run belongs to
/// @param caller who asked
public record RunSpec(
    String runId,
    String sessionId,
    String question,
    @Nullable Integer numQuestions,
    @Nullable Submission submission,
    @Nullable String workflow,
    @Nullable ObjectNode input,
    Instant createdAt,
    Trace trace,
    Caller caller) {

  /// What is known of who asked.
  ///
  /// @param spanId its span in the trace; null when the trace begins with the run
  /// @param correlationId what its own logs call the run; the run's id when it does not say
  /// @param choseId whether the run's id is its choice
  public record Caller(@Nullable String spanId, String correlationId, boolean choseId) {}

  public static RunSpec of(
      String runId, String sessionId, RunRequest request, Instant createdAt, Trace trace) {
    return new RunSpec(
        runId,
        sessionId,
        request.question(),
        request.numQuestions(),
        request.submission(),
        request.workflow(),
        request.input(),
        createdAt,
        trace,
        new Caller(null, runId, request.runId() != null));
  }

  /// @param correlationId null when the caller does not say
  public RunSpec calledBy(@Nullable String spanId, @Nullable String correlationId) {
    return new RunSpec(
        runId,
        sessionId,
        question,
        numQuestions,
        submission,
        workflow,
        input,
        createdAt,
        trace,
        new Caller(spanId, correlationId == null ? runId : correlationId, caller.choseId()));
  }

  public String correlationId() {
    return caller.correlationId();
  }

  /// The id of the run's event of this number. One that its caller chose may be as long as an
  /// event's id may be, and come again once its session is deleted, while a room still knows the
  /// old events.
  String eventId(int number) {
    String prefix =
        caller.choseId()
            ? Fingerprint.of(sessionId + " " + runId + " " + createdAt).substring(0, 32)
            : runId;
    return prefix + "." + number;
  }

  /// The run's own span in the trace. It follows from the run's id, so that whoever speaks of the
  /// run, and whenever, names the same span.
  public String spanId() {
    return Fingerprint.of(runId).substring(0, 16);
  }

  /// `traceparent` of the run.
  public String traceparent() {
    return trace.traceparent(spanId());
  }
}
