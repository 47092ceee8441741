package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delta;
import dev.agentrooms.webui.room.CopyCommand.Batch;
import dev.agentrooms.webui.room.CopyCommand.Following;
import dev.agentrooms.webui.room.CopyCommand.Tick;
import dev.agentrooms.webui.room.RoomCommand.Got;
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

  /// How often the room is asked for while it is not there.
  static final Duration ASK_EVERY = Duration.ofSeconds(1);

  /// How often a copy that hears nothing says where it is. A batch may have been lost.
  private static final Duration SAY_EVERY = Duration.ofSeconds(5);

  /// How long watchers wait for a room that is not there.
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /// How long a copy is kept that nobody watches.
  static final Duration UNWATCHED = Duration.ofSeconds(30);

  private static final int MISSED_AT_ONCE = 500;

  private final String sessionId;
  private final RoomWiring wiring;
  private final Copies copies;
  private final ActorContext<CopyCommand> context;
  private final TimerScheduler<CopyCommand> timers;
  private final Consumer<RoomCommand.Request> byName;
  private final ActorRef<Copies.Command> keeper;

  private final List<CompletableFuture<Optional<Refused>>> waiting = new ArrayList<>();
  private @Nullable Audience audience;
  private @Nullable ActorRef<RoomCommand> room;
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
      Consumer<RoomCommand.Request> byName,
      ActorRef<Copies.Command> keeper,
      @Nullable Audience shown) {
    this.sessionId = sessionId;
    this.wiring = wiring;
    this.copies = copies;
    this.context = context;
    this.timers = timers;
    this.byName = byName;
    this.keeper = keeper;
    this.audience = shown;
    this.isOpen = shown != null;
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
                timers ->
                    new Copy(sessionId, wiring, copies, context, timers, byName, keeper, shown)
                        .begin()));
  }

  private Behavior<CopyCommand> begin() {
    if (audience != null) {
      audience.fillBy(filler());
    }
    lookLater();
    search();
    return Behaviors.receive(CopyCommand.class)
        .onAnyMessage(this::carryOut)
        .onSignal(
            PostStop.class,
            stopped -> {
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
        if (audience == null) {
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
      case CopyCommand.RoomGone(var gone) -> {
        if (gone.equals(room)) {
          room = null;
          search();
        }
      }
      case CopyCommand.Told(Audience.Notice notice) -> onTold(notice);
      case Tick.ASK -> ask();
      case Tick.LOOK -> {
        if (audience != null && audience.closeIfUnwatched()) {
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
        if (audience != null) {
          audience.onRoundEnded();
        }
      }
      case UNWATCHED -> lookLater();
    }
  }

  private void search() {
    timers.startSingleTimer(Tick.GIVE_UP, Tick.GIVE_UP, PATIENCE);
    timers.startTimerWithFixedDelay(Tick.ASK, Tick.ASK, ASK_EVERY);
    ask();
  }

  private void ask() {
    ActorRef<RoomCommand> known = room;
    if (known == null) {
      wiring.metrics().followed();
      byName.accept(new RoomCommand.Follow(last(), context.getSelf()));
    } else {
      known.tell(new Got(last(), context.getSelf()));
    }
  }

  private long last() {
    return audience == null ? 0 : audience.history().last();
  }

  private Behavior<CopyCommand> onFollowing(Following following) {
    if (following.generation() < generation) {
      return Behaviors.same();
    }
    Audience known = audience;
    if (known == null) {
      History history = new History(following.epoch(), wiring.settings().historySize());
      if (following.first() > 1) {
        history.skipTo(following.first() - 1);
      }
      audience = new Audience(history, wiring.metrics(), new LastUse(wiring.nanoClock()), filler());
      readyAt = following.last();
    } else if (!known.history().epoch().equals(following.epoch())
        || following.last() < known.history().last()) {
      // Another life of the room.
      return end(RoomEnd.RESTARTED, Optional.empty());
    }
    generation = following.generation();
    if (!following.room().equals(room)) {
      room = following.room();
      context.watchWith(following.room(), new CopyCommand.RoomGone(following.room()));
    }
    timers.cancel(Tick.GIVE_UP);
    timers.startTimerWithFixedDelay(Tick.ASK, Tick.ASK, SAY_EVERY);
    openIfReady();
    return Behaviors.same();
  }

  private void onBatch(Batch batch) {
    Audience shownTo = audience;
    if (shownTo == null || isReading) {
      return;
    }
    History history = shownTo.history();
    if (batch.from() > history.last() + 1) {
      // One before it was lost.
      ask();
      return;
    }
    long seq = batch.from();
    for (CopyCommand.Shown next : batch.shown()) {
      switch (next) {
        case CopyCommand.Event(String eventId, byte[] json) -> {
          if (seq++ > history.last()) {
            append(shownTo, new EncodedEvent(sessionId, eventId, json));
          }
        }
        case CopyCommand.Text(Delta delta) -> {
          var _ = shownTo.wrote(delta);
        }
      }
    }
    shown(shownTo);
  }

  private void append(Audience shownTo, EncodedEvent event) {
    shownTo.appending(shownTo.history().last() + 1, event);
    if (shownTo.history().append(event)) {
      wiring.metrics().evicted();
    }
  }

  /// What was appended goes out, and when those who watch can take more, the room is told.
  private void shown(Audience shownTo) {
    openIfReady();
    long upTo = shownTo.history().last();
    shownTo.appended(
        () -> {
          if (room != null) {
            room.tell(new Got(upTo, context.getSelf()));
          }
        });
  }

  private void openIfReady() {
    Audience ready = audience;
    if (!isOpen && ready != null && ready.history().last() >= readyAt) {
      isOpen = true;
      copies.opened(sessionId, ready);
      waiting.forEach(each -> each.complete(Optional.empty()));
      waiting.clear();
    }
  }

  /// The room does not retain what comes next, and its log may.
  private void readMissed(long first) {
    if (audience != null && !isReading) {
      isReading = true;
      context.pipeToSelf(
          wiring.log().missed(sessionId, last(), MISSED_AT_ONCE),
          (reading, failure) ->
              new CopyCommand.Missed(reading == null ? Refused.STORE_UNAVAILABLE : reading, first));
    }
  }

  private void onMissed(Reading reading, long first) {
    isReading = false;
    Audience shownTo = audience;
    // When it could not be read, it is with the next tick.
    if (shownTo == null || !(reading instanceof Retained retained)) {
      return;
    }
    History history = shownTo.history();
    long before = history.last();
    for (RoomEvent event : retained.events()) {
      if (event.seq() > history.last()) {
        skipTo(history, event.seq());
        append(shownTo, event.encoded(sessionId));
      }
    }
    if (history.last() == before) {
      skipTo(history, first);
    }
    shown(shownTo);
  }

  /// Goes on with `seq`, although others may be missing.
  private void skipTo(History history, long seq) {
    long lost = seq - history.last() - 1;
    if (lost > 0) {
      LOG.warn("{} events of room {} are lost to the watchers of this node", lost, sessionId);
      history.skipTo(seq - 1);
    }
  }

  /// @param refused told to those who wait; nothing when they are to try again
  private Behavior<CopyCommand> end(RoomEnd why, Optional<Refused> refused) {
    close(why, refused);
    timers.cancelAll();
    if (room != null) {
      room.tell(new RoomCommand.Unfollow(context.getSelf()));
    }
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
    Audience last = audience;
    if (last != null) {
      copies.closed(sessionId, last);
      last.close(why);
    }
    waiting.forEach(each -> each.complete(refused));
    waiting.clear();
  }
}
