package dev.agentrooms.tools.remote;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.RetryAfter;
import dev.agentrooms.tools.SseParser;
import dev.agentrooms.tools.StreamedExchange;
import dev.agentrooms.tools.ToolClient;
import dev.agentrooms.tools.ToolDefaults;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.Toolbox.Attempt;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request to a remote agent, read on a virtual thread of its own, which waits when the session
/// cannot record as fast as the agent speaks. A cancel closes the connection.
final class RemoteAttempt implements Attempt, Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteAttempt.class);

  private static final int MAX_TYPE = 100;

  private final StreamedExchange exchange;
  private final HttpRequest request;
  private final RemoteAgent.Protocol protocol;
  private final int maxEvent;
  private final RemoteTale tale;
  private final CompletableFuture<ToolResult> ended = new CompletableFuture<>();

  RemoteAttempt(
      ToolClient client,
      HttpRequest request,
      RemoteAgent.Protocol protocol,
      int maxSize,
      CallObserver observer) {
    this.exchange = new StreamedExchange(client);
    this.request = request;
    this.protocol = protocol;
    this.maxEvent = maxSize;
    this.tale =
        new RemoteTale(
            switch (protocol) {
              case AG_UI -> new AgUiMapper();
              case NDJSON -> new NdjsonMapper();
            },
            observer,
            maxSize);
  }

  void start() {
    exchange.start(request, "remote-agent", this);
  }

  @Override
  public CompletionStage<ToolResult> ended() {
    return ended;
  }

  @Override
  public void cancel() {
    if (!ended.isDone()) {
      exchange.abort();
    }
  }

  @Override
  public void run() {
    ToolResult result;
    try {
      result = read();
    } catch (RuntimeException | StackOverflowError bug) {
      LOG.error("a remote agent's answer cannot be judged", bug);
      result = failed(Reason.INVALID_ANSWER, "It cannot be read.");
    }
    ended.complete(exchange.isAborted() ? new ToolResult.Stopped() : result);
  }

  private ToolResult read() {
    try {
      HttpResponse<InputStream> answer = exchange.answer();
      try (InputStream in = answer.body()) {
        return judged(answer, in);
      }
    } catch (InterruptedException | CancellationException e) {
      return new ToolResult.Stopped();
    } catch (ExecutionException e) {
      return StreamedExchange.isRefused(e)
          ? failed(Reason.CONNECTION_REFUSED, "The agent cannot be reached.")
          : lost();
    } catch (IOException e) {
      return lost();
    } catch (MalformedJson e) {
      return failed(
          Reason.INVALID_ANSWER, "The agent's stream is not what it should be: " + e.detail());
    } catch (InvalidField e) {
      return failed(
          Reason.INVALID_ANSWER, "The agent's stream is not what it should be: " + e.detail());
    }
  }

  private ToolResult judged(HttpResponse<InputStream> answer, InputStream in) throws IOException {
    int status = answer.statusCode();
    if (status / 100 != 2) {
      return new ToolResult.Failed(
          Reason.HTTP_STATUS,
          status,
          "The agent answered " + status + ".",
          RetryAfter.of(answer.headers()));
    }
    String type = answer.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    boolean isStream = type.startsWith("text/event-stream");
    if (isStream != (protocol == RemoteAgent.Protocol.AG_UI) || type.startsWith("text/html")) {
      return new ToolResult.Failed(
          Reason.INVALID_ANSWER,
          status,
          "The agent answered with the content type \"" + Text.cut(type, MAX_TYPE) + "\".");
    }
    return follow(in);
  }

  private ToolResult follow(InputStream in) throws IOException {
    Consumer<String> event =
        data -> {
          if (tale.result() == null && !exchange.isAborted()) {
            tale.hear(Json.parse(data.getBytes(StandardCharsets.UTF_8), ToolDefaults.MAX_TOKENS));
          }
        };
    SseParser events = new SseParser((name, data) -> event.accept(data), maxEvent);
    Lines lines = new Lines(event, maxEvent);
    boolean isSse = protocol == RemoteAgent.Protocol.AG_UI;
    byte[] buffer = new byte[16 * 1024];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
      if (isSse) {
        events.read(bytes);
      } else {
        lines.read(bytes);
      }
      ToolResult result = tale.result();
      if (result != null) {
        return result;
      }
    }
    if (isSse) {
      events.end();
    } else {
      lines.end();
    }
    ToolResult result = tale.result();
    return result == null ? lost() : result;
  }

  private static ToolResult lost() {
    return failed(
        Reason.CONNECTION_LOST, "The connection to the agent ended before the agent's work did.");
  }

  private static ToolResult failed(Reason reason, String detail) {
    return new ToolResult.Failed(reason, null, detail);
  }
}
