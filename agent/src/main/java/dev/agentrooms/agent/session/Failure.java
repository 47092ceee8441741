package dev.agentrooms.agent.session;

import dev.agentrooms.tools.ToolResult;
import org.jspecify.annotations.Nullable;

/// Why a step has failed.
///
/// @param reason as `meta.reason` says it
/// @param status of the tool's HTTP answer, when there was one
/// @param detail for log and watchers; never text from the tool itself
public record Failure(String reason, @Nullable Integer status, String detail) {

  static Failure of(ToolResult.Failed failed) {
    return new Failure(failed.reason().word(), failed.status(), failed.detail());
  }
}
