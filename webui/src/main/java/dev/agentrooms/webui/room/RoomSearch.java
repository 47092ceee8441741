package dev.agentrooms.webui.room;

import dev.agentrooms.webui.room.CopyCommand.Tick;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/// Where the room of a copy is: it is asked for until some node has it, and again when that node
/// has it no longer.
final class RoomSearch {

  /// How often the room is asked for while it is not there.
  private static final Duration ASK_EVERY = Duration.ofSeconds(1);

  /// How often a copy that has its room says where it is. A batch may have been lost.
  private static final Duration SAY_EVERY = Duration.ofSeconds(5);

  /// How long watchers wait for a room that is not there.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ActorContext<CopyCommand> context;
  private final TimerScheduler<CopyCommand> timers;
  private final RoomMetrics metrics;
  private final Consumer<RoomCommand.Request> byName;
  private @Nullable ActorRef<RoomCommand> room;
  private boolean isOn;

  /// @param byName tells the room, wherever it is
  RoomSearch(
      ActorContext<CopyCommand> context,
      TimerScheduler<CopyCommand> timers,
      RoomMetrics metrics,
      Consumer<RoomCommand.Request> byName) {
    this.context = context;
    this.timers = timers;
    this.metrics = metrics;
    this.byName = byName;
  }

  /// @param last the `seq` of the copy's last event
  void begin(long last) {
    if (!isOn) {
      isOn = true;
      metrics.searchBegun();
    }
    timers.startSingleTimer(Tick.GIVE_UP, Tick.GIVE_UP, PATIENCE);
    timers.startTimerWithFixedDelay(Tick.ASK, Tick.ASK, ASK_EVERY);
    ask(last);
  }

  /// Asks for the room, or tells it where the copy is.
  void ask(long last) {
    if (room == null) {
      metrics.followed();
      byName.accept(new RoomCommand.Follow(last, context.getSelf()));
    } else {
      tell(last);
    }
  }

  /// Tells the room that the copy has shown all events up to `last`.
  void tell(long last) {
    if (room != null) {
      room.tell(new RoomCommand.Got(last, context.getSelf()));
    }
  }

  void found(ActorRef<RoomCommand> there) {
    if (!there.equals(room)) {
      room = there;
      context.watchWith(there, new CopyCommand.RoomGone(there));
    }
    over();
    timers.cancel(Tick.GIVE_UP);
    timers.startTimerWithFixedDelay(Tick.ASK, Tick.ASK, SAY_EVERY);
  }

  /// A room has stopped, or its node is gone.
  void gone(ActorRef<RoomCommand> which, long last) {
    if (which.equals(room)) {
      room = null;
      begin(last);
    }
  }

  /// Found, or nobody searches any more.
  void over() {
    if (isOn) {
      isOn = false;
      metrics.searchEnded();
    }
  }

  void end() {
    over();
    timers.cancelAll();
    if (room != null) {
      room.tell(new RoomCommand.Unfollow(context.getSelf()));
    }
  }
}
