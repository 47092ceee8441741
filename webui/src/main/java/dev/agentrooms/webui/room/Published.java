package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.ProgressAck;

/// What becomes of an event that a room is told of.
public sealed interface Published permits Published.Taken, Refused {

  /// It is recorded, by this or by an earlier delivery.
  record Taken(ProgressAck ack) implements Published {}
}
