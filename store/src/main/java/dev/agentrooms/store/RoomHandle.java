package dev.agentrooms.store;

import org.jspecify.annotations.Nullable;

/// A writer's state of an open room. Mutable fields are used by its writer's thread only.
final class RoomHandle implements OpenRoom.Handle {

  // The precision of the time of last use, so that not every event has to update it.
  static final long USE_MILLIS = 1000;

  final String sessionId;
  final String epoch;
  final long generation;
  final int historySize;

  /// The id of the room's row; 0 while it has none.
  long id;

  /// The last committed `seq`.
  long last;

  /// The recorded time of last use.
  long usedAt;

  /// The failure of all further calls, until the room is opened again.
  volatile @Nullable StoreFailure lost;

  /// The failure of an append. Appends behind it fail with it, until one comes with the next
  /// `seq`.
  @Nullable StoreFailure broken;

  RoomHandle(String sessionId, String epoch, long generation, int historySize) {
    this.sessionId = sessionId;
    this.epoch = epoch;
    this.generation = generation;
    this.historySize = historySize;
  }

  @Override
  public long generation() {
    return generation;
  }

  void failed(StoreFailure why) {
    switch (why) {
      case StoreFailure.Fenced _, StoreFailure.OutcomeUnknown _ -> lost = why;
      case StoreFailure.Full _,
          StoreFailure.Unavailable _,
          StoreFailure.Unstorable _,
          StoreFailure.NameTaken _ ->
          broken = why;
    }
  }
}
