package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.Template.Part;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The template of a tool's HTTP request.
///
/// @param body null when the body is the arguments themselves, if the method has a body
public record HttpTemplate(
    Method method, UrlTemplate url, Map<String, Template> headers, @Nullable JsonTemplate body) {

  /// The HTTP methods that a tool may use.
  public enum Method {
    GET(false, true),
    POST(true, false),
    PUT(true, true),
    PATCH(true, false),
    DELETE(false, true);

    final boolean hasBody;
    final boolean isIdempotent;

    Method(boolean hasBody, boolean isIdempotent) {
      this.hasBody = hasBody;
      this.isIdempotent = isIdempotent;
    }
  }

  private static final Set<String> OURS =
      Set.of("x-session-id", "x-run-id", "idempotency-key", "traceparent");

  public HttpTemplate {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  boolean isIdempotent() {
    return method.isIdempotent;
  }

  /// Why this header is not allowed; null when it is. The value is not part of the message,
  /// because it may be a secret.
  static @Nullable String whyNot(String header, Template value) {
    if (OURS.contains(header.toLowerCase(Locale.ROOT))) {
      return "is a header that every call has already";
    }
    if (!canBeSet(header, "x")) {
      return "is no header that can be set";
    }
    for (Part part : value.parts()) {
      if (part instanceof Part.Literal literal && !canBeSet(header, literal.text())) {
        return "has characters that a header cannot have";
      }
    }
    return null;
  }

  private static boolean canBeSet(String header, String value) {
    try {
      HttpRequest.newBuilder().header(header, value);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  List<ValuePath> paths() {
    List<ValuePath> paths = new ArrayList<>(url.paths());
    headers.values().forEach(header -> paths.addAll(header.paths()));
    if (body != null) {
      paths.addAll(body.paths());
    }
    return paths;
  }

  /// @throws TemplateError when a value is missing, or is invalid in its place
  HttpRequest request(ToolCall call) {
    JsonNode values = call.scope().values(call.arguments());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.fill(values))
            .header("Accept", call.tool().answer().isText() ? "*/*" : "application/json");
    if (method.hasBody) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach((name, value) -> header(request, name, value.text(values)));
    return request
        .header("X-Session-Id", call.sessionId())
        .header("X-Run-Id", call.runId())
        .header("Idempotency-Key", call.name())
        .header("traceparent", call.traceparent())
        .method(method.name(), content(call, values))
        .build();
  }

  /// A POST of `content`, with the URL and headers of the template.
  ///
  /// @throws TemplateError when a value is missing, or is invalid in its place
  public HttpRequest post(ToolCall call, JsonNode content, String accept) {
    HttpTemplate sent =
        new HttpTemplate(Method.POST, url, headers, JsonTemplate.parseFixed(content));
    return HttpRequest.newBuilder(sent.request(call), (name, value) -> true)
        .setHeader("Accept", accept)
        .build();
  }

  private static void header(HttpRequest.Builder request, String name, String value) {
    try {
      request.setHeader(name, value);
    } catch (IllegalArgumentException e) {
      // Line breaks and other control characters, and characters outside ISO 8859-1.
      throw new TemplateError("The header " + name + " would have characters that it cannot");
    }
  }

  private BodyPublisher content(ToolCall call, JsonNode values) {
    if (!method.hasBody) {
      return BodyPublishers.noBody();
    }
    JsonNode content = body == null ? call.arguments() : body.fill(values);
    return BodyPublishers.ofByteArray(Json.encode(content));
  }
}
