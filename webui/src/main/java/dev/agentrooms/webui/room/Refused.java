package dev.agentrooms.webui.room;

/// Why a room did not do what it was asked. Nothing of it was done.
public enum Refused implements Published, Admission, Reading {

  /// The room has no event, and too many like it are watched.
  TOO_MANY_EMPTY,

  /// The store is away, or too slow.
  STORE_UNAVAILABLE,

  /// There is no room on the store's disk.
  STORE_FULL,

  /// The room has not answered. What was asked for may be done all the same.
  UNANSWERED
}
