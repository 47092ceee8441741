package dev.agentrooms.tools;

import java.util.concurrent.CompletionStage;

/// Where a session has its tools called. A port: HTTP services stand behind it.
public interface Toolbox {

  /// Starts one attempt and returns at once.
  Attempt call(ToolCall call);

  /// An attempt under way.
  interface Attempt {

    /// Completes, never exceptionally, once the tool has ended: with its result or, after
    /// [#cancel()], once it has let go.
    CompletionStage<ToolResult> ended();

    /// Tells the tool to stop. May be called at any time and more than once.
    void cancel();
  }
}
