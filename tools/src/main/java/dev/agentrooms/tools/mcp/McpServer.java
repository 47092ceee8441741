package dev.agentrooms.tools.mcp;

import dev.agentrooms.tools.Globs;
import dev.agentrooms.tools.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An MCP server, as a file declares it. One of `url` and `command` is there.
///
/// @param headers sent with each request over HTTP
/// @param command the process to start, and its arguments
/// @param env variables of the process, besides the few that every process gets
/// @param allow names of the tools that may be used, where `*` stands for any characters; empty for
///     all
/// @param approve names of the tools to whose calls a person must agree; null for all that do not
///     say that they only read
/// @param timeout of one call, and of the handshake
public record McpServer(
    String name,
    @Nullable URI url,
    Map<String, String> headers,
    List<String> command,
    Map<String, String> env,
    List<String> allow,
    @Nullable List<String> approve,
    Duration timeout,
    Tool.Retry retry) {

  public McpServer {
    headers = Map.copyOf(headers);
    command = List.copyOf(command);
    env = Map.copyOf(env);
    allow = List.copyOf(allow);
    approve = approve == null ? null : List.copyOf(approve);
  }

  public boolean allows(String tool) {
    return allow.isEmpty() || Globs.match(allow, tool);
  }

  boolean asksBefore(String tool, boolean onlyReads) {
    return approve == null ? !onlyReads : Globs.match(approve, tool);
  }

  /// The tool, as something that a run can call.
  ///
  /// @param listed what the server says of it; null when it has not said anything yet
  public Tool tool(String tool, @Nullable ListedTool listed) {
    boolean onlyReads = listed != null && listed.onlyReads();
    boolean isRepeatable = onlyReads || (listed != null && listed.isIdempotent());
    return new Tool(
        name + "." + tool,
        listed == null || listed.title() == null ? tool : listed.title(),
        listed == null ? null : listed.description(),
        null,
        listed == null ? null : listed.schema(),
        new Tool.Answer(false, null, List.of()),
        timeout,
        retry,
        isRepeatable,
        asksBefore(tool, onlyReads),
        List.of(),
        !isRepeatable,
        false);
  }
}
