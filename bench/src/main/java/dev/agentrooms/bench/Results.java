package dev.agentrooms.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The measurements of all works, servers and rounds.
final class Results {

  // Percent of the deliveries; a server that loses more does not do the work.
  private static final double NEGLIGIBLE_LOSS = 0.1;

  private final Map<String, Map<Server, SortedMap<Integer, Measured>>> all = new LinkedHashMap<>();

  void add(Work work, int round, Server server, Measured measured) {
    all.computeIfAbsent(work.id(), id -> new LinkedHashMap<>())
        .computeIfAbsent(server, s -> new TreeMap<>())
        .put(round, measured);
  }

  /// By round.
  SortedMap<Integer, Measured> of(String work, Server server) {
    return all.getOrDefault(work, Map.of()).getOrDefault(server, new TreeMap<>());
  }

  Set<Metric> metrics(String work) {
    Set<Metric> metrics = new LinkedHashSet<>();
    all.getOrDefault(work, Map.of())
        .values()
        .forEach(rounds -> rounds.values().forEach(m -> metrics.addAll(m.values().keySet())));
    return metrics;
  }

  /// The variant of the server of that name that did the work best.
  Optional<Server> best(String work, String name) {
    Optional<Metric> first = metrics(work).stream().findFirst();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    double sign = first.get().isRate() ? 1 : -1;
    return all.getOrDefault(work, Map.of()).keySet().stream()
        .filter(server -> server.name().equals(name))
        .filter(server -> values(work, server, first.get()).length > 0)
        .max(
            Comparator.<Server, Boolean>comparing(server -> !loses(work, server))
                .thenComparing(server -> sign * median(values(work, server, first.get()))));
  }

  private boolean loses(String work, Server server) {
    double[] lost = values(work, server, Metric.LOST);
    return lost.length > 0 && median(lost) > NEGLIGIBLE_LOSS;
  }

  double[] values(String work, Server server, Metric metric) {
    return of(work, server).values().stream()
        .filter(measured -> measured.values().containsKey(metric))
        .mapToDouble(measured -> measured.values().get(metric))
        .toArray();
  }

  /// One server's numbers in parts of another's, round by round; only where both are above 0.
  double[] ratios(String work, Server server, Server other, Metric metric) {
    SortedMap<Integer, Measured> theirs = of(work, other);
    SortedMap<Integer, Measured> ours = of(work, server);
    return ours.keySet().stream()
        .filter(theirs::containsKey)
        .mapToDouble(round -> value(ours, round, metric) / value(theirs, round, metric))
        .filter(ratio -> ratio > 0 && Double.isFinite(ratio))
        .toArray();
  }

  private static double value(SortedMap<Integer, Measured> rounds, int round, Metric metric) {
    Measured measured = rounds.get(round);
    return measured == null ? 0 : measured.values().getOrDefault(metric, 0.0);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /// `median (least–most)`.
  static String spread(double[] values) {
    String median = number(median(values));
    return values.length == 1
        ? median
        : median
            + " ("
            + number(Arrays.stream(values).min().orElseThrow())
            + "–"
            + number(Arrays.stream(values).max().orElseThrow())
            + ")";
  }

  private static String number(double value) {
    String format = Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
