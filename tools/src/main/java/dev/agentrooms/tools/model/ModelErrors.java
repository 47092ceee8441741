package dev.agentrooms.tools.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.Halves;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.model.ModelAnswer.Failed;
import dev.agentrooms.tools.model.ModelAnswer.Phase;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// What a server's refusals and errors mean.
final class ModelErrors {

  private static final int MAX_MESSAGE = 300;
  private static final int MAX_TOKENS = 10_000;

  private ModelErrors() {}

  /// An answer whose status is no success.
  static Failed refused(
      int status, byte[] body, @Nullable Duration retryAfter, @Nullable ApiKey key) {
    if (status == 401 || status == 403) {
      // Its message may repeat the key.
      return Failed.of(
          Reason.MODEL_AUTH, status, "The model's server refuses the key (" + status + ").");
    }
    if (status >= 400 && status < 500 && status != 429) {
      String message = message(body, key);
      return Failed.of(
          Reason.MODEL_REJECTED,
          status,
          "The model's server refuses the request ("
              + status
              + (message.isEmpty() ? ")." : "): " + message));
    }
    return new Failed(
        Reason.HTTP_STATUS,
        status,
        "The model's server answered " + status + ".",
        null,
        retryAfter,
        "");
  }

  /// An error that a server reports in the middle of its answer.
  static Failed failed(JsonNode error, @Nullable ApiKey key) {
    return failed(message(error, key));
  }

  /// The same in an event called `error`, whatever it has for data.
  static Failed failed(byte[] error, @Nullable ApiKey key) {
    return failed(message(error, key));
  }

  /// An exchange that brought no answer.
  static ModelAnswer lost(@Nullable Throwable failure, String partial) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    boolean isRefused =
        cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
    return isRefused
        ? Failed.of(Reason.MODEL_UNREACHABLE, "The model's server cannot be reached.")
        : Failed.of(Reason.CONNECTION_LOST, "The connection to the model was lost.")
            .having(partial);
  }

  /// An answer that did not come in time.
  static Failed timedOut(Phase limit, String partial) {
    return new Failed(
        Reason.TIMED_OUT,
        null,
        switch (limit) {
          case FIRST_TOKEN -> "The model did not begin to answer in time.";
          case IDLE -> "The model fell silent.";
          case TOTAL -> "The model's answer took too long.";
        },
        limit,
        null,
        partial);
  }

  private static Failed failed(String message) {
    return Failed.of(
        Reason.MODEL_FAILED, "The model failed" + (message.isEmpty() ? "." : ": " + message));
  }

  private static String message(byte[] body, @Nullable ApiKey key) {
    try {
      return message(Json.parse(body, MAX_TOKENS), key);
    } catch (MalformedJson e) {
      return "";
    }
  }

  // {"error":{"message":"…"}} by the API; others say {"error":"…"} or {"message":"…"}.
  private static String message(JsonNode answer, @Nullable ApiKey key) {
    JsonNode error = answer.path("error");
    JsonNode message =
        error.isTextual()
            ? error
            : error.isObject() ? error.path("message") : answer.path("message");
    String text = Halves.mended(message.asText("")).strip();
    return Text.cut(key == null ? text : key.hide(text), MAX_MESSAGE);
  }
}
