package dev.agentrooms.tools.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.tools.Schema;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;

/// Writes requests, and reads structured answers.
final class ModelRequests {

  private static final String FENCE = "```";

  private ModelRequests() {}

  /// @param asSchema whether the server is to make sure of the schema, or only of JSON
  static HttpRequest request(ModelSettings settings, ModelQuery query, boolean asSchema) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.completions())
            .header("Content-Type", "application/json")
            .header("Accept", query.streams() ? "text/event-stream" : "application/json")
            .POST(BodyPublishers.ofByteArray(Json.encode(body(settings, query, asSchema))));
    if (settings.key() != null) {
      request.header("Authorization", settings.key().header());
    }
    return request.build();
  }

  private static ObjectNode body(ModelSettings settings, ModelQuery query, boolean asSchema) {
    ObjectNode body = Json.object().put("model", settings.name());
    ArrayNode messages = body.putArray("messages").addAll(query.messages());
    body.put("stream", query.streams());
    if (query.streams()) {
      body.putObject("stream_options").put("include_usage", true);
    }
    if (query.tools() != null && !query.tools().isEmpty()) {
      body.set("tools", query.tools());
    }
    Schema schema = query.schema();
    if (schema != null && asSchema) {
      ObjectNode format = body.putObject("response_format").put("type", "json_schema");
      format.putObject("json_schema").put("name", "answer").set("schema", schema.json());
    } else if (schema != null) {
      body.putObject("response_format").put("type", "json_object");
      messages.add(
          ModelQuery.message(
              "system",
              "Answer with one JSON value and nothing else. It must fit this JSON Schema: "
                  + schema.json()));
    }
    return body;
  }

  /// The same query after an answer that does not fit.
  static ModelQuery repair(ModelQuery query, String answer, String why) {
    ArrayNode messages = query.messages().deepCopy();
    messages.add(ModelQuery.message("assistant", answer));
    messages.add(
        ModelQuery.message(
            "user",
            "This answer does not fit the JSON Schema: "
                + why
                + ". Answer again, with one JSON value that fits and nothing else."));
    return new ModelQuery(messages, query.schema(), query.tools());
  }

  /// The JSON in an answer, which some models put into a block of Markdown.
  ///
  /// @throws MalformedJson when it is none
  static JsonNode json(String answer) {
    String text = answer.strip();
    if (text.startsWith(FENCE) && text.endsWith(FENCE) && text.length() > 2 * FENCE.length()) {
      int line = text.indexOf('\n');
      text = text.substring(line < 0 ? FENCE.length() : line, text.length() - FENCE.length());
    }
    return Json.parse(text.getBytes(StandardCharsets.UTF_8), 200_000);
  }
}
