package dev.agentrooms.agent;

import dev.agentrooms.agent.Run.CallId;
import dev.agentrooms.protocol.OnBusy;
import org.jspecify.annotations.Nullable;

/// What a session is told. [SessionDecisions] says what comes of it.
sealed interface SessionCommand {

  /// @param turn whether the run may start at once, as [SessionDecisions#admit] and the slots said
  record Start(RunSpec spec, OnBusy onBusy, @Nullable Key key, Turn turn)
      implements SessionCommand {

    Start with(Turn given) {
      return new Start(spec, onBusy, key, given);
    }
  }

  enum Turn {
    NOW,
    LATER
  }

  /// @param key digest of the client's key
  /// @param fingerprint digest of the body that came with it
  record Key(String key, String fingerprint) {}

  /// A slot is free for a run that waited.
  record TakeTurn(String runId) implements SessionCommand {}

  record EndCall(CallId call, ToolResult result) implements SessionCommand {}

  record Retry(CallId call) implements SessionCommand {}

  /// @param runId the run in flight when null
  record Cancel(@Nullable String runId, String reason) implements SessionCommand {}

  /// The tool of a cancelled run has had its time to stop.
  record Abandon(String runId) implements SessionCommand {}

  /// Every run, in flight or waiting.
  record CancelAll(String reason) implements SessionCommand {}

  record Delete(String reason) implements SessionCommand {}

  /// A run cannot go on because of a mistake of ours.
  record Break(String runId, String error) implements SessionCommand {}
}
