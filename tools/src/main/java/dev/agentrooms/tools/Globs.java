package dev.agentrooms.tools;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/// Patterns of tool names, in which `*` stands for any characters: `crm.find_*`.
public final class Globs {

  private Globs() {}

  /// Whether one of the patterns is the name, or matches it.
  public static boolean match(Collection<String> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, name));
  }

  private static boolean matches(String pattern, String name) {
    if (!isPattern(pattern)) {
      return pattern.equals(name);
    }
    List<String> literals = List.of(pattern.split("\\*", -1));
    String regex = String.join(".*", literals.stream().map(Pattern::quote).toList());
    return name.matches(regex);
  }

  static boolean isPattern(String text) {
    return text.contains("*");
  }
}
