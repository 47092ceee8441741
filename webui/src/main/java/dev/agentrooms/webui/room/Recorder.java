package dev.agentrooms.webui.room;

import dev.agentrooms.webui.room.RoomCommand.Publish;
import dev.agentrooms.webui.room.RoomLog.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of one room's events into its log. When the log cannot say what became of one, it is
/// read again, which tells; what is published meanwhile waits.
final class Recorder {

  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  private static final Duration BEFORE_REOPENING = Duration.ofSeconds(1);

  private final Surroundings around;
  private final History history;
  private final Ledger ledger;
  private final Consumer<RoomCommand> self;
  private final List<Publish> waiting = new ArrayList<>(0);
  private RoomLog.@Nullable Writer writer;
  private boolean isReopening;
  private long generation;

  Recorder(Surroundings around, History history, Ledger ledger, RoomLog.Writer writer) {
    this.around = around;
    this.history = history;
    this.ledger = ledger;
    this.self = around.context().getSelf()::tell;
    this.writer = writer;
    this.generation = writer.generation();
  }

  /// Which owner of the room this one is.
  long generation() {
    return generation;
  }

  /// Sends a new event on its way.
  ///
  /// @return the event when it is recorded already
  @Nullable Pending append(Publish publish) {
    RoomLog.Writer log = writer;
    if (log == null) {
      waiting.add(publish);
      reopen();
      return null;
    }
    Pending next = ledger.next(publish, self);
    Producer by = publish.producer();
    if (log.append(
        next.seq(), next.event(), next.delivered(), by == null ? null : Producers.with(by), next)) {
      return next;
    }
    ledger.await(next);
    return null;
  }

  /// Records how far the producer of an event has come that is there already.
  ///
  /// @param seq of the event
  void produced(Publish publish, Producer by, long seq) {
    if (writer == null) {
      around.answer(publish, Refused.STORE_UNAVAILABLE);
      return;
    }
    around
        .context()
        .pipeToSelf(
            writer.produced(Producers.with(by)),
            (isRecorded, failure) ->
                new RoomCommand.Produced(publish, seq, failure == null && isRecorded));
  }

  /// Records a room that has no event.
  ///
  /// @return whether the log was asked
  boolean make(ActorRef<RoomCommand.Changed> replyTo) {
    if (writer == null) {
      replyTo.tell(new RoomCommand.Changed(Refused.STORE_UNAVAILABLE));
      return false;
    }
    around
        .context()
        .pipeToSelf(
            writer.make(),
            (change, failure) ->
                new RoomCommand.Made(replyTo, change == null ? Refused.STORE_UNAVAILABLE : change));
    return true;
  }

  /// Removes the room from the log.
  void forget(ActorRef<RoomCommand.Changed> replyTo) {
    if (writer == null) {
      replyTo.tell(new RoomCommand.Changed(Refused.STORE_UNAVAILABLE));
      return;
    }
    around
        .context()
        .pipeToSelf(
            writer.forget(),
            (isGone, failure) -> new RoomCommand.Forgotten(replyTo, failure == null && isGone));
  }

  /// Gives up an event that was not recorded, and those behind it.
  ///
  /// @return whether the room goes on
  boolean onFailure(Pending failed, Failure why) {
    if (failed.isDropped()) {
      return true;
    }
    refuse(ledger.dropFrom(failed), why.refusal());
    return switch (why) {
      case UNAVAILABLE, FULL -> true;
      case UNKNOWN -> {
        refuse(ledger.dropAll(), why.refusal());
        writer = null;
        reopen();
        yield true;
      }
      case FENCED -> {
        LOG.warn("room {} has another owner", around.sessionId());
        yield false;
      }
    };
  }

  /// Reads the log again when it has to be.
  void reopen() {
    if (writer == null && !isReopening) {
      isReopening = true;
      around
          .context()
          .pipeToSelf(
              around.wiring().log().open(around.sessionId(), history.epoch()), Recorder::read);
    }
  }

  /// The log was read, or could not be.
  static RoomCommand read(RoomLog.@Nullable Opening opening, @Nullable Throwable failure) {
    if (opening == null) {
      LOG.error("a room could not be read", failure);
      return new RoomCommand.Read(new RoomLog.NotOpened(Refused.STORE_UNAVAILABLE));
    }
    return new RoomCommand.Read(opening);
  }

  void onNotReopened(Refused why) {
    isReopening = false;
    takeWaiting().forEach(publish -> around.answer(publish, why));
    around
        .timers()
        .startSingleTimer(
            RoomCommand.Reopen.INSTANCE, RoomCommand.Reopen.INSTANCE, BEFORE_REOPENING);
  }

  /// @return what the log has behind our last event; null when it does not go on from there
  @Nullable List<EncodedEvent> onReopened(RoomLog.Opened opened) {
    isReopening = false;
    long missed = opened.last() - history.last();
    int known = opened.events().size();
    if (!opened.epoch().equals(history.epoch()) || missed < 0 || missed > known) {
      return null;
    }
    writer = opened.writer();
    generation = opened.writer().generation();
    return opened.events().subList(known - (int) missed, known);
  }

  /// Who publishes and waits for the log, and waits here no longer.
  List<Publish> takeWaiting() {
    List<Publish> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }

  /// Whether nothing is under way.
  boolean isSettled() {
    return ledger.isSettled() && waiting.isEmpty();
  }

  /// Says that the room is in use.
  void touch() {
    if (writer != null && !history.isEmpty()) {
      writer.touch();
    }
  }

  /// Removes the room.
  ///
  /// @return whether it is gone
  CompletionStage<Boolean> forget() {
    return writer != null && !history.isEmpty()
        ? writer.forget()
        : CompletableFuture.completedFuture(writer != null);
  }

  /// Leaves nobody without an answer.
  void close() {
    refuse(ledger.dropAll(), Refused.UNANSWERED);
    takeWaiting().forEach(publish -> around.answer(publish, Refused.STORE_UNAVAILABLE));
  }

  private void refuse(List<Pending> dropped, Refused why) {
    for (Pending each : dropped) {
      around.answer(each.publish(), why);
      each.again().forEach(again -> around.answer(again, why));
    }
  }
}
