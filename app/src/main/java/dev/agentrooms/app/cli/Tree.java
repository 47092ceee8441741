package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/// Renders any JSON as readable lines: name and value, nested ones indented.
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

  /// Whether the first member goes on the present line: at the very start, or after a dash.
  private boolean isOpen = true;

  private Tree() {}

  static String of(JsonNode value) {
    Tree tree = new Tree();
    tree.write(value, "");
    return tree.text.toString();
  }

  // Ends the present line, which is empty or has a name or a dash.
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
