package dev.agentrooms.agent;

import dev.agentrooms.agent.session.Tool;
import dev.agentrooms.agent.session.ToolResult;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls the tools over HTTP.
///
/// The JDK's client, because cancelling the future of its exchange closes the connection, which is
/// what tells the tool to stop. That holds for the very future that `sendAsync` returned, not for
/// one derived from it. Time limits are the session's; the size limit is here.
final class HttpToolbox implements Toolbox {

  private static final Logger LOG = LoggerFactory.getLogger(HttpToolbox.class);

  private final ToolClient client;
  private final AgentSettings.Tools settings;

  HttpToolbox(ToolClient client, AgentSettings.Tools settings) {
    this.client = client;
    this.settings = settings;
  }

  @Override
  public Attempt call(ToolCall call) {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint(call.tool()))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("X-Session-Id", call.sessionId())
            .header("X-Run-Id", call.runId())
            .header("Idempotency-Key", call.name())
            .header("traceparent", call.traceparent())
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.encode(call.input())))
            .build();
    ExchangeHold hold = new ExchangeHold();
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.send(request, CappedBody.handler(settings.maxAnswerSize(), hold));
    CompletionStage<ToolResult> ended =
        exchange.handle(
            (answer, failure) -> {
              if (answer != null) {
                return result(call.tool(), answer);
              }
              return hold.isCancelled() ? new ToolResult.Stopped() : failed(failure);
            });
    return new Attempt() {
      @Override
      public CompletionStage<ToolResult> ended() {
        return ended;
      }

      @Override
      public void cancel() {
        hold.cancel(exchange);
      }
    };
  }

  private URI endpoint(Tool tool) {
    return switch (tool) {
      case RAG_SEARCH -> URI.create(settings.ragUrl() + "/search");
      case RAG_ANSWER -> URI.create(settings.ragUrl() + "/rag");
      case GENERATE_EXAM -> URI.create(settings.testGeneratorUrl() + "/api/generate");
      case GRADE_EXAM -> URI.create(settings.testGeneratorUrl() + "/api/grade");
    };
  }

  private static ToolResult result(Tool tool, HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    if (status < 200 || status > 299) {
      return new ToolResult.Failed(
          ToolResult.Reason.HTTP_STATUS, status, "The service answered " + status + ".");
    }
    try {
      return new ToolResult.Succeeded(ToolAnswers.checked(tool, answer.body()));
    } catch (InvalidField e) {
      return invalid(status, e.detail());
    } catch (MalformedJson e) {
      return invalid(status, e.detail());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("an answer of {} cannot be judged", tool.word(), e);
      return invalid(status, "It cannot be read.");
    }
  }

  private static ToolResult invalid(int status, String why) {
    return new ToolResult.Failed(
        ToolResult.Reason.INVALID_ANSWER,
        status,
        "The service's answer is not what it should be: " + (why.endsWith(".") ? why : why + "."));
  }

  private ToolResult failed(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case ConnectException e -> refused();
      case HttpConnectTimeoutException e -> refused();
      case CappedBody.TooLarge e ->
          new ToolResult.Failed(
              ToolResult.Reason.ANSWER_TOO_LARGE,
              null,
              "The service's answer is longer than " + settings.maxAnswerSize() + " bytes.");
      case null, default ->
          new ToolResult.Failed(
              ToolResult.Reason.CONNECTION_LOST, null, "The connection to the service was lost.");
    };
  }

  private static ToolResult refused() {
    return new ToolResult.Failed(
        ToolResult.Reason.CONNECTION_REFUSED, null, "The service cannot be reached.");
  }
}
