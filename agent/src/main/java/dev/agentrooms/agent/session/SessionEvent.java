package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.session.Planner.Plan;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened in a session. The state is made of nothing else, and most of it is shown to the
/// watchers as it stands (see [Narrator]).
public sealed interface SessionEvent {

  Instant at();

  /// Something that happened to one run.
  sealed interface RunEvent extends SessionEvent {
    String runId();
  }

  /// @param keys those of the request
  record RunAccepted(RunSpec spec, List<KeyUse> keys) implements RunEvent {

    public RunAccepted {
      keys = List.copyOf(keys);
    }

    @Override
    public String runId() {
      return spec.runId();
    }

    @Override
    public Instant at() {
      return spec.createdAt();
    }
  }

  record RunQueued(String runId, Instant at) implements RunEvent {}

  record RunStarted(String runId, Plan plan, Instant at) implements RunEvent {}

  /// @param input what the tool is sent; null when the run lacks what the tool needs
  record StageStarted(String runId, int stage, @Nullable JsonNode input, Instant at)
      implements RunEvent {}

  record ToolFailedOnce(String runId, ToolResult.Failed failure, Instant at) implements RunEvent {}

  record ToolRetried(String runId, Instant at) implements RunEvent {}

  record StageDone(String runId, JsonNode output, Instant at) implements RunEvent {}

  record ToolFailed(String runId, ToolResult.Failed failure, Instant at) implements RunEvent {}

  record RunSucceeded(String runId, JsonNode result, Instant at) implements RunEvent {}

  record RunFailed(String runId, String error, Instant at) implements RunEvent {}

  record CancelRequested(String runId, String reason, Instant at) implements RunEvent {}

  /// @param abandonedTool the tool that did not stop, when one did not
  record RunCancelled(String runId, String reason, @Nullable Tool abandonedTool, Instant at)
      implements RunEvent {}

  record SessionDeleted(Instant at) implements SessionEvent {}

  /// A run was asked for again, under further keys.
  record KeysAdded(List<KeyUse> keys, Instant at) implements SessionEvent {

    public KeysAdded {
      keys = List.copyOf(keys);
    }
  }

  /// A key that was used.
  ///
  /// @param key as [SessionCommand.Key] has it
  /// @param fingerprint digest of the request's body
  /// @param status how the request was answered
  record KeyUse(String key, String fingerprint, String runId, String status) {}
}
