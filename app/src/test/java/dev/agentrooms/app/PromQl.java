package dev.agentrooms.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a PromQL expression reads: selectors, and the labels that it groups by. It is not a parser:
/// what has neither metric nor label is passed over.
record PromQl(List<Selector> selectors, Set<String> grouping) {

  /// A metric, and what its labels must be: a value, or [#ANY] where the operator is not `=`.
  record Selector(String metric, Map<String, String> labels) {}

  /// Stands for a label that must be there, with whatever value.
  static final String ANY = "*";

  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
  private static final Pattern SELECTOR =
      Pattern.compile("(?<![\\w.])([a-zA-Z_:][\\w:]*+)(?!\\s*\\()(?:\\s*\\{([^}]*)})?");
  private static final Pattern MATCHER =
      Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "by", "bool", "offset");

  static PromQl of(String expression) {
    Set<String> grouping = new TreeSet<>();
    Matcher groups = GROUPING.matcher(expression);
    while (groups.find()) {
      for (String label : groups.group(2).split(",", -1)) {
        grouping.add(label.strip());
      }
    }
    grouping.remove("");
    String rest = RANGE.matcher(GROUPING.matcher(expression).replaceAll(" ")).replaceAll(" ");
    List<Selector> selectors = new ArrayList<>();
    Matcher selector = SELECTOR.matcher(rest);
    while (selector.find()) {
      if (!WORDS.contains(selector.group(1))) {
        selectors.add(new Selector(selector.group(1), labels(selector.group(2))));
      }
    }
    return new PromQl(selectors, grouping);
  }

  /// A line of `/metrics`, without its value.
  static Selector series(String line) {
    return of(line).selectors().getFirst();
  }

  private static Map<String, String> labels(@Nullable String text) {
    Map<String, String> labels = new TreeMap<>();
    Matcher matcher = MATCHER.matcher(text == null ? "" : text);
    while (matcher.find()) {
      labels.put(matcher.group(1), matcher.group(2).equals("=") ? matcher.group(3) : ANY);
    }
    return labels;
  }

  /// Why none of `series` can answer this; empty when they can.
  /// @param given labels that Prometheus adds itself
  List<String> faults(List<Selector> series, Set<String> given) {
    List<String> faults = new ArrayList<>();
    for (Selector wanted : selectors) {
      Set<String> needed = new TreeSet<>(grouping);
      needed.removeAll(given);
      boolean isAnswered =
          given.contains(wanted.metric())
              || series.stream()
                  .filter(each -> each.metric().equals(wanted.metric()))
                  .filter(each -> each.labels().keySet().containsAll(needed))
                  .anyMatch(each -> has(each, wanted, given));
      if (!isAnswered) {
        faults.add(wanted + " by " + needed);
      }
    }
    return selectors.isEmpty() ? List.of("reads nothing") : faults;
  }

  private static boolean has(Selector series, Selector wanted, Set<String> given) {
    return wanted.labels().entrySet().stream()
        .filter(label -> !given.contains(label.getKey()))
        .allMatch(
            label -> {
              String value = series.labels().get(label.getKey());
              return value != null
                  && (label.getValue().equals(ANY) || label.getValue().equals(value));
            });
  }
}
