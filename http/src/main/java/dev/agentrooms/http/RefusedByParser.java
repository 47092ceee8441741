package dev.agentrooms.http;

import dev.agentrooms.protocol.Problem;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/// Answers what the HTTP parser refuses, before any route sees it. Named in the configuration.
public final class RefusedByParser extends ParsingErrorHandler {

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    return SecurityHeaders.on(refusal(status, error));
  }

  private static HttpResponse refusal(StatusCode status, ErrorInfo error) {
    // A method that nobody has heard of: the fault is the client's, not a feature that we lack.
    if (status.intValue() == 501) {
      return Problems.methodNotAllowed("GET, HEAD, POST, DELETE");
    }
    int code = status.intValue() >= 500 ? 400 : status.intValue();
    return Problems.response(Problem.of(code, status.reason(), error.summary()));
  }
}
