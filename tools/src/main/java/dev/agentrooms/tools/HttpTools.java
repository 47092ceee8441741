package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.MalformedJson;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls tools over HTTP.
///
/// It uses the JDK's client, because cancelling the future that `sendAsync` returned (not one
/// derived from it) closes the connection, which tells the tool to stop. Timeouts are the
/// session's task; the size limit is enforced here.
public final class HttpTools implements Toolbox {

  private static final Logger LOG = LoggerFactory.getLogger(HttpTools.class);

  private final ToolClient client;
  private final int maxAnswerSize;

  public HttpTools(ToolClient client, int maxAnswerSize) {
    this.client = client;
    this.maxAnswerSize = maxAnswerSize;
  }

  @Override
  public Attempt call(ToolCall call, CallObserver observer) {
    HttpRequest request;
    try {
      call.tool().check(call.arguments());
      HttpTemplate http = call.tool().http();
      if (http == null) {
        throw new IllegalStateException("nothing calls it over HTTP");
      }
      request = http.request(call);
    } catch (InvalidField e) {
      return notMade(ToolResult.Reason.INVALID_ARGUMENTS, sentence(e.detail()));
    } catch (TemplateError e) {
      return notMade(ToolResult.Reason.TEMPLATE, sentence(e.detail()));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("a call of {} cannot be made", call.tool().name(), e);
      return notMade(ToolResult.Reason.TEMPLATE, "The request cannot be made.");
    }
    return send(call.tool(), request);
  }

  private Attempt send(Tool tool, HttpRequest request) {
    ExchangeHold hold = new ExchangeHold();
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.send(request, CappedBody.handler(maxAnswerSize, hold));
    CompletionStage<ToolResult> ended =
        exchange.handle(
            (answer, failure) -> {
              if (answer != null) {
                return result(tool, answer);
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

  /// An attempt that failed before anything was sent.
  private static Attempt notMade(ToolResult.Reason reason, String detail) {
    ToolResult result = new ToolResult.Failed(reason, null, detail);
    return new Attempt() {
      @Override
      public CompletionStage<ToolResult> ended() {
        return CompletableFuture.completedStage(result);
      }

      @Override
      public void cancel() {
        // Ended already.
      }
    };
  }

  private static ToolResult result(Tool tool, HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    if (status < 200 || status > 299) {
      return new ToolResult.Failed(
          ToolResult.Reason.HTTP_STATUS,
          status,
          "The service answered " + status + ".",
          RetryAfter.of(answer.headers()));
    }
    try {
      JsonNode output = ToolAnswer.read(tool.answer(), status, answer.body());
      return new ToolResult.Succeeded(output);
    } catch (InvalidField e) {
      return invalid(status, e.detail());
    } catch (MalformedJson e) {
      return invalid(status, e.detail());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("an answer of {} cannot be judged", tool.name(), e);
      return invalid(status, "It cannot be read.");
    }
  }

  private static ToolResult invalid(int status, String why) {
    return new ToolResult.Failed(
        ToolResult.Reason.INVALID_ANSWER,
        status,
        "The service's answer is not what it should be: " + sentence(why));
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
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
              "The service's answer is longer than " + maxAnswerSize + " bytes.");
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
