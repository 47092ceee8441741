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
  /// @param number by which `replyTo` knows who waits
  record Publish(
      EncodedEvent event, @Nullable Delivery delivery, long number, ActorRef<Answer> replyTo)
      implements Request {}

  /// A text goes on that is being written. Nobody waits for an answer.
  record Write(Delta delta) implements Request {}

  record Answer(long number, Published what) implements Remote {}

  /// Asks the room to be there for watchers of the sender's node, who are about to come.
  record Follow(ActorRef<FollowReply> replyTo) implements Request {}

  sealed interface FollowReply extends Remote {}

  /// @param first the first `seq` that is retained
  /// @param last the last `seq`
  record Following(String epoch, long first, long last) implements FollowReply {}

  record NotFollowing(Refused why) implements FollowReply {}

  /// The last watcher of this node has left.
  enum Unwatched implements RoomCommand {
    INSTANCE
  }

  /// The watchers that the last round woke have had their turn.
  enum RoundEnded implements RoomCommand {
    INSTANCE
  }

  /// The log was read.
  record Read(RoomLog.Opening opening) implements RoomCommand {}

  record Recorded(Pending pending) implements RoomCommand {}

  record NotRecorded(Pending pending, RoomLog.Failure why) implements RoomCommand {}

  /// Time to look whether the room is still in use.
  enum Idle implements RoomCommand {
    INSTANCE
  }

  /// Whether the room is still needed, asked when it has done what was waiting.
  enum Look implements RoomCommand {
    INSTANCE
  }

  /// Time to read the log again.
  enum Reopen implements RoomCommand {
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
