package dev.agentrooms.app;

import dev.agentrooms.agent.ProgressSink;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.webui.room.Rooms;
import java.util.concurrent.CompletionStage;

/// Hands progress to the rooms of the same process.
record RoomSink(Rooms rooms) implements ProgressSink {

  @Override
  public CompletionStage<Delivery> deliver(ProgressEvent event) {
    return rooms
        .publish(event)
        .handle((ack, failure) -> ack == null ? Delivery.UNREACHABLE : Delivery.DELIVERED);
  }
}
