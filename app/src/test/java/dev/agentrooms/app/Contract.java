package dev.agentrooms.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/// Validates traffic against the API documents, and records which answers were seen.
final class Contract {

  private static final Pattern API =
      Pattern.compile("/(api/.*|health.*|metrics|ws|openapi\\.json|asyncapi\\.json)");
  private static final Pattern OWN_RUN = Pattern.compile("r-[0-9a-f]{8}-[0-9a-f-]{27}");

  private final WireDocuments documents = new WireDocuments();
  private final Set<String> seen = new ConcurrentSkipListSet<>();

  WireDocuments documents() {
    return documents;
  }

  /// The seen answers, such as `POST /api/agent/run 202`.
  Set<String> seen() {
    return seen;
  }

  record Exchange(
      String method,
      URI uri,
      HttpHeaders requestHeaders,
      byte[] requestBody,
      int status,
      HttpHeaders headers,
      Optional<byte[]> body) {}

  /// @throws AssertionError when the exchange is not documented
  void check(Exchange exchange) {
    List<String> faults = new ArrayList<>();
    String path = exchange.uri().getPath();
    Optional<Map.Entry<String, JsonNode>> item = pathItem(path);
    if (item.isEmpty()) {
      if (API.matcher(path).matches()) {
        faults.addAll(problem(exchange, 404));
      }
    } else {
      String method =
          exchange.method().equals("HEAD") ? "get" : exchange.method().toLowerCase(Locale.ROOT);
      JsonNode operation = item.get().getValue().path(method);
      if (operation.isMissingNode()) {
        faults.addAll(problem(exchange, 405));
        if (exchange.headers().firstValue("Allow").isEmpty()) {
          faults.add("Allow is missing");
        }
      } else {
        String name = exchange.method() + " " + item.get().getKey();
        faults.addAll(answer(operation, name, exchange));
        if (exchange.status() < 400) {
          faults.addAll(request(item.get().getValue(), operation, exchange));
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new AssertionError(
          "%s %s → %d is not what the documents say: %s"
              .formatted(
                  exchange.method(), exchange.uri(), exchange.status(), String.join("; ", faults)));
    }
  }

  /// A message of the server on a WebSocket.
  void checkMessage(JsonNode message) {
    List<String> faults = new ArrayList<>(documents.faults("ServerMessage", message));
    if (isOwn(message)) {
      faults.addAll(documents.faults("AgentProgress", message));
    }
    require(message, faults);
    seen.add("socket " + message.path("type").asText());
  }

  /// The code with which a server closed a WebSocket.
  void checkClose(int code) {
    JsonNode codes = documents.asyncApi().at("/channels/socket/x-close-codes");
    // 1000 is the echo of a client's own goodbye.
    if (code != 1000 && !codes.has(Integer.toString(code))) {
      throw new AssertionError("close code " + code + " is not documented");
    }
  }

  /// A command that a server has to understand.
  void checkCommand(String json) {
    JsonNode command = json(json);
    require(command, documents.faults("ClientCommand", command));
  }

  /// An event of an event stream.
  void checkStreamEvent(String name, String data) {
    JsonNode message = documents.asyncApi().at("/components/messages/" + name);
    JsonNode value = json(data);
    require(value, documents.faults(message.path("payload"), value));
    seen.add("stream " + name);
  }

  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void require(JsonNode value, List<String> faults) {
    if (!faults.isEmpty()) {
      throw new AssertionError(
          value + " is not what the documents say: " + String.join("; ", faults));
    }
  }

  private Optional<Map.Entry<String, JsonNode>> pathItem(String path) {
    return documents.openApi().path("paths").properties().stream()
        // Those of other protocols are as these say, and not documented in full.
        .filter(entry -> entry.getValue().findValue("x-protocol") == null)
        .filter(entry -> path.matches(entry.getKey().replaceAll("\\{[^}]*}", "[^/]+")))
        .findFirst();
  }

  private List<String> problem(Exchange exchange, int status) {
    // What the HTTP parser refuses never comes to a route.
    if (exchange.status() != status && exchange.status() != 400) {
      return List.of("it is not documented, and should be " + status);
    }
    return exchange
        .body()
        .filter(body -> body.length > 0)
        .map(body -> documents.faults("Problem", Json.parse(body)))
        .orElse(List.of());
  }

  private List<String> answer(JsonNode operation, String name, Exchange exchange) {
    JsonNode declared = operation.path("responses").path(Integer.toString(exchange.status()));
    if (declared.isMissingNode()) {
      return List.of("the status is not documented");
    }
    JsonNode answer = documents.resolved(declared);
    seen.add(name + " " + exchange.status());
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, JsonNode> header : answer.path("headers").properties()) {
      faults.addAll(header(header.getKey(), documents.resolved(header.getValue()), exchange));
    }
    if (!exchange.method().equals("HEAD")) {
      exchange.body().ifPresent(body -> faults.addAll(body(answer, name, exchange, body)));
    }
    return faults;
  }

  private List<String> header(String name, JsonNode declared, Exchange exchange) {
    Optional<String> value = exchange.headers().firstValue(name);
    if (value.isEmpty()) {
      return declared.path("required").asBoolean() ? List.of(name + " is missing") : List.of();
    }
    return documents.faults(declared.path("schema"), typed(declared, value.get()));
  }

  private List<String> body(JsonNode answer, String name, Exchange exchange, byte[] body) {
    JsonNode content = answer.path("content");
    if (content.isMissingNode()) {
      return body.length == 0 ? List.of() : List.of("there should be no body");
    }
    String type =
        exchange.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "").strip();
    JsonNode media = content.path(type);
    if (media.isMissingNode()) {
      return List.of("its media type " + type + " is not documented");
    }
    if (!type.endsWith("json")) {
      return List.of();
    }
    try {
      JsonNode value = Json.parse(body);
      List<String> faults = new ArrayList<>(documents.faults(media.path("schema"), value));
      if (value.has("title") && type.endsWith("problem+json")) {
        seen.add("problem " + value.path("title").asText());
      }
      for (JsonNode event : value.path(name.endsWith("/messages") ? "messages" : "last_events")) {
        if (isOwn(event)) {
          faults.addAll(documents.faults("AgentProgress", event));
        }
      }
      return faults;
    } catch (MalformedJson e) {
      return List.of("the body is not JSON: " + e.detail());
    }
  }

  /// A request that was accepted must be one that the documents allow.
  private List<String> request(JsonNode item, JsonNode operation, Exchange exchange) {
    List<String> faults = new ArrayList<>();
    List<JsonNode> parameters = new ArrayList<>();
    item.path("parameters").forEach(parameters::add);
    operation.path("parameters").forEach(parameters::add);
    for (JsonNode each : parameters) {
      JsonNode parameter = documents.resolved(each);
      Optional<String> value = value(parameter, exchange);
      if (value.isPresent()) {
        documents
            .faults(parameter.path("schema"), typed(parameter, value.get()))
            .forEach(fault -> faults.add(parameter.path("name").asText() + fault));
      } else if (parameter.path("required").asBoolean()
          && !parameter.path("in").asText().equals("path")) {
        faults.add(parameter.path("name").asText() + " was needed");
      }
    }
    JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
    if (!schema.isMissingNode()) {
      faults.addAll(documents.faults(schema, Json.parse(exchange.requestBody())));
    }
    return faults;
  }

  private static Optional<String> value(JsonNode parameter, Exchange exchange) {
    String name = parameter.path("name").asText();
    return switch (parameter.path("in").asText()) {
      case "header" -> exchange.requestHeaders().firstValue(name);
      case "query" -> query(exchange.uri(), name);
      default -> Optional.empty();
    };
  }

  private static Optional<String> query(URI uri, String name) {
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && equals + 1 < pair.length() && pair.substring(0, equals).equals(name)) {
        return Optional.of(URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }

  private JsonNode typed(JsonNode declared, String value) {
    boolean isInteger =
        documents.resolved(declared.path("schema")).path("type").asText().equals("integer");
    return isInteger && value.matches("-?[0-9]{1,18}")
        ? JsonNodeFactory.instance.numberNode(Long.parseLong(value))
        : JsonNodeFactory.instance.textNode(value);
  }

  /// Whether our own agent said it, and not a producer that a test made up.
  private static boolean isOwn(JsonNode event) {
    String runId = event.path("run_id").asText();
    return OWN_RUN.matcher(runId).matches()
        && event.path("event_id").asText().startsWith(runId + ".");
  }
}
