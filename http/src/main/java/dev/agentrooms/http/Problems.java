package dev.agentrooms.http;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.Problem;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/// Maps refusals to problem responses: the one place that assigns HTTP statuses.
public final class Problems {

  private static final ContentType PROBLEM_JSON = ContentTypes.parse(Problem.MEDIA_TYPE);

  private Problems() {}

  public static HttpResponse response(Problem problem) {
    return HttpResponse.create()
        .withStatus(StatusCodes.get(problem.status()))
        .withEntity(HttpEntities.create(PROBLEM_JSON, Json.encode(problem)));
  }

  public static HttpResponse invalid(InvalidField invalid) {
    Problem problem = Problem.of(400, "Invalid request", invalid.detail());
    return response(invalid.field().isEmpty() ? problem : problem.with("field", invalid.field()));
  }

  public static HttpResponse malformed(MalformedJson malformed) {
    return response(Problem.of(400, "Malformed JSON", malformed.detail()));
  }

  public static HttpResponse tooLarge(int maxBytes) {
    return response(
        Problem.of(413, "Content too large", "The body may have at most " + maxBytes + " bytes."));
  }

  public static HttpResponse unsupportedMediaType() {
    return response(
        Problem.of(
            415,
            "Unsupported media type",
            "The body must be sent as Content-Type: application/json."));
  }

  public static HttpResponse methodNotAllowed(String allow) {
    return response(Problem.of(405, "Method not allowed", "This resource answers " + allow + "."))
        .addHeader(RawHeader.create("Allow", allow));
  }

  public static HttpResponse notFound() {
    return response(Problem.of(404, "Not found", "There is nothing at this path."));
  }

  public static HttpResponse unavailable(String detail) {
    return unavailable(Problem.of(503, "Not available", detail));
  }

  /// A problem with `Retry-After`.
  public static HttpResponse unavailable(Problem problem) {
    return response(problem).addHeader(RawHeader.create("Retry-After", "1"));
  }

  /// What is stored cannot be read, or nothing be stored, for now.
  public static HttpResponse storeUnavailable() {
    return store("store-unavailable", "The store does not answer. Asking again is safe.");
  }

  public static HttpResponse storeFull() {
    return store("store-full", "The store is full. Asking again is safe.");
  }

  private static HttpResponse store(String kind, String detail) {
    Problem problem =
        new Problem("urn:agent-rooms:problem:" + kind, "Not available", 503, detail, Map.of());
    return response(problem).addHeader(RawHeader.create("Retry-After", "2"));
  }

  public static HttpResponse internal() {
    return response(
        Problem.of(500, "Internal error", "The server made a mistake; its log says more."));
  }
}
