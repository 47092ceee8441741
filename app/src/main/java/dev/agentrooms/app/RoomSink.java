package dev.agentrooms.app;

import dev.agentrooms.agent.ProgressSink;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.webui.room.Published;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.Rooms;
import java.util.concurrent.CompletionStage;

/// Hands progress to the rooms of the same process.
record RoomSink(Rooms rooms) implements ProgressSink {

  @Override
  public CompletionStage<Delivery> deliver(ProgressEvent event) {
    return rooms
        .publish(event, null)
        .thenApply(
            published ->
                switch (published) {
                  case Published.Taken taken -> Delivery.DELIVERED;
                  case Refused refused -> Delivery.UNREACHABLE;
                });
  }
}
