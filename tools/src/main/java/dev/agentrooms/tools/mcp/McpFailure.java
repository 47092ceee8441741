package dev.agentrooms.tools.mcp;

import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.ToolResult.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Why a server could not be asked, or did not answer. Without a stack trace, because it is an
/// answer and not a bug.
final class McpFailure extends RuntimeException {

  private final Reason reason;
  private final @Nullable Integer status;
  private final @Nullable Duration retryAfter;

  McpFailure(
      Reason reason, @Nullable Integer status, String detail, @Nullable Duration retryAfter) {
    super(detail, null, false, false);
    this.reason = reason;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  McpFailure(Reason reason, String detail) {
    this(reason, null, detail, null);
  }

  static McpFailure lost() {
    return new McpFailure(Reason.CONNECTION_LOST, "The connection to the MCP server was lost.");
  }

  static McpFailure invalid(String why) {
    return new McpFailure(
        Reason.INVALID_ANSWER, "The MCP server's answer is not what it should be: " + why);
  }

  /// The server does not know the session any more, and has done nothing.
  static McpFailure forgotten() {
    return new McpFailure(Reason.CONNECTION_LOST, 404, "The MCP server has begun anew.", null);
  }

  boolean isForgotten() {
    return reason == Reason.CONNECTION_LOST && status != null;
  }

  Reason reason() {
    return reason;
  }

  String detail() {
    return String.valueOf(getMessage());
  }

  ToolResult result() {
    return new ToolResult.Failed(reason, status, detail(), retryAfter);
  }
}
