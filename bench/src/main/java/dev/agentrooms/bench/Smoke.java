package dev.agentrooms.bench;

import java.util.Collection;
import java.util.List;

/// Whether a quick run showed something for every work on every server that is there.
final class Smoke {

  private Smoke() {}

  static void check(Results results, List<Work> works, List<Server> servers) {
    for (Work work : works) {
      for (Server server : servers) {
        if (work.impossible(server).isEmpty()) {
          check(work, server, results.of(work.id(), server).values());
        }
      }
    }
    System.out.println("smoke: every work yielded numbers");
  }

  private static void check(Work work, Server server, Collection<Measured> measured) {
    String what = work.id() + " on " + server.name();
    if (measured.isEmpty()) {
      throw new IllegalStateException(what + " yielded nothing");
    }
    for (Measured one : measured) {
      if (one.values().values().stream().anyMatch(value -> value.isNaN() || value.isInfinite())) {
        throw new IllegalStateException(what + " yielded no number: " + one);
      }
      var first = one.values().entrySet().iterator().next();
      if (first.getKey().isRate() && first.getValue() <= 0) {
        throw new IllegalStateException(what + " did nothing: " + one);
      }
      if (one.values().getOrDefault(Metric.LOST, 0.0) != 0) {
        throw new IllegalStateException(what + " lost events: " + one);
      }
    }
  }
}
