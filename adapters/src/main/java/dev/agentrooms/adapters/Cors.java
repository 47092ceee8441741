package dev.agentrooms.adapters;

import dev.agentrooms.http.Headers;
import dev.agentrooms.http.Origins;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/// Lets pages of allowed origins call, and others not: these get no header of CORS.
final class Cors {

  private static final Set<String> HEADERS =
      Set.of(
          "accept",
          "authorization",
          "content-type",
          "idempotency-key",
          "last-event-id",
          "mcp-protocol-version",
          "mcp-session-id",
          "x-api-key");
  private static final List<String> FAMILIES = List.of("a2a-", "x-stainless-");
  private static final String EXPOSED =
      "Location, Content-Location, Retry-After, x-vercel-ai-ui-message-stream, Mcp-Session-Id";

  private final Origins origins;

  Cors(Origins origins) {
    this.origins = origins;
  }

  static boolean isPreflight(HttpRequest request) {
    return request.method().equals(HttpMethods.OPTIONS)
        && request.getHeader("Origin").isPresent()
        && request.getHeader("Access-Control-Request-Method").isPresent();
  }

  HttpResponse preflight(HttpRequest request) {
    HttpResponse none = HttpResponse.create().withStatus(StatusCodes.NO_CONTENT);
    if (!isAllowed(request)) {
      return none;
    }
    String asked =
        Headers.parts(request, "access-control-request-headers")
            .filter(name -> isKnown(name.toLowerCase(Locale.ROOT)))
            .collect(Collectors.joining(", "));
    HttpResponse answer =
        on(request, none)
            .addHeader(
                RawHeader.create(
                    "Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS"))
            .addHeader(RawHeader.create("Access-Control-Max-Age", "600"));
    return asked.isEmpty()
        ? answer
        : answer.addHeader(RawHeader.create("Access-Control-Allow-Headers", asked));
  }

  HttpResponse on(HttpRequest request, HttpResponse answer) {
    return isAllowed(request)
        ? answer
            .addHeader(
                RawHeader.create(
                    "Access-Control-Allow-Origin", Headers.values(request, "origin").getFirst()))
            .addHeader(RawHeader.create("Access-Control-Expose-Headers", EXPOSED))
            .addHeader(RawHeader.create("Vary", "Origin"))
        : answer;
  }

  private boolean isAllowed(HttpRequest request) {
    return request.getHeader("Origin").isPresent() && origins.allows(request);
  }

  private static boolean isKnown(String name) {
    return HEADERS.contains(name) || FAMILIES.stream().anyMatch(name::startsWith);
  }
}
