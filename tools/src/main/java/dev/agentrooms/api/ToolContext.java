package dev.agentrooms.api;

import java.util.Map;

/// The call that a tool works for.
public interface ToolContext {

  String sessionId();

  String runId();

  /// The id of the call, the same in every attempt and after a crash: `RUN.STEP.N`.
  String callId();

  /// Tells those who watch how far the tool is. Waits while much of what was told before is still
  /// being recorded.
  default void progress(String message) {
    progress(message, Map.of());
  }

  /// The same, with figures.
  void progress(String message, Map<String, ?> meta);

  /// Text goes on that the tool writes, and that watchers see meanwhile.
  void delta(String text);

  /// Runs this once, on another thread, when the call is cancelled or has taken too long; at once
  /// when it has been. The tool's thread is interrupted as well.
  void onCancel(Runnable action);

  boolean isCancelled();
}
