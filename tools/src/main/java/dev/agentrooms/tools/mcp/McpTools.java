package dev.agentrooms.tools.mcp;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolClient;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.ToolSource;
import dev.agentrooms.tools.Toolbox;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The tools of all MCP servers, by `SERVER.TOOL`.
public final class McpTools implements Toolbox, ToolSource, AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Map<String, McpClient> clients = new LinkedHashMap<>();
  private final int maxAnswerSize;
  private final Duration cancelTimeout;
  private final Toolbox others;
  private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);

  private McpTools(int maxAnswerSize, Duration cancelTimeout, Toolbox others) {
    this.maxAnswerSize = maxAnswerSize;
    this.cancelTimeout = cancelTimeout;
    this.others = others;
  }

  /// Begins to connect to all servers, and returns at once.
  ///
  /// @param maxAnswerSize the longest message of a server, in bytes
  /// @param cancelTimeout after which a cancelled call is abandoned
  /// @param others for all other tools
  public static McpTools start(
      List<McpServer> servers,
      ToolClient http,
      int maxAnswerSize,
      Duration cancelTimeout,
      Toolbox others) {
    return start(servers, http, maxAnswerSize, cancelTimeout, McpClient.BackOff.USUAL, others);
  }

  static McpTools start(
      List<McpServer> servers,
      ToolClient http,
      int maxAnswerSize,
      Duration cancelTimeout,
      McpClient.BackOff backOff,
      Toolbox others) {
    McpTools tools = new McpTools(maxAnswerSize, cancelTimeout, others);
    for (McpServer server : servers) {
      URI url = server.url();
      McpClient.Opener opener =
          url == null
              ? listener -> StdioTransport.start(server, maxAnswerSize, listener)
              : listener -> new HttpTransport(server, url, http, maxAnswerSize, listener);
      McpClient client = new McpClient(server, opener, backOff);
      tools.clients.put(server.name(), client);
      client.start();
    }
    tools.settled =
        CompletableFuture.allOf(
                tools.clients.values().stream()
                    .map(McpClient::settled)
                    .toArray(CompletableFuture<?>[]::new))
            .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    return tools;
  }

  @Override
  public Attempt call(ToolCall call, CallObserver observer) {
    String name = call.tool().name();
    McpClient client = client(name);
    if (client == null) {
      return others.call(call, observer);
    }
    try {
      call.tool().check(call.arguments());
    } catch (InvalidField e) {
      return Attempt.ended(
          new ToolResult.Failed(ToolResult.Reason.INVALID_ARGUMENTS, null, e.detail() + "."));
    }
    McpCall attempt = new McpCall(client, call, maxAnswerSize, cancelTimeout);
    attempt.start();
    return attempt;
  }

  private @Nullable McpClient client(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? null : clients.get(name.substring(0, dot));
  }

  /// Also a tool that its server has not listed yet, because the server may be down.
  @Override
  public Optional<Tool> find(String name) {
    McpClient client = client(name);
    if (client == null) {
      return Optional.empty();
    }
    String tool = name.substring(name.indexOf('.') + 1);
    return client.server().allows(tool)
        ? Optional.of(client.server().tool(tool, client.tools().get(tool)))
        : Optional.empty();
  }

  @Override
  public List<Tool> all() {
    List<Tool> all = new ArrayList<>();
    for (McpClient client : clients.values()) {
      client
          .tools()
          .forEach(
              (name, listed) -> {
                if (client.server().allows(name)) {
                  all.add(client.server().tool(name, listed));
                }
              });
    }
    return all;
  }

  @Override
  public ToolResult.@Nullable Failed missing(Collection<String> patterns) {
    for (McpClient client : clients.values()) {
      String names = client.server().name() + ".";
      if (patterns.stream().anyMatch(pattern -> pattern.startsWith(names))) {
        McpFailure why = client.unlisted();
        if (why != null) {
          return new ToolResult.Failed(
              why.reason(), null, client.server().name() + " has no tools yet: " + why.detail());
        }
      }
    }
    return null;
  }

  /// Whether each server has listed its tools, could not be asked, or takes longer than anybody
  /// should wait for.
  public boolean isSettled() {
    return settled.isDone();
  }

  /// Returns when nothing is left of the connections, and of the processes.
  @Override
  public void close() {
    List<CompletableFuture<Void>> ends = clients.values().stream().map(McpClient::close).toList();
    CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
        .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
