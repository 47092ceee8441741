package dev.agentrooms.agent.session;

import dev.agentrooms.protocol.Conversation;
import dev.agentrooms.protocol.RunEvents;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.RunView;
import dev.agentrooms.protocol.SessionView;
import java.util.List;

/// A session's answer to a request.
public sealed interface SessionReply {

  /// @param status `accepted` or `queued`
  record Accepted(String runId, String status) implements SessionReply {}

  /// The session did not answer in time: the run may have been accepted, or still be.
  record Unanswered(String runId) implements SessionReply {}

  /// Refused, because the session has a run and `on_busy` is `reject`.
  record Busy(String runId) implements SessionReply {}

  record KeyReused() implements SessionReply {}

  /// The caller's `run_id` belongs to a run of another session, or of one that was deleted.
  record RunIdTaken(String runId) implements SessionReply {}

  record QueueFull() implements SessionReply {}

  record TooManyKeys() implements SessionReply {}

  record Cancelling(String runId) implements SessionReply {}

  record Cancelled(String runId) implements SessionReply {}

  record NothingToCancel(String detail) implements SessionReply {}

  record UnknownSession() implements SessionReply {}

  record UnknownRun(String runId) implements SessionReply {}

  record Session(SessionView view) implements SessionReply {}

  record OneRun(RunView view) implements SessionReply {}

  record Events(RunEvents page) implements SessionReply {}

  /// The reader gets the run's further events as they come, if the run has not ended.
  record Following(List<RunEvents.Numbered> soFar) implements SessionReply {
    public Following {
      soFar = List.copyOf(soFar);
    }
  }

  record Messages(Conversation page) implements SessionReply {}

  record Deleted() implements SessionReply {}

  /// A bug; the log has the exception.
  record Broken() implements SessionReply {}

  /// The answer to a cancel of `run`.
  static SessionReply ofCancelled(Run run) {
    return switch (run.status()) {
      case QUEUED, RUNNING, CANCELLING -> new Cancelling(run.runId());
      case CANCELLED -> new Cancelled(run.runId());
      case SUCCEEDED, FAILED -> hasEnded(run.runId(), run.status());
    };
  }

  /// The answer to a cancel of a run that has ended.
  static SessionReply hasEnded(String runId, RunStatus status) {
    return new NothingToCancel(
        "Run "
            + runId
            + " has ended already: it "
            + (status == RunStatus.SUCCEEDED ? "succeeded" : "failed")
            + ".");
  }
}
