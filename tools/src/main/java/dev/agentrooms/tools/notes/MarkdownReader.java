package dev.agentrooms.tools.notes;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Headings, paragraphs, list items, tables and code of a Markdown file; plain text is read in the
/// same way. Line by line, so that no nesting is too deep for it.
///
/// A line may be as long as a file. So each pattern tells in one pass whether a line is what it is
/// for: nothing in it can be matched in two ways, and nothing is repeated that is more than one
/// character.
final class MarkdownReader {

  private static final Pattern HEADING = Pattern.compile("^ {0,3}#{1,6}(?:\\s|$)");
  private static final Pattern UNDERLINE = Pattern.compile("^ {0,3}(?:=+|-{2,})\\s*$");
  private static final Pattern RULE = Pattern.compile("^ {0,3}(?:[*_-]\\s*+){3}[*_\\s-]*$");
  private static final Pattern FENCE = Pattern.compile("^\\s{0,8}(`{3,}|~{3,}).*$", Pattern.DOTALL);
  private static final Pattern ITEM =
      Pattern.compile("^\\s{0,20}(?:[-*+•]|\\d{1,9}[.)])\\s+(.*)$", Pattern.DOTALL);
  private static final Pattern TASK = Pattern.compile("^\\[[ xX]]\\s+");
  private static final Pattern TABLE_RULE = Pattern.compile("^[\\s|:-]{3,}$");
  private static final Pattern REFERENCE =
      Pattern.compile("^ {0,3}\\[[^\\]]{1,200}]:\\s+\\S.*$", Pattern.DOTALL);

  private static final Pattern TITLE =
      Pattern.compile("\\s*[\\p{L}\\p{N}][^\\n\\r]{0,78}[\\p{L}\\p{N})»\"]\\h*\\R\\h*\\R");

  private final Sections sections = new Sections();
  private final List<String> paragraph = new ArrayList<>();

  private MarkdownReader() {}

  static Note read(String text) {
    MarkdownReader reader = new MarkdownReader();
    reader.lines(withTitle(withoutFrontMatter(text)).lines().toList());
    return reader.sections.note(null);
  }

  // In plain text a short first line above an empty one is the title, unless it is a sentence.
  private static String withTitle(String text) {
    Matcher first = TITLE.matcher(text);
    return first.lookingAt() ? "# " + text.stripLeading() : text;
  }

  // Between two lines of three dashes at the top.
  private static String withoutFrontMatter(String text) {
    if (!text.startsWith("---\n") && !text.startsWith("---\r\n")) {
      return text;
    }
    Matcher end = Pattern.compile("(?m)^(?:---|\\.\\.\\.)\\s*$").matcher(text);
    return end.find(4) ? text.substring(end.end()) : text;
  }

  private void lines(List<String> lines) {
    String fence = null;
    List<String> code = new ArrayList<>();
    for (String line : lines) {
      Matcher fenced = FENCE.matcher(line);
      if (fence != null) {
        if (fenced.matches() && fenced.group(1).startsWith(fence)) {
          sections.add(new Passage(String.join("\n", code), List.of(), false));
          code.clear();
          fence = null;
        } else {
          code.add(line.stripTrailing());
        }
      } else if (fenced.matches()) {
        flush();
        fence = fenced.group(1);
      } else {
        line(withoutQuote(line));
      }
    }
    if (!code.isEmpty()) {
      sections.add(new Passage(String.join("\n", code), List.of(), false));
    }
    flush();
  }

  private static String withoutQuote(String line) {
    int from = 0;
    boolean isQuote = false;
    while (from < line.length()
        && (line.charAt(from) == '>' || Character.isWhitespace(line.charAt(from)))) {
      isQuote |= line.charAt(from) == '>';
      from++;
    }
    return isQuote ? line.substring(from) : line;
  }

  private void line(String line) {
    if (HEADING.matcher(line).lookingAt()) {
      flush();
      sections.heading(InlineMarkup.of(withoutMarks(line.strip())).text());
      return;
    }
    if (UNDERLINE.matcher(line).matches() && paragraph.size() == 1) {
      String text = paragraph.getFirst();
      paragraph.clear();
      sections.heading(InlineMarkup.of(text).text());
      return;
    }
    if (line.isBlank() || RULE.matcher(line).matches() || REFERENCE.matcher(line).matches()) {
      flush();
      return;
    }
    String bare = line.strip();
    if (bare.startsWith("|") && bare.length() > 1) {
      flush();
      if (!TABLE_RULE.matcher(bare).matches()) {
        row(bare);
      }
      return;
    }
    Matcher item = ITEM.matcher(line);
    if (item.matches()) {
      flush();
      paragraph.add(TASK.matcher(item.group(1)).replaceFirst(""));
    } else {
      paragraph.add(bare);
    }
  }

  // Of `## C and C++ ##` the words are "C and C++".
  private static String withoutMarks(String heading) {
    int from = 0;
    while (from < heading.length() && heading.charAt(from) == '#') {
      from++;
    }
    int end = heading.length();
    while (end > from && heading.charAt(end - 1) == '#') {
      end--;
    }
    boolean isClosed = end > from && Character.isWhitespace(heading.charAt(end - 1));
    return heading.substring(from, isClosed ? end : heading.length()).strip();
  }

  private void row(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split("(?<!\\\\)\\|")) {
      if (!cell.isBlank()) {
        cells.add(InlineMarkup.of(cell.strip()).text());
      }
    }
    sections.add(new Passage(String.join("; ", cells), List.of(), false));
  }

  private void flush() {
    if (!paragraph.isEmpty()) {
      sections.add(InlineMarkup.of(String.join(" ", paragraph)));
      paragraph.clear();
    }
  }
}
