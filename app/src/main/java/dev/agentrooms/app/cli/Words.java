package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Makes untrusted text safe for a terminal: control characters are removed.
final class Words {

  private Words() {}

  /// `text` in one line.
  static String oneLine(String text) {
    return clean(text).replace('\n', ' ').replace('\t', ' ').strip();
  }

  /// `text` as it is, over several lines.
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              boolean kept = c == '\n' || c == '\t' || !hides(c);
              clean.appendCodePoint(kept ? c : 0xFFFD);
            });
    return clean.toString();
  }

  // Control characters, and those that change the writing direction.
  private static boolean hides(int c) {
    return Character.isISOControl(c)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }

  /// `rows` as a table with aligned columns.
  static List<String> table(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).codePointCount(0, row.get(i).length()));
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      int left = widths[i] - cell.codePointCount(0, cell.length());
      line.append(cell).repeat(' ', left + 2);
    }
    return line.toString().stripTrailing();
  }

  /// Any value as text: a string as it is, other values as JSON, an absent one as nothing.
  static String text(JsonNode value) {
    return value.isContainerNode() ? value.toString() : value.isNull() ? "" : value.asText();
  }

  /// A run's outcome, for people.
  static String of(Outcome outcome) {
    return of(outcome.result(), outcome.text());
  }

  static String of(JsonNode result) {
    return of(result, "");
  }

  // A quiz, a grading or an answer has its own form; anything else is its producer's text, or a
  // tree.
  private static String of(JsonNode result, String words) {
    StringBuilder text = new StringBuilder();
    if (isQuiz(result)) {
      quiz(result, text);
    } else if (result.path("items").isArray() && result.has("score")) {
      grading(result, text);
    } else if (result.path("answer").isTextual()) {
      answer(result, text);
    } else {
      text.append(words.isEmpty() ? Tree.of(result) : words);
    }
    return clean(text.toString()).strip();
  }

  private static boolean isQuiz(JsonNode result) {
    JsonNode questions = result.path("questions");
    if (!questions.isArray()) {
      return false;
    }
    boolean haveOptions = true;
    for (JsonNode question : questions) {
      haveOptions &= question.path("options").isObject();
    }
    return haveOptions || result.has("exam_id");
  }

  private static void quiz(JsonNode quiz, StringBuilder text) {
    text.append(quiz.path("title").asText()).append("\n");
    int number = 0;
    for (JsonNode question : quiz.path("questions")) {
      number++;
      text.append("\n").append(number).append(". ").append(question.path("text").asText());
      question
          .path("options")
          .properties()
          .forEach(
              option ->
                  text.append("\n   ")
                      .append(option.getKey())
                      .append(") ")
                      .append(option.getValue().asText()));
      text.append("\n");
    }
  }

  private static void grading(JsonNode grading, StringBuilder text) {
    text.append("Score: ")
        .append(grading.path("score").asText())
        .append(" of ")
        .append(grading.path("max_score").asText())
        .append("\n");
    for (JsonNode item : grading.path("items")) {
      text.append("\n")
          .append(item.path("correct").asBoolean() ? "right  " : "wrong  ")
          .append(item.path("question_id").asText())
          .append("  ")
          .append(item.path("comment").asText());
    }
  }

  private static void answer(JsonNode answer, StringBuilder text) {
    text.append(answer.path("answer").asText().strip()).append("\n");
    Set<String> sources = new LinkedHashSet<>();
    answer.path("chunks").forEach(chunk -> sources.add(chunk.path("source").asText()));
    sources.remove("");
    if (!sources.isEmpty()) {
      text.append("\nSources: ").append(String.join(", ", sources));
    }
  }
}
