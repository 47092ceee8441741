package dev.agentrooms.tools.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.agentrooms.protocol.InvalidField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The members of an object that a remote agent has sent. Each is of its type, or absent, or null,
/// which means absent: the number 5 is no text "5".
///
/// @param path begins the names of members in refusals, such as `input.`
record Members(JsonNode object, String path) {

  static Members of(JsonNode event) {
    return new Members(event, "");
  }

  /// One that there has to be.
  String text(String name) {
    JsonNode value = object.path(name);
    if (!value.isTextual()) {
      throw refused(name, " must be ", JsonNodeType.STRING);
    }
    return value.asText();
  }

  String text(String name, String otherwise) {
    JsonNode value = member(name, JsonNodeType.STRING);
    return value.isMissingNode() ? otherwise : value.asText();
  }

  /// False when it is absent.
  boolean flag(String name) {
    return member(name, JsonNodeType.BOOLEAN).asBoolean();
  }

  /// Missing when it is absent.
  JsonNode object(String name) {
    return member(name, JsonNodeType.OBJECT);
  }

  /// None when it is absent.
  List<Members> objects(String name) {
    List<Members> objects = new ArrayList<>();
    for (JsonNode each : member(name, JsonNodeType.ARRAY)) {
      if (!each.isObject()) {
        throw refused(name, " must each be ", JsonNodeType.OBJECT);
      }
      objects.add(new Members(each, path + name + "."));
    }
    return objects;
  }

  /// None when it is absent.
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode each : member(name, JsonNodeType.ARRAY)) {
      if (!each.isTextual()) {
        throw refused(name, " must each be ", JsonNodeType.STRING);
      }
      texts.add(each.asText());
    }
    return texts;
  }

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  private JsonNode member(String name, JsonNodeType type) {
    JsonNode value = object.path(name);
    if (value.isNull()) {
      return MissingNode.getInstance();
    }
    if (!value.isMissingNode() && value.getNodeType() != type) {
      throw refused(name, " must be ", type);
    }
    return value;
  }

  private InvalidField refused(String name, String must, JsonNodeType type) {
    String word = type.name().toLowerCase(Locale.ROOT);
    String article = "aeiou".indexOf(word.charAt(0)) >= 0 ? "an " : "a ";
    return new InvalidField(path + name, path + name + must + article + word);
  }
}
