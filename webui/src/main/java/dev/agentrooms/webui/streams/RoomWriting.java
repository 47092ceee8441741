package dev.agentrooms.webui.streams;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.store.StreamAppend;
import dev.agentrooms.webui.room.Producer;
import dev.agentrooms.webui.room.Published;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.Rooms;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What is posted to the stream of a room: progress, published one event after the other.
final class RoomWriting {

  private final Rooms rooms;
  private final BiConsumer<ProgressEvent, ProgressAck> pushed;

  RoomWriting(Rooms rooms, BiConsumer<ProgressEvent, ProgressAck> pushed) {
    this.rooms = rooms;
    this.pushed = pushed;
  }

  /// @param outOfTurn why the room has not taken an event; null when it has taken all
  record Outcome(Published.@Nullable OutOfTurn outOfTurn) {}

  /// The events of a body.
  ///
  /// @throws InvalidField naming what cannot be right in one
  static List<ProgressEvent> events(String sessionId, List<byte[]> messages) {
    if (messages.size() > Producer.MOST_PARTS) {
      throw new InvalidField(
          "", "A room takes up to " + Producer.MOST_PARTS + " events at a time.");
    }
    List<ProgressEvent> events = new ArrayList<>();
    for (byte[] message : messages) {
      Fields fields = Json.parseObject(message);
      if (fields.node() instanceof ObjectNode event && !event.has("session_id")) {
        event.put("session_id", sessionId);
      }
      ProgressEvent event = ProgressEvent.from(fields);
      if (!event.sessionId().equals(sessionId)) {
        throw new InvalidField("session_id", "session_id must be that of the path");
      }
      events.add(event);
    }
    return events;
  }

  CompletionStage<Void> all(List<ProgressEvent> events) {
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (ProgressEvent event : events) {
      all =
          all.thenCompose(done -> rooms.publish(event, null))
              .thenAccept(
                  published -> {
                    var _ = taken(event, published);
                  });
    }
    return all;
  }

  /// Publishes the events of one request of a producer that numbers them.
  CompletionStage<Outcome> inTurn(List<ProgressEvent> events, StreamAppend.Producer by) {
    CompletionStage<Outcome> all = CompletableFuture.completedFuture(new Outcome(null));
    for (int i = 0; i < events.size(); i++) {
      ProgressEvent event = events.get(i);
      Producer place = new Producer(by.id(), by.epoch(), by.seq(), i + 1, events.size());
      all =
          all.thenCompose(
              before ->
                  isOver(before)
                      ? CompletableFuture.completedFuture(before)
                      : rooms
                          .publishInTurn(event, place)
                          .thenApply(published -> new Outcome(taken(event, published))));
    }
    return all;
  }

  // Behind events that were there before, others may be new: a server went away between them.
  private static boolean isOver(Outcome outcome) {
    return switch (outcome.outOfTurn()) {
      case null -> false;
      case Published.Repeated _ -> false;
      case Published.Stale _, Published.NotAtZero _, Published.Gap _ -> true;
    };
  }

  /// @return why it is out of turn; null when it is recorded
  private Published.@Nullable OutOfTurn taken(ProgressEvent event, Published published) {
    return switch (published) {
      case Published.Taken(ProgressAck ack) -> {
        pushed.accept(event, ack);
        yield null;
      }
      case Published.OutOfTurn why -> why;
      case Refused why -> throw new RoomStreams.RoomRefused(why, event.sessionId());
    };
  }
}
