package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A fact about a session. The state is built from these events alone, and [Narrator] shows most
/// of them to watchers.
public sealed interface SessionEvent {

  Instant at();

  /// An event of one run.
  sealed interface RunEvent extends SessionEvent {
    String runId();
  }

  /// An event of one step, named by its call's id such as `r1.retrieval.1`.
  sealed interface StepEvent extends RunEvent {

    /// The id of the step's call.
    String callId();
  }

  /// @param keys the request's
  record RunAccepted(RunSpec spec, List<KeyUse> keys) implements RunEvent {

    public RunAccepted {
      keys = List.copyOf(keys);
    }

    @Override
    public String runId() {
      return spec.runId();
    }

    @Override
    public Instant at() {
      return spec.createdAt();
    }
  }

  record RunQueued(String runId, Instant at) implements RunEvent {}

  record RunStarted(String runId, Plan plan, Instant at) implements RunEvent {}

  /// A call begins. The tool is sent exactly the arguments recorded here.
  record StepStarted(String runId, String callId, Call call, Instant at) implements StepEvent {}

  /// An attempt failed, and will be retried.
  ///
  /// @param pause before it
  record AttemptFailed(String runId, String callId, Failure failure, Duration pause, Instant at)
      implements StepEvent {}

  /// The pause after a failed attempt is over.
  record AttemptStarted(String runId, String callId, Instant at) implements StepEvent {}

  record StepDone(String runId, String callId, JsonNode output, Instant at) implements StepEvent {}

  /// The last attempt failed. If the call is optional, [StepDone] with JSON's null follows.
  record StepFailed(String runId, String callId, Failure failure, Instant at)
      implements StepEvent {}

  /// The step was not needed.
  record StepSkipped(String runId, String callId, Call call, Instant at) implements StepEvent {}

  /// A tool of a cancelled run has stopped; another one has not yet.
  record StepStopped(String runId, String callId, Instant at) implements StepEvent {}

  record RunSucceeded(String runId, JsonNode result, Instant at) implements RunEvent {}

  /// @param reason for `meta.reason`; null when no code fits
  record RunFailed(String runId, String error, @Nullable String reason, Instant at)
      implements RunEvent {}

  record CancelRequested(String runId, String reason, Instant at) implements RunEvent {}

  /// @param abandonedTool the tool that did not stop in time; null when all did
  record RunCancelled(String runId, String reason, @Nullable String abandonedTool, Instant at)
      implements RunEvent {}

  record SessionDeleted(Instant at) implements SessionEvent {}

  /// A run was requested again, under further keys.
  record KeysAdded(List<KeyUse> keys, Instant at) implements SessionEvent {

    public KeysAdded {
      keys = List.copyOf(keys);
    }
  }

  /// A key, and the run that it was used for.
  ///
  /// @param key as [SessionCommand.Key] has it
  /// @param fingerprint digest of the request's body
  /// @param status how the request was answered
  record KeyUse(String key, String fingerprint, String runId, String status) {}
}
