package dev.agentrooms.webui.room;

import dev.agentrooms.http.Asks;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/// The copies of this node: rooms that another node has, and that somebody watches here.
final class Copies {

  /// Makes a copy.
  interface Maker {

    /// @param shown those who watch already, and what they have been shown; null for a copy that
    ///     begins with what the room retains
    Behavior<CopyCommand> make(
        String sessionId, @Nullable Audience shown, ActorRef<Command> copies);
  }

  sealed interface Command {}

  /// Somebody wants to watch a room.
  record Want(String sessionId, CompletableFuture<Optional<Refused>> ready) implements Command {}

  /// A room leaves this node, and its watchers do not.
  record Adopt(String sessionId, Audience shown) implements Command {}

  /// A copy lets nobody in any more.
  record Ending(String sessionId, ActorRef<CopyCommand> copy) implements Command {}

  private final Map<String, Audience> audiences = new ConcurrentHashMap<>();
  private @Nullable ActorRef<Command> keeper;

  /// Begins to make copies.
  ///
  /// @param props of each
  void start(ActorSystem<?> system, Props props, Function<Copies, Maker> maker) {
    keeper =
        system.systemActorOf(
            Behaviors.setup(context -> new Keeper(context, props, maker.apply(this)).keep()),
            "room-copies",
            Props.empty());
  }

  /// Those who watch a copy that can be joined; null when there is none.
  @Nullable Audience audience(String sessionId) {
    return audiences.get(sessionId);
  }

  int count() {
    return audiences.size();
  }

  /// Makes sure that there is a copy.
  ///
  /// @return the reason when there cannot be one
  CompletionStage<Optional<Refused>> want(String sessionId) {
    CompletableFuture<Optional<Refused>> ready = new CompletableFuture<>();
    ActorRef<Command> told = keeper;
    if (told == null) {
      ready.complete(Optional.of(Refused.UNANSWERED));
    } else {
      told.tell(new Want(sessionId, ready));
    }
    return ready.completeOnTimeout(
        Optional.of(Refused.UNANSWERED), Asks.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Keeps the watchers of a room that leaves this node.
  void adopt(String sessionId, Audience shown) {
    ActorRef<Command> told = keeper;
    if (told == null || audiences.putIfAbsent(sessionId, shown) != null) {
      shown.close(RoomEnd.RESTARTED);
    } else {
      told.tell(new Adopt(sessionId, shown));
    }
  }

  void opened(String sessionId, Audience audience) {
    audiences.put(sessionId, audience);
  }

  void closed(String sessionId, Audience audience) {
    audiences.remove(sessionId, audience);
  }

  private static final class Keeper {

    private final ActorContext<Command> context;
    private final Props props;
    private final Maker maker;
    private final Map<String, ActorRef<CopyCommand>> copies = new HashMap<>();

    Keeper(ActorContext<Command> context, Props props, Maker maker) {
      this.context = context;
      this.props = props;
      this.maker = maker;
    }

    Behavior<Command> keep() {
      return Behaviors.receiveMessage(
          command -> {
            switch (command) {
              case Want(String sessionId, var ready) ->
                  copies
                      .computeIfAbsent(sessionId, id -> make(id, null))
                      .tell(new CopyCommand.Wanted(ready));
              case Adopt(String sessionId, Audience shown) -> {
                if (copies.containsKey(sessionId)) {
                  // It has watchers of its own already, and cannot have two histories.
                  shown.close(RoomEnd.RESTARTED);
                } else {
                  copies.put(sessionId, make(sessionId, shown));
                }
              }
              case Ending(String sessionId, var copy) -> {
                copies.remove(sessionId, copy);
                // Behind all that it was told, so that nobody is left without an answer.
                copy.tell(CopyCommand.Stop.INSTANCE);
              }
            }
            return Behaviors.same();
          });
    }

    private ActorRef<CopyCommand> make(String sessionId, @Nullable Audience shown) {
      return context.spawnAnonymous(maker.make(sessionId, shown, context.getSelf()), props);
    }
  }
}
