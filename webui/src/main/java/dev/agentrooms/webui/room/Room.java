package dev.agentrooms.webui.room;

import dev.agentrooms.webui.room.RoomCommand.Find;
import dev.agentrooms.webui.room.RoomCommand.Follow;
import dev.agentrooms.webui.room.RoomCommand.Publish;
import dev.agentrooms.webui.room.RoomCommand.Unfollow;
import dev.agentrooms.webui.room.RoomLog.Failure;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// The numbered log of one session: it gives each event its `seq`, once, and has it recorded. An
/// event is in the history, is answered and is shown when it is recorded, and not before.
///
/// A room is there for its events and its watchers. Without both it passivates as soon as it has
/// answered; with watchers alone it is counted in [EmptyRooms].
final class Room {

  private final Surroundings around;
  private final RoomWiring wiring;
  private final History history;
  private final Ledger ledger;
  private final Audience audience;
  private final Followers followers;
  private final LocalRoom here;
  private final Presence presence;
  private final Showing showing;
  private final Recorder recorder;
  private final Intake intake;
  private final Keeping keeping;

  private Room(Surroundings around, RoomLog.Opened opened) {
    this.around = around;
    this.wiring = around.wiring();
    this.presence = new Presence(around);
    this.history = new History(opened.epoch(), wiring.settings().historySize());
    this.history.restore(opened.last(), opened.events());
    this.ledger = new Ledger(history, opened.delivered(), opened.before(), opened.producers());
    this.recorder = new Recorder(around, history, ledger, opened.writer());
    this.intake = new Intake(around, history, ledger, recorder);
    this.keeping = new Keeping(around, history, recorder, opened.isThere());
    var self = around.context().getSelf();
    this.audience =
        new Audience(
            history,
            wiring.metrics(),
            presence.lastUse(),
            told -> self.tell(new RoomCommand.Told(told)));
    this.followers =
        new Followers(around, history, audience.drafts(), recorder::generation, ledger::owner);
    this.showing = new Showing(around, history, ledger, intake, presence, audience, followers);
    this.here = new LocalRoom(self, history, audience, presence.lastUse(), ledger::owner);
  }

  /// A room that has been read.
  static Behavior<RoomCommand> living(Surroundings around, RoomLog.Opened opened) {
    return new Room(around, opened).living();
  }

  private Behavior<RoomCommand> living() {
    if (!history.isEmpty()) {
      wiring.metrics().roomOpened();
    }
    presence.lastUse().now();
    presence.lookIn(wiring.settings().ttl());
    wiring.here().put(around.sessionId(), here);
    return Behaviors.receive(RoomCommand.class)
        .onAnyMessage(this::carryOut)
        .onSignal(
            PostStop.class,
            stopped -> {
              close(RoomEnd.RESTARTED);
              here.shut();
              return Behaviors.same();
            })
        .build();
  }

  private Behavior<RoomCommand> carryOut(RoomCommand command) {
    switch (command) {
      case Publish publish -> {
        presence.lastUse().now();
        if (ledger.isTakenOverBy(publish)) {
          return onTakenOver(publish);
        }
        onPublish(publish);
      }
      case RoomCommand.Whose whose -> {
        return onWhose(whose);
      }
      case Find find -> onFind(find);
      case Follow follow -> onFollow(follow);
      case RoomCommand.Make make -> {
        keeping.make(make);
        lookWhetherNeedless();
      }
      case RoomCommand.Forget forget -> {
        keeping.forget(forget);
        lookWhetherNeedless();
      }
      case RoomCommand.Produced produced -> intake.produced(produced);
      case RoomCommand.Made made -> {
        keeping.made(made);
        lookWhetherNeedless();
      }
      case RoomCommand.Forgotten(var replyTo, boolean isGone) -> {
        replyTo.tell(
            new RoomCommand.Changed(isGone ? new Change.Done(true) : Refused.STORE_UNAVAILABLE));
        return leaving();
      }
      case RoomCommand.Write(var delta) -> {
        presence.lastUse().now();
        followers.wrote(audience.wrote(delta));
        lookWhetherNeedless();
      }
      case RoomCommand.Got got -> followers.got(got);
      case Unfollow unfollow -> onUnfollow(unfollow);
      case RoomCommand.Late late -> followers.letGo();
      case RoomCommand.Recorded(Pending pending) -> onRecorded(pending);
      case RoomCommand.NotRecorded(Pending pending, Failure why) -> {
        return onNotRecorded(pending, why);
      }
      case RoomCommand.Told(Audience.Notice notice) -> {
        switch (notice) {
          case ROUND_ENDED -> audience.onRoundEnded();
          case UNWATCHED -> lookWhetherNeedless();
        }
      }
      case RoomCommand.Reopen reopen -> recorder.reopen();
      case RoomCommand.Read(RoomLog.NotOpened(Refused why)) -> recorder.onNotReopened(why);
      case RoomCommand.Read(RoomLog.Opened opened) -> {
        return onReopened(opened);
      }
      case RoomCommand.Idle _ -> {
        return onIdle();
      }
      case RoomCommand.Look _ -> {
        return isNeedless() && audience.closeIfUnwatched() ? leaving() : Behaviors.same();
      }
      case RoomCommand.Stop _ -> {
        return Behaviors.stopped();
      }
      case RoomCommand.AllTold _, RoomCommand.Removed _ -> {}
    }
    return Behaviors.same();
  }

  private Behavior<RoomCommand> onWhose(RoomCommand.Whose whose) {
    String owner = ledger.owner();
    if (whose.isTheirSession() && owner != null && !owner.equals(whose.user())) {
      return onTakenOver(whose);
    }
    whose
        .replyTo()
        .tell(new RoomCommand.OfUser(whose.isTheirSession() || whose.user().equals(owner)));
    lookWhetherNeedless();
    return Behaviors.same();
  }

  /// Somebody else has the session's id now: nothing of what there is was for them, and nothing of
  /// what comes is for those who watch.
  private Behavior<RoomCommand> onTakenOver(RoomCommand.Request by) {
    if (!recorder.isSettled()) {
      around.refuse(by, Refused.UNANSWERED);
      return Behaviors.same();
    }
    close(RoomEnd.TAKEN_OVER);
    here.close();
    return around.leavingWhen(recorder.forget(), by);
  }

  private void onPublish(Publish publish) {
    Pending recorded = intake.publish(publish);
    if (recorded != null) {
      onRecorded(recorded);
    }
  }

  private void onRecorded(Pending pending) {
    if (!pending.isDropped()) {
      showing.show(pending);
      pending.again().forEach(this::onPublish);
    }
  }

  private Behavior<RoomCommand> onNotRecorded(Pending failed, Failure why) {
    if (!recorder.onFailure(failed, why)) {
      return leaving();
    }
    lookWhetherNeedless();
    return Behaviors.same();
  }

  private Behavior<RoomCommand> onReopened(RoomLog.Opened opened) {
    List<EncodedEvent> missed = recorder.onReopened(opened);
    List<Publish> held = recorder.takeWaiting();
    if (missed == null) {
      held.forEach(around.nextLife());
      return leaving();
    }
    ledger.reopened(opened.producers());
    showing.show(missed, opened.delivered());
    held.forEach(this::onPublish);
    lookWhetherNeedless();
    return Behaviors.same();
  }

  private void onFind(Find find) {
    if (isLetIn(find)) {
      presence.lookIn(history.isEmpty() ? Presence.FOUND : wiring.settings().ttl());
      find.replyTo().tell(new RoomCommand.Found(around.context().getSelf()));
    }
  }

  private void onFollow(Follow follow) {
    if (isLetIn(follow) && followers.follow(follow)) {
      around.context().watchWith(follow.copy(), new Unfollow(follow.copy()));
    }
  }

  private boolean isLetIn(RoomCommand.Request watcher) {
    if (history.isEmpty() && !presence.countAsEmpty()) {
      around.refuse(watcher, Refused.TOO_MANY_EMPTY);
      lookWhetherNeedless();
      return false;
    }
    presence.lastUse().now();
    return true;
  }

  private void onUnfollow(Unfollow unfollow) {
    if (followers.remove(unfollow.copy())) {
      around.context().unwatch(unfollow.copy());
      presence.lastUse().now();
      lookWhetherNeedless();
    }
  }

  private Behavior<RoomCommand> onIdle() {
    Duration ttl = wiring.settings().ttl();
    if (isWatched()) {
      presence.lastUse().now();
      recorder.touch();
      // The store, too, forgets what was not in use for so long.
      presence.lookIn(ttl.dividedBy(2));
      return Behaviors.same();
    }
    Duration left = presence.left();
    if ((isNeedless() || !left.isPositive())
        && recorder.isSettled()
        && audience.closeIfUnwatched()) {
      var _ = recorder.forget();
      return leaving();
    }
    recorder.touch();
    presence.lookIn(left.isPositive() ? left : ttl);
    return Behaviors.same();
  }

  /// Not at once: an event may wait behind what was asked.
  private void lookWhetherNeedless() {
    if (isNeedless()) {
      around.context().getSelf().tell(RoomCommand.Look.INSTANCE);
    }
  }

  private boolean isNeedless() {
    return history.isEmpty() && recorder.isSettled() && !keeping.isBusy() && !isWatched();
  }

  private boolean isWatched() {
    return audience.isWatched() || !followers.isEmpty();
  }

  private Behavior<RoomCommand> leaving() {
    close(RoomEnd.RESTARTED);
    here.close();
    return around.leaving();
  }

  /// Nobody may wait for a room that is gone.
  private void close(RoomEnd why) {
    wiring.here().remove(around.sessionId(), here);
    if (!history.isEmpty()) {
      // Before the next life can ask for its epoch.
      wiring.epochs().ended(around.sessionId());
      wiring.metrics().roomClosed();
    }
    presence.noLongerEmpty();
    if (why == RoomEnd.RESTARTED && wiring.log().lasts() && audience.isWatched()) {
      wiring.copies().adopt(around.sessionId(), audience);
    } else {
      audience.close(why);
    }
    followers.close();
    recorder.close();
  }
}
