package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened in a session. The state is made of nothing else, and most of it is shown to the
/// watchers as it stands (see [Narrator]).
public sealed interface SessionEvent {

  Instant at();

  /// Something that happened to one run.
  sealed interface RunEvent extends SessionEvent {
    String runId();
  }

  /// Something that happened to one step of a run.
  sealed interface StepEvent extends RunEvent {

    /// The id of the step's call.
    String callId();
  }

  /// @param keys those of the request
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

  /// A call is to be made, with the arguments that it has here.
  record StepStarted(String runId, String callId, Call call, Instant at) implements StepEvent {}

  /// An attempt failed, and there will be another.
  ///
  /// @param pause before it
  record AttemptFailed(String runId, String callId, Failure failure, Duration pause, Instant at)
      implements StepEvent {}

  /// The pause after a failed attempt is over.
  record AttemptStarted(String runId, String callId, Instant at) implements StepEvent {}

  record StepDone(String runId, String callId, JsonNode output, Instant at) implements StepEvent {}

  /// Followed by the step's end, with JSON's null, when the run can do without it.
  record StepFailed(String runId, String callId, Failure failure, Instant at)
      implements StepEvent {}

  /// The step was not needed.
  record StepSkipped(String runId, String callId, Call call, Instant at) implements StepEvent {}

  /// A tool of a cancelled run has stopped, and another has not.
  record StepStopped(String runId, String callId, Instant at) implements StepEvent {}

  record RunSucceeded(String runId, JsonNode result, Instant at) implements RunEvent {}

  /// @param reason in a word, when there is one for it
  record RunFailed(String runId, String error, @Nullable String reason, Instant at)
      implements RunEvent {}

  record CancelRequested(String runId, String reason, Instant at) implements RunEvent {}

  /// @param abandonedTool the tool that did not stop, when one did not
  record RunCancelled(String runId, String reason, @Nullable String abandonedTool, Instant at)
      implements RunEvent {}

  record SessionDeleted(Instant at) implements SessionEvent {}

  /// A run was asked for again, under further keys.
  record KeysAdded(List<KeyUse> keys, Instant at) implements SessionEvent {

    public KeysAdded {
      keys = List.copyOf(keys);
    }
  }

  /// A key that was used.
  ///
  /// @param key as [SessionCommand.Key] has it
  /// @param fingerprint digest of the request's body
  /// @param status how the request was answered
  record KeyUse(String key, String fingerprint, String runId, String status) {}
}
