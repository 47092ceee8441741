package dev.agentrooms.tools;

/// Hears what a tool says of its work while it is at it.
///
/// What is said of a call is heard in order, before the call's result. What is said after a cancel
/// is dropped.
@FunctionalInterface
public interface CallObserver {

  /// Hears nothing.
  CallObserver NONE = progress -> {};

  /// May block while much of what was said before is still being recorded, so a tool calls this on
  /// a thread that may wait. When that thread is interrupted, it returns at once.
  void progress(Progress progress);

  /// Text goes on that the tool writes, and that watchers see meanwhile. Never blocks.
  ///
  /// @param more whole characters; what has half of a surrogate pair is dropped
  default void delta(String more) {}
}
