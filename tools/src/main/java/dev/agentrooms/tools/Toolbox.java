package dev.agentrooms.tools;

import java.util.concurrent.CompletionStage;

/// Port through which a session calls tools; implemented over HTTP.
public interface Toolbox {

  /// Starts one attempt and returns at once.
  Attempt call(ToolCall call);

  /// An attempt under way.
  interface Attempt {

    /// Completes, never exceptionally, with the result or, after [#cancel()], when the connection
    /// is closed.
    CompletionStage<ToolResult> ended();

    /// Stops the call. May be called at any time, and repeatedly.
    void cancel();
  }
}
