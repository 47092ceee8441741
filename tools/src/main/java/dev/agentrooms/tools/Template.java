package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A text with places for values: `Hello {{input.name}}`. `{{path}}` must have a value,
/// `{{path?}}` need not. There is nothing else to it: no expressions, and what is inserted is never
/// read as a template.
final class Template {

  /// A piece of the text, or a place for a value.
  sealed interface Part {
    record Literal(String text) implements Part {}

    record Place(ValuePath path, boolean isOptional) implements Part {

      /// @return null when there is none, and need not be
      /// @throws TemplateError when there is none, and must be
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

  /// @throws TemplateError when what stands between braces is no path
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

  /// The paths that it names.
  List<ValuePath> paths() {
    List<ValuePath> paths = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Place place) {
        paths.add(place.path());
      }
    }
    return paths;
  }

  /// The filled text or, when the template is one place alone, the value itself.
  ///
  /// @throws TemplateError when a value is missing
  JsonNode fill(JsonNode values) {
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Place place) {
      JsonNode value = place.in(values);
      return value == null ? NullNode.getInstance() : value;
    }
    return TextNode.valueOf(text(values, Template::anyText));
  }

  /// The filled text. A value that is an object or an array has no place in it.
  ///
  /// @throws TemplateError when a value is missing or unfit
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

  private static String anyText(JsonNode value) {
    if (value.isTextual()) {
      return value.textValue();
    }
    // Not 1E+3, unless it is so large that nobody could want it in full.
    if (value.isBigDecimal() && Math.abs((long) value.decimalValue().scale()) <= 30) {
      BigDecimal number = value.decimalValue();
      return number.toPlainString();
    }
    return value.toString();
  }
}
