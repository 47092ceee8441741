package dev.agentrooms.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The root's `reference.conf` as what it is to a reader: settings in their order, each with its
/// comment, its default and its environment variable.
record ReferenceConf(Map<String, String> sections, List<Setting> settings) {

  /// @param variable empty when there is none
  record Setting(String key, String value, String variable, String comment) {
    String section() {
      return key.contains(".") ? key.substring(0, key.indexOf('.')) : "";
    }
  }

  private static final Pattern OPEN = Pattern.compile("([a-z0-9.-]+) \\{");
  private static final Pattern VARIABLE = Pattern.compile("([a-z0-9.-]+) = \\$\\{\\?([A-Z0-9_]+)}");
  private static final Pattern VALUE = Pattern.compile("([a-z0-9.-]+) = (.+)");

  static ReferenceConf read() {
    try {
      return parse(Files.readAllLines(Path.of("../reference.conf")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static ReferenceConf parse(List<String> lines) {
    Map<String, String> sections = new LinkedHashMap<>();
    Map<String, Setting> settings = new LinkedHashMap<>();
    Deque<String> path = new ArrayDeque<>();
    List<String> comment = new ArrayList<>();
    int depth = 0;
    for (String raw : lines) {
      String line = raw.strip();
      // The built-in tools are declarations, and no settings.
      if (depth > 0 || line.equals("built-in {")) {
        depth += line.replaceAll("[^{]", "").length() - line.replaceAll("[^}]", "").length();
        comment.clear();
        continue;
      }
      Matcher open = OPEN.matcher(line);
      Matcher variable = VARIABLE.matcher(line);
      Matcher value = VALUE.matcher(line);
      if (line.startsWith("#")) {
        comment.add(line.substring(1).strip());
        continue;
      } else if (open.matches()) {
        path.addLast(open.group(1));
        sections.put(String.join(".", path), String.join(" ", comment));
      } else if (line.equals("}")) {
        path.removeLast();
      } else if (variable.matches()) {
        settings.computeIfPresent(
            key(path, variable.group(1)),
            (key, s) -> new Setting(key, s.value(), variable.group(2), s.comment()));
      } else if (value.matches()) {
        String key = key(path, value.group(1));
        settings.put(key, new Setting(key, value.group(2), "", String.join(" ", comment)));
      } else if (!line.isEmpty()) {
        throw new AssertionError("reference.conf has a line that its reader does not know: " + raw);
      }
      comment.clear();
    }
    return new ReferenceConf(Collections.unmodifiableMap(sections), List.copyOf(settings.values()));
  }

  private static String key(Deque<String> path, String name) {
    return path.isEmpty() ? name : String.join(".", path) + "." + name;
  }

  List<String> variables() {
    return settings.stream().map(Setting::variable).filter(v -> !v.isEmpty()).toList();
  }

  /// All of it as Markdown tables, one for each section.
  String markdown() {
    StringBuilder text = new StringBuilder();
    String section = null;
    for (Setting setting : settings) {
      if (!setting.section().equals(section)) {
        section = setting.section();
        text.append("\n### ").append(section.isEmpty() ? "Shared" : "`" + section + "`");
        String about = sections.getOrDefault(section, "");
        text.append(about.isEmpty() ? "\n" : "\n\n" + about + "\n");
        text.append("\n| setting | variable | default | |\n|---|---|---|---|\n");
      }
      text.append("| `")
          .append(setting.key())
          .append("` | ")
          .append(setting.variable().isEmpty() ? "" : "`" + setting.variable() + "`")
          .append(" | ")
          .append(code(setting.value()))
          .append(" | ")
          .append(setting.comment().replace("|", "\\|"))
          .append(" |\n");
    }
    return text.toString();
  }

  private static String code(String value) {
    String bare = value.replace("\"", "");
    return bare.isEmpty() ? "" : "`" + bare + "`";
  }
}
