package dev.agentrooms.bench;

/// Who is told of each event that a socket gets.
interface EventSink {

  /// @param number the event's
  /// @param now when it was read
  void received(int number, long now);
}
