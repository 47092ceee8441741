package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.Remote;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/// What a [Room] is told.
sealed interface RoomCommand {

  /// What others ask, on whatever node they are; sharding hands it over to the next life of a room
  /// that is leaving.
  sealed interface Request extends RoomCommand, Remote {}

  /// @param delivery which one of its session's it is; null when the producer does not say
  /// @param producer which one of its producer's it is; null for one that numbers nothing
  /// @param number by which `replyTo` knows who waits
  record Publish(
      EncodedEvent event,
      @Nullable Delivery delivery,
      @Nullable Producer producer,
      long number,
      ActorRef<Answer> replyTo)
      implements Request {}

  /// Records the room, which need not have an event.
  record Make(ActorRef<Changed> replyTo) implements Request {}

  /// Removes the room and its events. Who watches is sent away, and finds its next life.
  record Forget(ActorRef<Changed> replyTo) implements Request {}

  record Changed(Change what) implements Remote {}

  /// A text goes on that is being written. Nobody waits for an answer.
  record Write(Delta delta) implements Request {}

  record Answer(long number, Published what) implements Remote {}

  /// Asks the room to be there for watchers of the sender's node, who are about to come.
  record Find(ActorRef<FindReply> replyTo) implements Request {}

  /// Asks whether the room's events are this user's. If the session is, they become so: what there
  /// is of another user goes.
  ///
  /// @param isTheirSession whether the session belongs to them now
  record Whose(String user, boolean isTheirSession, ActorRef<WhoseReply> replyTo)
      implements Request {}

  sealed interface WhoseReply extends Remote {}

  /// @param isTheirs whether they may see what is in the room
  record OfUser(boolean isTheirs) implements WhoseReply {}

  record OfWhomIsNotKnown(Refused why) implements WhoseReply {}

  sealed interface FindReply extends Remote {}

  /// @param room as its own node's actors know it, or another node's
  record Found(ActorRef<RoomCommand> room) implements FindReply {}

  record NotFound(Refused why) implements FindReply {}

  /// Asks for all events behind `after`, those included that are still to come, until [Unfollow].
  /// The first answer is [CopyCommand.Following].
  ///
  /// @param after 0 for all that is retained
  record Follow(long after, ActorRef<CopyCommand> copy) implements Request {}

  /// The copy has shown all events up to `seq`, and has room for the next batch.
  record Got(long seq, ActorRef<CopyCommand> copy) implements RoomCommand, Remote {}

  /// The copy ends, or its node is gone.
  record Unfollow(ActorRef<CopyCommand> copy) implements RoomCommand, Remote {}

  /// From those who watch on the room's own node.
  record Told(Audience.Notice notice) implements RoomCommand {}

  /// The log was read.
  record Read(RoomLog.Opening opening) implements RoomCommand {}

  record Recorded(Pending pending) implements RoomCommand {}

  record NotRecorded(Pending pending, RoomLog.Failure why) implements RoomCommand {}

  /// How far a producer has come is recorded, or is not.
  ///
  /// @param seq of the event, which was there before
  record Produced(Publish publish, long seq, boolean isRecorded) implements RoomCommand {}

  /// @param change of the recorded room, as the log has it
  record Made(ActorRef<Changed> replyTo, Change change) implements RoomCommand {}

  record Forgotten(ActorRef<Changed> replyTo, boolean isGone) implements RoomCommand {}

  /// Time to look whether the room is still in use.
  enum Idle implements RoomCommand {
    INSTANCE
  }

  /// Whether the room is still needed, asked when it has done what was waiting.
  enum Look implements RoomCommand {
    INSTANCE
  }

  /// A copy may have been silent for so long that nobody waits for it any more.
  enum Late implements RoomCommand {
    INSTANCE
  }

  /// Time to read the log again.
  enum Reopen implements RoomCommand {
    INSTANCE
  }

  /// The room's events have been removed, or could not be.
  enum Removed implements RoomCommand {
    INSTANCE
  }

  /// Nobody tells the room anything any more but through sharding.
  enum AllTold implements RoomCommand {
    INSTANCE
  }

  /// The last message, from the shard.
  enum Stop implements RoomCommand {
    INSTANCE
  }
}
