package dev.agentrooms.store;

import org.jspecify.annotations.Nullable;

/// What a writer knows of an open room. All that changes belongs to the one thread that writes it.
final class RoomHandle implements OpenRoom.Handle {

  // How far behind its last use a room may be, so that not each event has to say that it is in use.
  static final long USE_MILLIS = 1000;

  final String sessionId;
  final String epoch;
  final long generation;
  final int historySize;

  /// The room's row, 0 while it has none.
  long id;

  /// The last `seq` that is committed.
  long last;

  /// When it was last said to be in use.
  long usedAt;

  /// What the owner has to hear of all that comes until the room is opened anew.
  volatile @Nullable StoreFailure lost;

  /// Why the last event that failed did. Those behind it fail for that, until one comes that goes
  /// on where the log ends.
  @Nullable StoreFailure broken;

  RoomHandle(String sessionId, String epoch, long generation, int historySize) {
    this.sessionId = sessionId;
    this.epoch = epoch;
    this.generation = generation;
    this.historySize = historySize;
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
