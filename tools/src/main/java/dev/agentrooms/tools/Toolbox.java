package dev.agentrooms.tools;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Port through which a session calls tools; implemented over HTTP.
public interface Toolbox {

  /// Starts one attempt and returns at once.
  ///
  /// @param observer hears of the attempt until it has ended
  Attempt call(ToolCall call, CallObserver observer);

  /// An attempt of which nobody hears before it has ended.
  default Attempt call(ToolCall call) {
    return call(call, CallObserver.NONE);
  }

  /// An attempt under way.
  interface Attempt {

    /// Completes, never exceptionally, with the result or, after [#cancel()], when the connection
    /// is closed.
    CompletionStage<ToolResult> ended();

    /// Stops the call. May be called at any time, and repeatedly.
    void cancel();

    /// One that has ended before it began.
    static Attempt ended(ToolResult result) {
      return new Attempt() {
        @Override
        public CompletionStage<ToolResult> ended() {
          return CompletableFuture.completedStage(result);
        }

        @Override
        public void cancel() {
          // Ended already.
        }
      };
    }
  }
}
