package dev.agentrooms.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/// What one work showed for one server in one round; the metric that counts most comes first.
record Measured(Map<Metric, Double> values) {

  static Builder of(Metric metric, double value) {
    return new Builder().and(metric, value);
  }

  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(e -> String.format(Locale.ROOT, "%s %,.2f", e.getKey().name(), e.getValue()))
        .collect(Collectors.joining(" · "));
  }

  static final class Builder {
    private final Map<Metric, Double> values = new LinkedHashMap<>();

    Builder and(Metric metric, double value) {
      values.put(metric, value);
      return this;
    }

    Builder millis(Metric metric, Histogram from, double percentile) {
      return and(metric, from.getValueAtPercentile(percentile) / 1e6);
    }

    Measured done() {
      return new Measured(values);
    }
  }
}
