package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.tools.ToolResult;
import org.jspecify.annotations.Nullable;

/// Why a step has failed.
///
/// @param reason as `meta.reason` says it
/// @param status of the tool's HTTP answer, when there was one
/// @param detail for log and watchers; never text from the tool itself
/// @param meta further members of `meta` for watchers; null for none
public record Failure(
    String reason, @Nullable Integer status, String detail, @Nullable ObjectNode meta) {

  public Failure(String reason, @Nullable Integer status, String detail) {
    this(reason, status, detail, null);
  }

  public static Failure of(ToolResult.Failed failed) {
    return new Failure(
        failed.reason().word(),
        failed.status(),
        failed.detail(),
        failed.meta().isEmpty() ? null : failed.meta());
  }
}
