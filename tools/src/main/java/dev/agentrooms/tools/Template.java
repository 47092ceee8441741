package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A text with placeholders: `Hello {{input.name}}`. `{{path}}` needs a value, `{{path?}}` is
/// optional. There are no expressions, and inserted values are never read as templates.
final class Template {

  /// A literal piece of text, or a placeholder.
  sealed interface Part {
    record Literal(String text) implements Part {}

    record Place(ValuePath path, boolean isOptional) implements Part {

      /// @return null when an optional value is missing
      /// @throws TemplateError when a required value is missing
      @Nullable JsonNode in(JsonNode values) {
        JsonNode value = path.in(values);
        if (value == null && !isOptional) {
          throw new TemplateError("{{" + path + "}} has no value");
        }
        return value;
      }
    }
  }

  private final List<Part> parts;

  private Template(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /// @throws TemplateError when a placeholder is not a valid path
  static Template parse(String text) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    for (int open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", at)) {
      int close = text.indexOf("}}", open);
      if (close < 0) {
        throw new TemplateError("\"{{\" has no \"}}\" after it");
      }
      if (open > at) {
        parts.add(new Part.Literal(text.substring(at, open)));
      }
      String path = text.substring(open + 2, close).strip();
      boolean isOptional = path.endsWith("?");
      parts.add(
          new Part.Place(
              ValuePath.parse(isOptional ? path.substring(0, path.length() - 1) : path),
              isOptional));
      at = close + 2;
    }
    if (at < text.length()) {
      parts.add(new Part.Literal(text.substring(at)));
    }
    return new Template(parts);
  }

  List<Part> parts() {
    return parts;
  }

  /// The paths of its placeholders.
  List<ValuePath> paths() {
    List<ValuePath> paths = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Place place) {
        paths.add(place.path());
      }
    }
    return paths;
  }

  /// The filled text or, if the template is a single placeholder, the value itself.
  ///
  /// @throws TemplateError when a value is missing
  JsonNode fill(JsonNode values) {
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Place place) {
      JsonNode value = place.in(values);
      return value == null ? NullNode.getInstance() : value;
    }
    return TextNode.valueOf(text(values, Template::anyText));
  }

  /// The filled text. Objects and arrays cannot be inserted.
  ///
  /// @throws TemplateError when a value is missing, or is an object or array
  String text(JsonNode values) {
    return text(values, Template::scalarText);
  }

  private String text(JsonNode values, Function<JsonNode, String> written) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Part.Literal literal -> text.append(literal.text());
        case Part.Place place -> {
          JsonNode value = place.in(values);
          text.append(value == null ? "" : insert(place.path(), value, written));
        }
      }
    }
    return text.toString();
  }

  static String insert(ValuePath path, JsonNode value, Function<JsonNode, String> written) {
    try {
      return written.apply(value);
    } catch (TemplateError e) {
      throw new TemplateError("{{" + path + "}} " + e.detail());
    }
  }

  static String scalarText(JsonNode value) {
    if (value.isContainerNode()) {
      throw new TemplateError("is no text, number or truth value");
    }
    return anyText(value);
  }

  static String anyText(JsonNode value) {
    if (value.isTextual()) {
      return value.textValue();
    }
    // 1000 rather than 1E+3, except for very large numbers.
    if (value.isBigDecimal() && Math.abs((long) value.decimalValue().scale()) <= 30) {
      BigDecimal number = value.decimalValue();
      return number.toPlainString();
    }
    return value.toString();
  }
}
