package dev.agentrooms.agent.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.tools.Hidden;
import dev.agentrooms.tools.InputRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened in a session. The state is made of nothing else, and most of it is shown to the
/// watchers as it stands (see [Narrator]).
///
/// These are journalled: the names of types and fields are a schema. A name is never used for
/// something else, and what is added may be missing in an older journal.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @Type(value = SessionEvent.SessionOpened.class, name = "SessionOpened"),
  @Type(value = SessionEvent.RunAccepted.class, name = "RunAccepted"),
  @Type(value = SessionEvent.RunQueued.class, name = "RunQueued"),
  @Type(value = SessionEvent.RunStarted.class, name = "RunStarted"),
  @Type(value = SessionEvent.StepStarted.class, name = "StepStarted"),
  @Type(value = SessionEvent.StepInterrupted.class, name = "StepInterrupted"),
  @Type(value = SessionEvent.AttemptFailed.class, name = "AttemptFailed"),
  @Type(value = SessionEvent.AttemptStarted.class, name = "AttemptStarted"),
  @Type(value = SessionEvent.StepProgressed.class, name = "StepProgressed"),
  @Type(value = SessionEvent.InputRequired.class, name = "InputRequired"),
  @Type(value = SessionEvent.InputReceived.class, name = "InputReceived"),
  @Type(value = SessionEvent.StepDone.class, name = "StepDone"),
  @Type(value = SessionEvent.StepFailed.class, name = "StepFailed"),
  @Type(value = SessionEvent.StepSkipped.class, name = "StepSkipped"),
  @Type(value = SessionEvent.StepStopped.class, name = "StepStopped"),
  @Type(value = SessionEvent.RunSucceeded.class, name = "RunSucceeded"),
  @Type(value = SessionEvent.RunFailed.class, name = "RunFailed"),
  @Type(value = SessionEvent.CancelRequested.class, name = "CancelRequested"),
  @Type(value = SessionEvent.RunCancelled.class, name = "RunCancelled"),
  @Type(value = SessionEvent.SessionNamed.class, name = "SessionNamed"),
  @Type(value = SessionEvent.SessionDeleted.class, name = "SessionDeleted"),
  @Type(value = SessionEvent.KeysAdded.class, name = "KeysAdded")
})
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

  /// The process died while a tool worked for the step. It is called again, under the same key, and
  /// that is no further attempt.
  record StepInterrupted(String runId, String callId, Instant at) implements StepEvent {}

  /// An attempt failed, and there will be another.
  ///
  /// @param pauseMs milliseconds before it
  record AttemptFailed(String runId, String callId, Failure failure, long pauseMs, Instant at)
      implements StepEvent {}

  /// The pause after a failed attempt is over.
  record AttemptStarted(String runId, String callId, Instant at) implements StepEvent {}

  /// A tool at work has said something.
  ///
  /// @param step name of the progress event
  /// @param tool the tool that it is about; null for the called tool
  record StepProgressed(
      String runId,
      String callId,
      String step,
      @Nullable String tool,
      String message,
      ObjectNode meta,
      Instant at)
      implements StepEvent {}

  /// A person is asked, and the step waits for the answer.
  ///
  /// @param further what is asked after that
  /// @param meta further members of `meta` for watchers, such as what the tool wrote before it
  ///     asked; null for none
  record InputRequired(
      String runId,
      String callId,
      Input input,
      List<InputRequest> further,
      @Nullable ObjectNode meta,
      Instant at)
      implements StepEvent {

    public InputRequired {
      further = List.copyOf(further);
    }
  }

  /// A person has answered: the one answer that counts.
  record InputReceived(String runId, String callId, String inputId, Input.Answer answer, Instant at)
      implements StepEvent {}

  /// @param meta further members of `meta` for watchers; null for none
  /// @param hidden what the tool keeps with the session; null for nothing
  record StepDone(
      String runId,
      String callId,
      JsonNode output,
      @Nullable ObjectNode meta,
      @Nullable Hidden hidden,
      Instant at)
      implements StepEvent {

    public StepDone {
      hidden = hidden == null || hidden.isEmpty() ? null : hidden;
    }

    public StepDone(String runId, String callId, JsonNode output, Instant at) {
      this(runId, callId, output, null, null, at);
    }
  }

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
  /// @param meta further members of `meta` for watchers; null for none
  record RunCancelled(
      String runId,
      String reason,
      @Nullable String abandonedTool,
      @Nullable ObjectNode meta,
      Instant at)
      implements RunEvent {

    public RunCancelled(String runId, String reason, @Nullable String abandonedTool, Instant at) {
      this(runId, reason, abandonedTool, null, at);
    }
  }

  /// The session was made before its first run.
  record SessionOpened(Instant at, @Nullable String owner) implements SessionEvent {}

  /// People have named the session.
  ///
  /// @param title null when it is to be called by its first question again
  record SessionNamed(@Nullable String title, Instant at) implements SessionEvent {}

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
