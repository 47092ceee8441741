package dev.agentrooms.webui.room;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/// A room that this node holds, as the rest of the node sees it: what it retains and who watches,
/// to be used on any thread, and a way to tell it of events.
///
/// The two actors of sharding that every other message to an entity passes would cost as much as
/// the room's own turn. What keeps the short way safe is a count of those who are about to tell the
/// room something: it asks to be stopped only after the last of them has.
final class LocalRoom {

  private static final int CLOSED = Integer.MIN_VALUE;

  private final ActorRef<RoomCommand> room;
  private final History history;
  private final Audience audience;
  private final LastUse lastUse;
  private final Supplier<@Nullable String> owner;
  private final AtomicInteger telling = new AtomicInteger();

  /// @param owner the user whom the session belongs to that has delivered here
  LocalRoom(
      ActorRef<RoomCommand> room,
      History history,
      Audience audience,
      LastUse lastUse,
      Supplier<@Nullable String> owner) {
    this.owner = owner;
    this.room = room;
    this.history = history;
    this.audience = audience;
    this.lastUse = lastUse;
  }

  /// The retained events later than `after`, oldest first, `limit` at most.
  Retained read(long after, int limit) {
    lastUse.now();
    return history.retained(after, limit);
  }

  boolean isOf(String user) {
    return user.equals(owner.get());
  }

  Audience audience() {
    return audience;
  }

  /// @return false when the room leaves, and its next life is to be told
  boolean tell(RoomCommand.Request request) {
    int before = telling.get();
    while (before >= 0 && !telling.compareAndSet(before, before + 1)) {
      before = telling.get();
    }
    if (before < 0) {
      return false;
    }
    room.tell(request);
    if (telling.decrementAndGet() == CLOSED) {
      room.tell(RoomCommand.AllTold.INSTANCE);
    }
    return true;
  }

  /// From here on [#tell] tells nothing. The room hears of it behind the last that was told.
  void close() {
    if (shut()) {
      room.tell(RoomCommand.AllTold.INSTANCE);
    }
  }

  /// As [#close], for a room that has stopped and hears nothing any more.
  ///
  /// @return whether nobody was about to tell it something
  boolean shut() {
    return telling.getAndUpdate(before -> before < 0 ? before : before + CLOSED) == 0;
  }
}
