package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// JSON whose strings are templates: `{ "to": "{{input.email}}", "copies": 2 }`. Member names are
/// not templates.
sealed interface JsonTemplate {

  record Fixed(JsonNode value) implements JsonTemplate {}

  record Filled(Template text) implements JsonTemplate {}

  record Members(Map<String, JsonTemplate> members) implements JsonTemplate {}

  record Elements(List<JsonTemplate> elements) implements JsonTemplate {}

  /// @throws TemplateError when one of its strings is not a valid template
  static JsonTemplate parse(JsonNode written) {
    if (written.isTextual()) {
      Template text = Template.parse(written.textValue());
      return text.paths().isEmpty() ? new Fixed(written) : new Filled(text);
    }
    if (written.isObject()) {
      Map<String, JsonTemplate> members = new LinkedHashMap<>();
      written
          .properties()
          .forEach(member -> members.put(member.getKey(), parse(member.getValue())));
      return new Members(members);
    }
    if (written.isArray()) {
      List<JsonTemplate> elements = new ArrayList<>();
      written.forEach(element -> elements.add(parse(element)));
      return new Elements(elements);
    }
    return new Fixed(written);
  }

  /// A value without templates, whatever its strings look like.
  static JsonTemplate parseFixed(JsonNode value) {
    return new Fixed(value);
  }

  default List<ValuePath> paths() {
    return switch (this) {
      case Fixed fixed -> List.of();
      case Filled filled -> filled.text().paths();
      case Members all ->
          all.members().values().stream().flatMap(each -> each.paths().stream()).toList();
      case Elements all -> all.elements().stream().flatMap(each -> each.paths().stream()).toList();
    };
  }

  /// @throws TemplateError when a value is missing, or the result is too deep
  default JsonNode fill(JsonNode values) {
    JsonNode filled = filled(values);
    if (Json.isDeeper(filled, Json.MAX_DEPTH)) {
      throw new TemplateError("The values are nested more than " + Json.MAX_DEPTH + " deep");
    }
    return filled;
  }

  private JsonNode filled(JsonNode values) {
    return switch (this) {
      case Fixed fixed -> fixed.value();
      case Filled template -> template.text().fill(values);
      case Members all -> {
        ObjectNode object = Json.object();
        all.members().forEach((name, member) -> object.set(name, member.filled(values)));
        yield object;
      }
      case Elements all -> {
        ArrayNode array = Json.mapper().createArrayNode();
        all.elements().forEach(element -> array.add(element.filled(values)));
        yield array;
      }
    };
  }
}
