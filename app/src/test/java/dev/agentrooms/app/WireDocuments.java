package dev.agentrooms.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.agentrooms.protocol.ApiDocument;
import dev.agentrooms.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// The OpenAPI and AsyncAPI documents, and whether a value is what they say.
///
/// What a server says is held against them more strictly than a client should: a member that they
/// do not name is a mistake.
final class WireDocuments {

  private static final String BASE = "https://agentrooms.test/schemas";

  // A client may say more than is understood; a tool may answer more; a problem may grow members.
  private static final Set<String> OPEN =
      Set.of(
          "RunRequest",
          "CancelRequest",
          "LinkRequest",
          "Submission",
          "ProgressRequest",
          "Subscribe",
          "Unsubscribe",
          "Ping",
          "AgentProgress");

  private static final Set<String> CONDITIONS = Set.of("if", "then");

  private final JsonNode openApi = Json.parse(ApiDocument.OPENAPI.read());
  private final JsonNode asyncApi = Json.parse(ApiDocument.ASYNCAPI.read());
  private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();
  private final JsonSchemaFactory factory;
  private final SchemaValidatorsConfig config =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  WireDocuments() {
    JsonNode strict = openApi.at("/components/schemas").deepCopy();
    for (Map.Entry<String, JsonNode> schema : strict.properties()) {
      if (!OPEN.contains(schema.getKey())) {
        close(schema.getValue());
      }
    }
    String definitions = absolute(Json.object().set("$defs", strict));
    factory =
        JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder -> builder.schemaLoaders(own -> own.schemas(Map.of(BASE, definitions))));
  }

  JsonNode openApi() {
    return openApi;
  }

  JsonNode asyncApi() {
    return asyncApi;
  }

  /// What `node` stands for, when it is a reference into the OpenAPI document.
  JsonNode resolved(JsonNode node) {
    String ref = node.path("$ref").asText();
    return ref.isEmpty() ? node : resolved(openApi.at(ref.substring(ref.indexOf('#') + 1)));
  }

  /// What is wrong with `value`; nothing when it is as the component schema `name` says.
  List<String> faults(String name, JsonNode value) {
    return faults(Json.object().put("$ref", "#/components/schemas/" + name), value);
  }

  /// @param schema from one of the documents
  List<String> faults(JsonNode schema, JsonNode value) {
    return schemas
        .computeIfAbsent(
            absolute(schema),
            text -> factory.getSchema(Json.parse(text.getBytes(StandardCharsets.UTF_8)), config))
        .validate(value)
        .stream()
        .map(Object::toString)
        .collect(Collectors.toList());
  }

  // To a validator of schemas, the document is its schemas.
  private static String absolute(JsonNode schema) {
    return schema
        .toString()
        .replaceAll("\"(openapi\\.json)?#/components/schemas/", "\"" + BASE + "#/\\$defs/");
  }

  private static void close(JsonNode schema) {
    // A part of a whole knows nothing of the other parts' members.
    if (schema.has("allOf")) {
      return;
    }
    if (schema instanceof ObjectNode object
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    for (Map.Entry<String, JsonNode> member : schema.properties()) {
      // A condition speaks of some members only, and so does what follows from it.
      if (!CONDITIONS.contains(member.getKey())) {
        close(member.getValue());
      }
    }
    if (schema.isArray()) {
      schema.forEach(WireDocuments::close);
    }
  }
}
