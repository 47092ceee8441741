package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.ProgressAck;

/// What becomes of an event that a room is told of.
public sealed interface Published permits Published.Taken, Published.OutOfTurn, Refused {

  /// It is recorded, by this or by an earlier delivery.
  record Taken(ProgressAck ack) implements Published {}

  /// It is not what comes next of its producer, and is not recorded now.
  sealed interface OutOfTurn extends Published {}

  /// It was recorded before.
  ///
  /// @param highest the last request that was taken of this epoch
  record Repeated(long highest) implements OutOfTurn {}

  /// Its producer has begun a later epoch.
  record Stale(long epoch) implements OutOfTurn {}

  /// An epoch begins with 0.
  record NotAtZero() implements OutOfTurn {}

  /// What comes before it has not come.
  record Gap(long expected, long received) implements OutOfTurn {}
}
