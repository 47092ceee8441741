package dev.agentrooms.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.ApiDocument;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The API documents as Markdown: a table of requests for each tag, and one of messages for each
/// channel.
final class EndpointTables {

  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static final Map<String, String> SERVERS = Map.of("agent", "agent", "webui", "web UI");
  private static final Map<String, String> SECRETS =
      Map.of("roomToken", "room token", "internalToken", "internal token");

  private final JsonNode openApi = Json.parse(ApiDocument.OPENAPI.read());
  private final JsonNode asyncApi = Json.parse(ApiDocument.ASYNCAPI.read());
  private final StringBuilder text = new StringBuilder();

  private EndpointTables() {}

  static String markdown() {
    EndpointTables tables = new EndpointTables();
    tables.openApi.path("tags").forEach(tables::requests);
    tables.asyncApi.path("channels").forEach(tables::messages);
    return tables.text.toString();
  }

  private void requests(JsonNode tag) {
    String name = tag.path("name").asText();
    heading(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1), tag);
    text.append("| request | | at | parameters | answers |\n|---|---|---|---|---|\n");
    for (Map.Entry<String, JsonNode> path : openApi.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        JsonNode operation = method.getValue();
        if (METHODS.contains(method.getKey()) && texts(operation.path("tags")).contains(name)) {
          row(
              code(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()),
              operation.path("summary").asText() + secret(operation),
              texts(operation.path("x-servers")).stream()
                  .map(server -> SERVERS.getOrDefault(server, server))
                  .collect(Collectors.joining(", ")),
              parameters(operation),
              answers(operation));
        }
      }
    }
  }

  // Where one is set, and where it belongs.
  private static String secret(JsonNode operation) {
    for (JsonNode way : operation.path("security")) {
      for (String name : names(way)) {
        if (SECRETS.containsKey(name)) {
          return " (" + SECRETS.get(name) + ")";
        }
      }
    }
    return "";
  }

  // Those of a path are in the path.
  private String parameters(JsonNode operation) {
    List<String> names = new ArrayList<>();
    for (JsonNode given : operation.path("parameters")) {
      JsonNode parameter = resolved(openApi, given);
      if (!parameter.path("in").asText().equals("path")) {
        names.add(code(parameter.path("name").asText()));
      }
    }
    if (operation.has("requestBody")) {
      names.addFirst("JSON");
    }
    return String.join(", ", names);
  }

  private String answers(JsonNode operation) {
    List<String> successes = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Map.Entry<String, JsonNode> answer : operation.path("responses").properties()) {
      List<String> types =
          names(resolved(openApi, answer.getValue()).path("content")).stream()
              .map(type -> type.replaceFirst("^application/json$", "JSON"))
              .toList();
      if (answer.getKey().compareTo("300") < 0) {
        successes.add(answer.getKey() + (types.isEmpty() ? "" : " " + String.join(", ", types)));
      } else {
        others.add(answer.getKey());
      }
    }
    successes.add(String.join(" ", others));
    return String.join("; ", successes);
  }

  private void messages(JsonNode channel) {
    heading(channel.path("title").asText() + " " + code(channel.path("address").asText()), channel);
    text.append("| message | from | |\n|---|---|---|\n");
    Set<String> fromClients = fromClients();
    for (Map.Entry<String, JsonNode> given : channel.path("messages").properties()) {
      row(
          code(given.getKey()),
          fromClients.contains(given.getKey()) ? "client" : "server",
          resolved(asyncApi, given.getValue()).path("title").asText());
    }
    JsonNode codes = channel.path("x-close-codes");
    if (!codes.isMissingNode()) {
      text.append("\n| close code | |\n|---|---|\n");
      codes.properties().forEach(code -> row(code(code.getKey()), code.getValue().asText()));
    }
  }

  private Set<String> fromClients() {
    return asyncApi
        .path("operations")
        .valueStream()
        .filter(operation -> operation.path("action").asText().equals("receive"))
        .flatMap(operation -> operation.path("messages").valueStream())
        .map(message -> message.path("$ref").asText())
        .map(reference -> reference.substring(reference.lastIndexOf('/') + 1))
        .collect(Collectors.toSet());
  }

  private void heading(String title, JsonNode described) {
    text.append("\n## ").append(title).append("\n\n");
    text.append(described.path("description").asText()).append("\n\n");
  }

  private void row(String... cells) {
    text.append("|");
    for (String cell : cells) {
      text.append(" ").append(cell.replace("|", "\\|")).append(" |");
    }
    text.append("\n");
  }

  private static String code(String words) {
    return "`" + words + "`";
  }

  private static JsonNode resolved(JsonNode document, JsonNode value) {
    String reference = value.path("$ref").asText();
    return reference.isEmpty() ? value : resolved(document, document.at(reference.substring(1)));
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }
}
