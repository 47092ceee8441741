package dev.agentrooms.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox.Attempt;
import dev.agentrooms.tools.mcp.McpConnection.Request;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One call of a tool. By the protocol a closed connection is no cancel, so a cancel is a
/// notification with the request's id; what the server still holds some time later is given up.
final class McpCall implements Attempt {

  // Behind the time after which the session says that the tool is abandoned.
  private static final Duration RESERVE = Duration.ofMillis(500);

  private final McpClient client;
  private final ToolCall call;
  private final int maxAnswerSize;
  private final Duration cancelTimeout;
  private final CompletableFuture<ToolResult> ended = new CompletableFuture<>();

  // Guarded by this object's lock.
  private @Nullable McpConnection connection;
  private @Nullable Request request;
  private boolean isCancelled;

  McpCall(McpClient client, ToolCall call, int maxAnswerSize, Duration cancelTimeout) {
    this.client = client;
    this.call = call;
    this.maxAnswerSize = maxAnswerSize;
    this.cancelTimeout = cancelTimeout;
  }

  void start() {
    begin(true);
  }

  private void begin(boolean mayBeginAnew) {
    client
        .connection()
        .whenComplete(
            (there, failure) -> {
              if (there == null) {
                ended.complete(McpClient.failure(failure).result());
              } else {
                send(there, mayBeginAnew);
              }
            });
  }

  private void send(McpConnection there, boolean mayBeginAnew) {
    Request sent;
    synchronized (this) {
      if (isCancelled) {
        return;
      }
      sent = there.request("tools/call", params(), headers());
      connection = there;
      request = sent;
    }
    sent.answer()
        .whenComplete(
            (answer, failure) -> {
              if (answer != null) {
                ended.complete(McpAnswer.read(answer, maxAnswerSize));
              } else if (mayBeginAnew && McpClient.failure(failure).isForgotten()) {
                begin(false);
              } else {
                ended.complete(McpClient.failure(failure).result());
              }
            });
  }

  private ObjectNode params() {
    String name = call.tool().name();
    ObjectNode params = Json.object().put("name", name.substring(name.indexOf('.') + 1));
    JsonNode arguments = call.arguments();
    params.set("arguments", arguments.isObject() ? arguments : Json.object());
    params
        .putObject("_meta")
        .put("traceparent", call.traceparent())
        .put("dev.agentrooms/idempotency-key", call.name());
    return params;
  }

  private Map<String, String> headers() {
    return Map.of(
        "X-Session-Id", call.sessionId(),
        "X-Run-Id", call.runId(),
        "Idempotency-Key", call.name(),
        "traceparent", call.traceparent());
  }

  @Override
  public CompletionStage<ToolResult> ended() {
    return ended;
  }

  @Override
  public void cancel() {
    McpConnection there;
    Request sent;
    synchronized (this) {
      if (isCancelled || ended.isDone()) {
        return;
      }
      isCancelled = true;
      there = connection;
      sent = request;
    }
    if (there == null || sent == null) {
      ended.complete(new ToolResult.Stopped());
      return;
    }
    CompletableFuture<Void> told = there.cancel(sent, "The run was cancelled.").over();
    CompletableFuture<Void> over = sent.sent().over();
    CompletableFuture.allOf(told, over)
        .whenComplete((done, failure) -> ended.complete(new ToolResult.Stopped()));
    CompletableFuture.delayedExecutor(cancelTimeout.plus(RESERVE).toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              sent.sent().abort();
              ended.complete(new ToolResult.Stopped());
            });
  }
}
