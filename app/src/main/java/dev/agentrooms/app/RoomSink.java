package dev.agentrooms.app;

import dev.agentrooms.agent.ProgressSink;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.webui.room.Published;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.Rooms;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Hands progress to the rooms of the same process.
record RoomSink(Rooms rooms) implements ProgressSink {

  @Override
  public CompletionStage<Outcome> deliver(
      ProgressEvent event, Delivery delivery, @Nullable String traceparent) {
    return rooms
        .publish(event, delivery)
        .thenApply(
            published ->
                switch (published) {
                  case Published.Taken taken -> Outcome.DELIVERED;
                  case Published.OutOfTurn _ -> Outcome.DELIVERED;
                  case Refused refused -> Outcome.UNREACHABLE;
                });
  }

  @Override
  public CompletionStage<Outcome> write(Delta delta) {
    rooms.write(delta);
    return CompletableFuture.completedFuture(Outcome.DELIVERED);
  }
}
