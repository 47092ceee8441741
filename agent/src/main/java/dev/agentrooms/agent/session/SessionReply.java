package dev.agentrooms.agent.session;

import dev.agentrooms.protocol.Conversation;
import dev.agentrooms.protocol.Decision;
import dev.agentrooms.protocol.Remote;
import dev.agentrooms.protocol.RunEvents;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.RunView;
import dev.agentrooms.protocol.SessionView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a session answers.
public sealed interface SessionReply extends Remote {

  /// @param status `accepted` or `queued`
  record Accepted(String runId, String status) implements SessionReply {}

  /// The session has not answered in time: the run may have been taken on, or may yet be.
  record Unanswered(String runId) implements SessionReply {}

  /// The session has a run, and the new one was not to wait.
  ///
  /// @param isWaiting whether for a person
  record Busy(String runId, boolean isWaiting) implements SessionReply {}

  record KeyReused() implements SessionReply {}

  /// The id that the caller chose is that of a run of another session, or of one that was deleted.
  record RunIdTaken(String runId) implements SessionReply {}

  /// @param ofOne whether it is only one user's, or one address's, share of those that may wait
  record QueueFull(boolean ofOne) implements SessionReply {}

  record TooManyKeys() implements SessionReply {}

  record Cancelling(String runId) implements SessionReply {}

  record Cancelled(String runId) implements SessionReply {}

  record NothingToCancel(String detail) implements SessionReply {}

  /// An answer counts.
  ///
  /// @param already whether it was given before
  record Answered(String runId, String inputId, boolean already) implements SessionReply {}

  /// Another answer counts.
  record AnsweredOtherwise(String inputId, Decision decision) implements SessionReply {}

  /// It is too late for any answer.
  record NotAnswerable(String detail) implements SessionReply {}

  record UnknownInput(String runId, String inputId) implements SessionReply {}

  record InvalidAnswer(String field, String detail) implements SessionReply {}

  record UnknownSession() implements SessionReply {}

  record UnknownRun(String runId) implements SessionReply {}

  /// @param owner the user whom it belongs to; null for nobody
  record Session(SessionView view, @Nullable String owner) implements SessionReply {}

  record OneRun(RunView view) implements SessionReply {}

  record Events(RunEvents page) implements SessionReply {}

  /// A run's next events.
  ///
  /// @param isOver whether there will be no others
  record Following(List<RunEvents.Numbered> events, boolean isOver) implements SessionReply {
    public Following {
      events = List.copyOf(events);
    }
  }

  record Messages(Conversation page) implements SessionReply {}

  /// The session exists.
  ///
  /// @param isNew whether it did not before
  record Opened(boolean isNew) implements SessionReply {}

  /// @param title what the session is called now; null when it has no question yet
  record Named(@Nullable String title) implements SessionReply {}

  record Deleted() implements SessionReply {}

  /// Nothing was done: the store does not answer, or has no room.
  record NotStored(boolean full) implements SessionReply {}

  /// A mistake of ours, which the log tells of.
  record Broken() implements SessionReply {}

  static SessionReply busy(Run run) {
    return new Busy(run.runId(), run.status() == RunStatus.WAITING);
  }

  /// What a cancel of `run` is answered.
  static SessionReply ofCancelled(Run run) {
    return switch (run.status()) {
      case QUEUED, RUNNING, WAITING, CANCELLING -> new Cancelling(run.runId());
      case CANCELLED -> new Cancelled(run.runId());
      case SUCCEEDED, FAILED -> hasEnded(run.runId(), run.status());
    };
  }

  /// What a cancel is answered that came too late.
  static SessionReply hasEnded(String runId, RunStatus status) {
    return new NothingToCancel(
        "Run "
            + runId
            + " has ended already: it "
            + (status == RunStatus.SUCCEEDED ? "succeeded" : "failed")
            + ".");
  }
}
