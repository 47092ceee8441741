package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.Remote;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/// What a [Copy] is told.
sealed interface CopyCommand {

  /// What the room says. A room that has lost its owner to another may not have noticed: what comes
  /// from an older generation is dropped.
  sealed interface FromRoom extends CopyCommand, Remote {}

  /// The room sends its events from here on.
  ///
  /// @param generation of the owner; later owners have higher ones
  /// @param first the first `seq` that is retained, 0 when there is none
  /// @param last the last `seq`
  /// @param owner the user whom the session belongs to that has delivered there; null for nobody
  record Following(
      String epoch,
      long generation,
      long first,
      long last,
      @Nullable String owner,
      ActorRef<RoomCommand> room)
      implements FromRoom {}

  record NotFollowing(Refused why) implements FromRoom {}

  /// What comes next: events, and text that is being written between them.
  ///
  /// @param from the `seq` of the first event
  record Batch(long generation, long from, List<Shown> shown) implements FromRoom {

    public Batch {
      shown = List.copyOf(shown);
    }
  }

  sealed interface Shown {}

  /// @param json as the room's log has it
  record Event(String eventId, byte[] json) implements Shown {}

  record Text(Delta delta) implements Shown {}

  /// The copy has fallen so far behind that the room does not retain its next event any more.
  ///
  /// @param first the first `seq` that is retained
  record Overtaken(long generation, long first) implements FromRoom {}

  /// Somebody wants to watch here.
  ///
  /// @param ready completed when they can join, or with the reason why they cannot
  record Wanted(CompletableFuture<Optional<Refused>> ready) implements CopyCommand {}

  /// What the copy misses was read from the log.
  ///
  /// @param first the first `seq` that the room retained
  record Missed(Reading reading, long first) implements CopyCommand {}

  record RoomGone(ActorRef<RoomCommand> room) implements CopyCommand {}

  /// From those who watch here.
  record Told(Audience.Notice notice) implements CopyCommand {}

  enum Tick implements CopyCommand {
    /// Time to ask for the room again, or to say where the copy is.
    ASK,

    /// Time to look whether somebody still watches.
    LOOK,

    /// The room has not been found for too long.
    GIVE_UP
  }

  /// The last message.
  enum Stop implements CopyCommand {
    INSTANCE
  }
}
