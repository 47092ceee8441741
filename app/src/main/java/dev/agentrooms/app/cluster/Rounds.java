package dev.agentrooms.app.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides which nodes have died, from rounds in which the port of each other node was tried.
///
/// A port that refuses, on a machine that answers, is that of a dead process: no pause and no lost
/// packet looks like that. Two such rounds in a row make it certain enough, if in both a majority
/// of all nodes did answer: a node that everybody refuses is itself at the wrong end.
///
/// @param <N> a node
/// @param refusals how many rounds in a row have refused, by node
record Rounds<N>(Map<N, Integer> refusals) {

  private static final int ENOUGH = 2;

  /// What trying a port came to.
  enum Answer {
    ANSWERED,
    /// Nothing listens there, says the machine.
    REFUSED,
    /// Nothing came back in time, or there is no way to it.
    SILENT
  }

  Rounds {
    refusals = Map.copyOf(refusals);
  }

  static <N> Rounds<N> none() {
    return new Rounds<>(Map.of());
  }

  /// @param round what the ports of all other nodes said
  Rounds<N> after(Map<N, Answer> round) {
    int nodes = round.size() + 1;
    long answered = 1 + round.values().stream().filter(Answer.ANSWERED::equals).count();
    Map<N, Integer> next = new HashMap<>();
    if (answered * 2 > nodes) {
      round.forEach(
          (node, answer) -> {
            if (answer == Answer.REFUSED) {
              next.put(node, refusals.getOrDefault(node, 0) + 1);
            }
          });
    }
    return new Rounds<>(next);
  }

  /// Nodes that have died.
  Set<N> dead() {
    return refusals.entrySet().stream()
        .filter(each -> each.getValue() >= ENOUGH)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
