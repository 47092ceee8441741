package dev.agentrooms.store;

import java.util.List;

/// Patterns of paths: `*` is one segment, `**` any number of them.
public final class Globs {

  private Globs() {}

  public static boolean matches(String pattern, String path) {
    return matches(List.of(pattern.split("/", -1)), List.of(path.split("/", -1)));
  }

  private static boolean matches(List<String> pattern, List<String> path) {
    if (pattern.isEmpty()) {
      return path.isEmpty();
    }
    List<String> rest = pattern.subList(1, pattern.size());
    if (pattern.getFirst().equals("**")) {
      for (int i = 0; i <= path.size(); i++) {
        if (matches(rest, path.subList(i, path.size()))) {
          return true;
        }
      }
      return false;
    }
    return !path.isEmpty()
        && (pattern.getFirst().equals("*") || pattern.getFirst().equals(path.getFirst()))
        && matches(rest, path.subList(1, path.size()));
  }

  /// What every path begins with that the pattern has.
  public static String prefix(String pattern) {
    int star = pattern.indexOf('*');
    return star < 0 ? pattern : pattern.substring(0, star);
  }
}
