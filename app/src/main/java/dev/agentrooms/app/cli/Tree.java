package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/// Any JSON as lines that people can read: a name and a value each, what is inside further in.
///
/// ```
/// reply: Dear Ann
/// articles:
///   - id: hb-12
///     title: Refunds
/// tags:
///   - refund
/// ```
final class Tree {

  private final StringBuilder text = new StringBuilder();

  /// Whether a line has begun on which the first member has its place: the first, or behind a dash.
  private boolean isOpen = true;

  private Tree() {}

  static String of(JsonNode value) {
    Tree tree = new Tree();
    tree.write(value, "");
    return tree.text.toString();
  }

  // At the end of a line that has begun: behind a name, a dash, or nothing.
  private void write(JsonNode value, String indent) {
    if (value.isEmpty() || !value.isContainerNode()) {
      text.append(value.isTextual() ? paragraph(value.asText(), indent) : value.toString());
      isOpen = false;
      return;
    }
    if (value.isArray()) {
      for (JsonNode element : value) {
        newLine(indent);
        text.append("- ");
        isOpen = true;
        write(element, indent + "  ");
      }
      return;
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      newLine(indent);
      text.append(member.getKey()).append(":");
      boolean isInside = member.getValue().isContainerNode() && !member.getValue().isEmpty();
      text.append(isInside ? "" : " ");
      write(member.getValue(), indent + "  ");
    }
  }

  private void newLine(String indent) {
    if (!isOpen) {
      text.append("\n").append(indent);
    }
    isOpen = false;
  }

  private static String paragraph(String words, String indent) {
    return words.strip().replace("\n", "\n" + indent);
  }
}
