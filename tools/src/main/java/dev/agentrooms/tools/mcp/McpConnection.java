package dev.agentrooms.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.mcp.McpTransport.Sent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One life of the protocol with a server: handshake, list, calls. It matches answers with
/// requests, and answers what the server asks of us, which is all refused but a ping.
final class McpConnection implements McpTransport.Listener {

  /// Those that we speak, the preferred one first.
  static final List<String> VERSIONS =
      List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

  // By the protocol; a model's API takes none of others either, and then no tool at all.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
  private static final int MAX_TOOLS = 1000;
  private static final int MAX_PAGES = 100;
  private static final int MAX_MESSAGE = 300;
  private static final int MAX_SHOWN = 40;
  private static final int NO_SUCH_METHOD = -32601;

  // One that asks faster than it takes our answers is not answered.
  private static final int MAX_ANSWERING = 16;
  private static final int MAX_ID = 256;

  /// A request under way.
  record Request(long id, CompletableFuture<JsonNode> answer, Sent sent) {}

  private final Duration timeout;
  private final Runnable onListChanged;
  private final AtomicLong lastId = new AtomicLong();
  private final Semaphore answering = new Semaphore(MAX_ANSWERING);
  private final Map<Long, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final CompletableFuture<McpFailure> closed = new CompletableFuture<>();
  private volatile @Nullable McpTransport transport;

  /// @param timeout of handshake and list
  McpConnection(Duration timeout, Runnable onListChanged) {
    this.timeout = timeout;
    this.onListChanged = onListChanged;
  }

  /// @throws McpFailure when there is no agreement
  void initialize(McpTransport over, String ourVersion) throws InterruptedException {
    transport = over;
    ObjectNode params = Json.object().put("protocolVersion", VERSIONS.getFirst());
    params.putObject("capabilities");
    params.putObject("clientInfo").put("name", "agent-rooms").put("version", ourVersion);
    String version =
        await(request("initialize", params, Map.of())).path("protocolVersion").asText();
    if (!VERSIONS.contains(version)) {
      throw McpFailure.invalid(
          "it speaks the version \"" + Text.cut(version, MAX_SHOWN) + "\" of the protocol.");
    }
    over.begin(version);
    send(message("notifications/initialized", null));
  }

  /// All tools of the server, by name.
  ///
  /// @throws McpFailure when it does not say
  Map<String, ListedTool> list() throws InterruptedException {
    Map<String, ListedTool> tools = new LinkedHashMap<>();
    ObjectNode params = Json.object();
    for (int page = 0; page < MAX_PAGES; page++) {
      JsonNode answer = await(request("tools/list", params, Map.of()));
      for (JsonNode each : answer.path("tools")) {
        ListedTool tool = ListedTool.from(each);
        if (NAME.matcher(tool.name()).matches() && tools.size() < MAX_TOOLS) {
          tools.put(tool.name(), tool);
        }
      }
      JsonNode next = answer.path("nextCursor");
      if (!next.isTextual()) {
        return tools;
      }
      params = Json.object().put("cursor", next.asText());
    }
    return tools;
  }

  private JsonNode await(Request request) throws InterruptedException {
    try {
      return request.answer().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof McpFailure failure ? failure : McpFailure.lost();
    } catch (TimeoutException e) {
      pending.remove(request.id());
      request.sent().abort();
      throw new McpFailure(
          Reason.TIMEOUT, "The MCP server did not answer within " + timeout.toMillis() + " ms.");
    }
  }

  /// @param headers sent with it, where there are headers
  Request request(String method, ObjectNode params, Map<String, String> headers) {
    long id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    pending.put(id, answer);
    ObjectNode message = message(method, params).put("id", id);
    Sent sent = transport().send(message, headers);
    sent.over()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                fail(id, McpClient.failure(failure));
              }
            });
    if (closed.isDone()) {
      fail(id, closed.join());
    }
    return new Request(id, answer, sent);
  }

  @Override
  public void unreadable(long id, McpFailure why) {
    fail(id, why);
  }

  private void fail(long id, McpFailure why) {
    CompletableFuture<JsonNode> waiting = pending.remove(id);
    if (waiting != null) {
      waiting.completeExceptionally(why);
    }
  }

  /// Tells the server that nobody waits for this answer any more.
  Sent cancel(Request request, String reason) {
    pending.remove(request.id());
    return send(
        message(
            "notifications/cancelled",
            Json.object().put("requestId", request.id()).put("reason", reason)));
  }

  private Sent send(ObjectNode message) {
    return transport().send(message, Map.of());
  }

  private McpTransport transport() {
    McpTransport there = transport;
    if (there == null) {
      throw new IllegalStateException("not begun");
    }
    return there;
  }

  private static ObjectNode message(String method, @Nullable ObjectNode params) {
    ObjectNode message = Json.object().put("jsonrpc", "2.0").put("method", method);
    if (params != null) {
      message.set("params", params);
    }
    return message;
  }

  @Override
  public void message(JsonNode message) {
    if (message.isArray()) {
      message.forEach(this::message);
    } else if (message.has("method")) {
      if (message.hasNonNull("id")) {
        asked(message);
      } else if (message.path("method").asText().equals("notifications/tools/list_changed")) {
        onListChanged.run();
      }
    } else if (message.path("id").isIntegralNumber()) {
      answered(message);
    }
  }

  private void answered(JsonNode message) {
    CompletableFuture<JsonNode> waiting = pending.remove(message.path("id").asLong());
    if (waiting == null) {
      return;
    }
    if (message.hasNonNull("error")) {
      String said = message.path("error").path("message").asText();
      waiting.completeExceptionally(
          new McpFailure(
              Reason.REMOTE_FAILED,
              said.isBlank() ? "The MCP server failed." : Text.cut(said, MAX_MESSAGE)));
    } else if (message.path("result").isObject()) {
      waiting.complete(message.path("result"));
    } else {
      waiting.completeExceptionally(McpFailure.invalid("it has no result."));
    }
  }

  private void asked(JsonNode request) {
    JsonNode id = request.path("id");
    boolean isId = id.isIntegralNumber() || (id.isTextual() && id.asText().length() <= MAX_ID);
    if (!isId || !answering.tryAcquire()) {
      return;
    }
    ObjectNode answer = Json.object().put("jsonrpc", "2.0");
    answer.set("id", id);
    if (request.path("method").asText().equals("ping")) {
      answer.putObject("result");
    } else {
      answer.putObject("error").put("code", NO_SUCH_METHOD).put("message", "Method not found");
    }
    send(answer).over().whenComplete((done, failure) -> answering.release());
  }

  @Override
  public void closed(McpFailure why) {
    closed.complete(why);
    McpFailure first = closed.join();
    pending.keySet().forEach(id -> fail(id, first));
  }

  boolean isClosed() {
    return closed.isDone();
  }

  /// Completes when it is over, with the reason.
  CompletableFuture<McpFailure> end() {
    return closed;
  }

  /// Completes when nothing is left of it.
  CompletableFuture<Void> close() {
    closed(McpFailure.lost());
    McpTransport there = transport;
    return there == null ? CompletableFuture.completedFuture(null) : there.close();
  }
}
