package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The condition of a step (`when`): `steps.fetch.urgent`, `steps.classify.kind == billing`,
/// `input.copies != 0`. A path alone holds if its value exists and is not `false`.
///
/// @param literal the value to compare with; JSON's null for a path alone
public record Condition(ValuePath path, Test test, JsonNode literal) {

  /// The comparison.
  enum Test {
    IS_THERE,
    EQUALS,
    DIFFERS
  }

  private static final Pattern WRITTEN =
      Pattern.compile("\\s*([\\w.-]+)\\s*(?:(==|!=)\\s*(\\S|\\S.*\\S)\\s*)?", Pattern.DOTALL);

  /// @throws TemplateError when the text is not a condition
  static Condition parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      throw new TemplateError("must be a path, or a path == or != a literal");
    }
    ValuePath path = ValuePath.parse(written.group(1));
    String sign = written.group(2);
    if (sign == null) {
      return new Condition(path, Test.IS_THERE, NullNode.getInstance());
    }
    return new Condition(
        path, sign.equals("==") ? Test.EQUALS : Test.DIFFERS, literal(written.group(3)));
  }

  // JSON, or a string without quotes.
  private static JsonNode literal(String written) {
    try {
      JsonNode literal = Json.parse(written.getBytes(StandardCharsets.UTF_8));
      if (literal.isContainerNode()) {
        throw new TemplateError("can compare with texts, numbers, true, false and null only");
      }
      return literal;
    } catch (MalformedJson e) {
      if (written.contains("\"")) {
        throw new TemplateError("has quotes in it that do not fit together");
      }
      return TextNode.valueOf(written);
    }
  }

  boolean holds(Scope scope) {
    JsonNode found = path.in(scope.values());
    JsonNode value = found == null ? NullNode.getInstance() : found;
    return switch (test) {
      case IS_THERE -> !value.isNull() && !(value.isBoolean() && !value.booleanValue());
      case EQUALS -> equal(value, literal);
      case DIFFERS -> !equal(value, literal);
    };
  }

  // 1 and 1.0 are the same number.
  private static boolean equal(JsonNode a, JsonNode b) {
    return a.isNumber() && b.isNumber()
        ? a.decimalValue().compareTo(b.decimalValue()) == 0
        : a.equals(b);
  }
}
