package dev.agentrooms.webui.room;

/// Why a room did not do what it was asked, or cannot say that it did. Asking again is safe, and
/// tells.
public enum Refused implements Published, Admission, Reading, Change {

  /// The room has no event, and too many like it are watched.
  TOO_MANY_EMPTY,

  /// The store is away, or too slow. What was asked for is not done, unless the store went away
  /// while doing it.
  STORE_UNAVAILABLE,

  /// There is no room on the store's disk.
  STORE_FULL,

  /// The room has not answered, or was stopped. What was asked for may be done all the same.
  UNANSWERED
}
