package dev.agentrooms.agent;

import dev.agentrooms.agent.SessionProtocol.Asked;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.NotRecorded;
import dev.agentrooms.agent.SessionProtocol.Recorded;
import dev.agentrooms.agent.SessionProtocol.Told;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionMemory;
import dev.agentrooms.agent.session.SessionMemory.Change;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.store.StoreFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/// A session's writing to its journal: one thing at a time, whose end comes as a message.
final class SessionRecorder {

  private static final Duration RECORD_AGAIN = Duration.ofMillis(500);
  private static final int RECORDS_BETWEEN_SNAPSHOTS = 100;

  /// What is under way to the store.
  sealed interface Pending {}

  /// @param from the request that it is about, when somebody waits
  /// @param reply what its sender is answered once it is recorded
  record Decided(SessionCommand command, Change change, @Nullable Asked from, SessionReply reply)
      implements Pending {

    /// The run that the command is about, when it starts one.
    @Nullable String startedId() {
      return command instanceof SessionCommand.Start start ? start.spec().runId() : null;
    }
  }

  /// The session as a whole.
  record Snapshot() implements Pending {}

  /// The same, because it has nothing to do.
  record Sleep() implements Pending {}

  record Forget() implements Pending {}

  private final ActorContext<Command> context;
  private final SessionJournal journal;
  private final SessionMemory memory;
  private final ProgressDelivery delivery;
  private @Nullable Pending pending;

  SessionRecorder(
      ActorContext<Command> context,
      SessionJournal journal,
      SessionMemory memory,
      ProgressDelivery delivery) {
    this.context = context;
    this.journal = journal;
    this.memory = memory;
    this.delivery = delivery;
  }

  boolean isBusy() {
    return pending != null;
  }

  /// Whether there is anything of the session in the store.
  boolean hasRecords() {
    return journal.exists();
  }

  /// @param takes names that must be this session's alone
  void record(Decided decided, List<String> takes) {
    begin(decided, journal.record(memory.state(), decided.change(), delivery.delivered(), takes));
  }

  /// Records a snapshot if there have been many records since the last one.
  void snapshotIfDue() {
    if (journal.sinceSnapshot() >= RECORDS_BETWEEN_SNAPSHOTS) {
      snapshot(new Snapshot());
    }
  }

  void sleep() {
    snapshot(new Sleep());
  }

  private void snapshot(Pending why) {
    begin(why, journal.snapshot(memory.snapshot(delivery.undelivered()), delivery.delivered()));
  }

  void forget() {
    begin(new Forget(), journal.forget());
  }

  private void begin(Pending what, CompletionStage<Void> stored) {
    pending = what;
    context.pipeToSelf(
        stored,
        (done, failure) ->
            failure == null ? new Recorded() : new NotRecorded(StoreFailure.of(failure)));
  }

  /// Has a notice decided on again after a while: a tool's answer that cannot be recorded is kept.
  void tryAgain(SessionCommand notice, TimerScheduler<Command> timers) {
    timers.startSingleTimer(notice, new Told(notice), RECORD_AGAIN);
  }

  /// What was under way, of which the end has come.
  Pending ended() {
    Pending ended = pending;
    if (ended == null) {
      throw new IllegalStateException("nothing was under way");
    }
    pending = null;
    return ended;
  }
}
