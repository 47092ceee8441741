package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.SchemaId;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Checks a well-formed schema: no external references, no unknown keywords, no invalid regular
/// expressions.
final class SchemaCheck {

  private static final Set<String> SCHEMA =
      Set.of(
          "additionalProperties",
          "contains",
          "else",
          "if",
          "items",
          "not",
          "propertyNames",
          "then",
          "unevaluatedItems",
          "unevaluatedProperties");
  private static final Set<String> SCHEMAS_BY_NAME =
      Set.of("$defs", "definitions", "dependentSchemas", "patternProperties", "properties");
  private static final Set<String> LIST_OF_SCHEMAS =
      Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  private static final Set<String> KNOWN = JsonMetaSchema.getV202012().getKeywords().keySet();

  private SchemaCheck() {}

  /// @throws Schema.Invalid naming the location
  static void check(JsonNode schema) {
    check(schema, "");
  }

  private static void check(JsonNode schema, String at) {
    for (Map.Entry<String, JsonNode> member : schema.properties()) {
      String keyword = member.getKey();
      String there = at + "/" + keyword;
      JsonNode value = member.getValue();
      if (!KNOWN.contains(keyword)) {
        throw new Schema.Invalid(there + " is no keyword of JSON Schema");
      }
      keyword(keyword, value, there);
      if (SCHEMA.contains(keyword)) {
        check(value, there);
      } else if (LIST_OF_SCHEMAS.contains(keyword)) {
        value.forEach(each -> check(each, there));
      } else if (SCHEMAS_BY_NAME.contains(keyword)) {
        value.properties().forEach(each -> check(each.getValue(), there + "/" + each.getKey()));
      }
    }
  }

  private static void keyword(String keyword, JsonNode value, String at) {
    switch (keyword) {
      case "$ref", "$dynamicRef" -> {
        if (!value.asText().startsWith("#")) {
          throw new Schema.Invalid(at + " must point into the schema itself, with a #");
        }
      }
      case "$schema" -> {
        if (!value.asText().equals(SchemaId.V202012)) {
          throw new Schema.Invalid(at + " must be " + SchemaId.V202012);
        }
      }
      case "pattern" -> compile(value.asText(), at);
      case "patternProperties" ->
          value.fieldNames().forEachRemaining(pattern -> compile(pattern, at));
      default -> {
        // Nothing else can lead elsewhere, or be more than its own schema says.
      }
    }
  }

  private static void compile(String pattern, String at) {
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new Schema.Invalid(at + " is no regular expression: " + e.getDescription());
    }
  }
}
