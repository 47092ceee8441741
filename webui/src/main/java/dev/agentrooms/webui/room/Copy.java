package dev.agentrooms.webui.room;

import dev.agentrooms.webui.room.CopyCommand.Batch;
import dev.agentrooms.webui.room.CopyCommand.Following;
import dev.agentrooms.webui.room.CopyCommand.Tick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A room of another node as this node's watchers see it: a watcher with a cursor itself, which
/// fills a [History] of its own with the batches that the room sends.
///
/// When the room moves, or its node dies, the copy asks for it again until it has a new owner, and
/// goes on from its last event: its watchers see a pause, and nothing else.
final class Copy {

  private static final Logger LOG = LoggerFactory.getLogger(Copy.class);

  /// How long a copy is kept that nobody watches.
  static final Duration UNWATCHED = Duration.ofSeconds(30);

  private static final int MISSED_AT_ONCE = 500;

  private final String sessionId;
  private final RoomWiring wiring;
  private final Copies copies;
  private final ActorContext<CopyCommand> context;
  private final TimerScheduler<CopyCommand> timers;
  private final ActorRef<Copies.Command> keeper;
  private final RoomSearch search;
  private final List<CompletableFuture<Optional<Refused>>> waiting = new ArrayList<>();
  private @Nullable CopiedRoom copied;
  private @Nullable String owner;
  private long generation;
  // Those who come are let in when the copy has what was there.
  private long readyAt;
  private boolean isOpen;
  private boolean isReading;

  private Copy(
      String sessionId,
      RoomWiring wiring,
      Copies copies,
      ActorContext<CopyCommand> context,
      TimerScheduler<CopyCommand> timers,
      ActorRef<Copies.Command> keeper,
      RoomSearch search) {
    this.sessionId = sessionId;
    this.wiring = wiring;
    this.copies = copies;
    this.context = context;
    this.timers = timers;
    this.keeper = keeper;
    this.search = search;
  }

  /// @param byName tells the room, wherever it is
  /// @param shown those who watch already; null for none
  static Behavior<CopyCommand> create(
      String sessionId,
      RoomWiring wiring,
      Copies copies,
      Consumer<RoomCommand.Request> byName,
      ActorRef<Copies.Command> keeper,
      @Nullable Audience shown) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  RoomSearch search = new RoomSearch(context, timers, wiring.metrics(), byName);
                  return new Copy(sessionId, wiring, copies, context, timers, keeper, search)
                      .begin(shown);
                }));
  }

  private Behavior<CopyCommand> begin(@Nullable Audience shown) {
    if (shown != null) {
      shown.fillBy(filler());
      copied = new CopiedRoom(sessionId, shown, wiring.metrics());
      isOpen = true;
    }
    lookLater();
    search.begin(last());
    return Behaviors.receive(CopyCommand.class)
        .onAnyMessage(this::carryOut)
        .onSignal(
            PostStop.class,
            stopped -> {
              search.over();
              close(RoomEnd.RESTARTED, Optional.of(Refused.UNANSWERED));
              return Behaviors.same();
            })
        .build();
  }

  private void lookLater() {
    timers.startSingleTimer(Tick.LOOK, Tick.LOOK, UNWATCHED);
  }

  private Consumer<Audience.Notice> filler() {
    ActorRef<CopyCommand> self = context.getSelf();
    return notice -> self.tell(new CopyCommand.Told(notice));
  }

  private Behavior<CopyCommand> carryOut(CopyCommand command) {
    switch (command) {
      case CopyCommand.Wanted(var ready) -> {
        if (isOpen) {
          ready.complete(Optional.empty());
        } else {
          waiting.add(ready);
        }
      }
      case Following following -> {
        return onFollowing(following);
      }
      case CopyCommand.NotFollowing(Refused why) -> {
        if (copied == null) {
          return end(RoomEnd.UNREACHABLE, Optional.of(why));
        }
      }
      case Batch batch -> {
        if (batch.generation() >= generation) {
          onBatch(batch);
        }
      }
      case CopyCommand.Overtaken overtaken -> {
        if (overtaken.generation() >= generation) {
          readMissed(overtaken.first());
        }
      }
      case CopyCommand.Missed(Reading reading, long first) -> onMissed(reading, first);
      case CopyCommand.RoomGone(var gone) -> search.gone(gone, last());
      case CopyCommand.Told(Audience.Notice notice) -> onTold(notice);
      case Tick.ASK -> search.ask(last());
      case Tick.LOOK -> {
        if (copied != null && copied.audience().closeIfUnwatched()) {
          return end(RoomEnd.RESTARTED, Optional.empty());
        }
      }
      case Tick.GIVE_UP -> {
        LOG.warn("no node has room {}; its watchers are sent away", sessionId);
        return end(RoomEnd.UNREACHABLE, Optional.of(Refused.UNANSWERED));
      }
      case CopyCommand.Stop stop -> {
        return Behaviors.stopped();
      }
    }
    return Behaviors.same();
  }

  private void onTold(Audience.Notice notice) {
    switch (notice) {
      case ROUND_ENDED -> {
        if (copied != null) {
          copied.audience().onRoundEnded();
        }
      }
      case UNWATCHED -> lookLater();
    }
  }

  private long last() {
    return copied == null ? 0 : copied.last();
  }

  private Behavior<CopyCommand> onFollowing(Following following) {
    if (following.generation() < generation) {
      return Behaviors.same();
    }
    CopiedRoom known = copied;
    if (known == null) {
      copied = new CopiedRoom(sessionId, begun(following), wiring.metrics());
      readyAt = following.last();
    } else if (!known.isOf(following)) {
      boolean isAnothers = owner != null && !owner.equals(following.owner());
      return end(isAnothers ? RoomEnd.TAKEN_OVER : RoomEnd.RESTARTED, Optional.empty());
    }
    owner = following.owner();
    generation = following.generation();
    search.found(following.room());
    openIfReady();
    return Behaviors.same();
  }

  private Audience begun(Following following) {
    History history = new History(following.epoch(), wiring.settings().historySize());
    if (following.first() > 1) {
      history.skipTo(following.first() - 1);
    }
    return new Audience(history, wiring.metrics(), new LastUse(wiring.nanoClock()), filler());
  }

  private void onBatch(Batch batch) {
    CopiedRoom known = copied;
    if (known == null || isReading) {
      return;
    }
    if (known.take(batch)) {
      shown(known);
    } else {
      search.ask(last());
    }
  }

  /// What was appended goes out, and when those who watch can take more, the room is told.
  private void shown(CopiedRoom known) {
    openIfReady();
    long upTo = known.last();
    known.audience().appended(() -> search.tell(upTo));
  }

  private void openIfReady() {
    CopiedRoom known = copied;
    if (!isOpen && known != null && known.last() >= readyAt) {
      isOpen = true;
      copies.opened(sessionId, known.audience());
      waiting.forEach(each -> each.complete(Optional.empty()));
      waiting.clear();
    }
  }

  /// The room does not retain what comes next, and its log may.
  private void readMissed(long first) {
    if (copied != null && !isReading) {
      isReading = true;
      context.pipeToSelf(
          wiring.log().missed(sessionId, last(), MISSED_AT_ONCE),
          (reading, failure) ->
              new CopyCommand.Missed(reading == null ? Refused.STORE_UNAVAILABLE : reading, first));
    }
  }

  private void onMissed(Reading reading, long first) {
    isReading = false;
    CopiedRoom known = copied;
    // When it could not be read, it is with the next tick.
    if (known != null && reading instanceof Retained missed) {
      known.take(missed, first);
      shown(known);
    }
  }

  /// @param refused told to those who wait; nothing when they are to try again
  private Behavior<CopyCommand> end(RoomEnd why, Optional<Refused> refused) {
    close(why, refused);
    search.end();
    keeper.tell(new Copies.Ending(sessionId, context.getSelf()));
    return Behaviors.receive(CopyCommand.class)
        .onMessage(
            CopyCommand.Wanted.class,
            wanted -> {
              // The next copy lets them in.
              wanted.ready().complete(Optional.empty());
              return Behaviors.same();
            })
        .onMessageEquals(CopyCommand.Stop.INSTANCE, Behaviors::stopped)
        .onAnyMessage(other -> Behaviors.same())
        .build();
  }

  private void close(RoomEnd why, Optional<Refused> refused) {
    CopiedRoom last = copied;
    if (last != null) {
      copies.closed(sessionId, last.audience());
      last.audience().close(why);
    }
    waiting.forEach(each -> each.complete(refused));
    waiting.clear();
  }
}
