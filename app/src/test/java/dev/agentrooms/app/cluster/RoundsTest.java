package dev.agentrooms.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.app.cluster.Rounds.Answer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which nodes are taken for dead, after rounds of answers: `A`nswered, `R`efused, `S`ilent.
@Tag("unit")
class RoundsTest {

  @ParameterizedTest(name = "[{index}] {0}: {1} ({2})")
  @CsvSource(
      delimiter = '|',
      nullValues = "nobody",
      textBlock =
          """
          AA AA       | nobody | all is well
          RA          | nobody | once may be a restart
          RA RA       | 1      | twice is a death
          RA RA AA    | nobody | it is back
          RA AA RA    | nobody | not in a row
          RA SA RA    | nobody | not in a row
          SA SA SA    | nobody | packets that vanish are no refusals
          RS RS RS    | nobody | one of three answers: this node may be the one that is cut off
          RR RR RR    | nobody | everybody refuses: this node is at the wrong end
          RS RA RA    | 1      | the first round does not count
          R R R       | nobody | of two, one is no majority
          RRAA RRAA   | 12     | two of five at once
          RRSA RRSA   | nobody | two of five answer
          RRRAAA RRRAAA | 123  | four of seven answer
          ASAR ASAR   | 4      | silence of another does not matter
          """)
  void whoIsDeadFollowsFromRounds(String rounds, String dead, String why) {
    Rounds<String> seen = Rounds.none();
    for (String round : rounds.strip().split(" +")) {
      Map<String, Answer> answers = new TreeMap<>();
      for (int node = 0; node < round.length(); node++) {
        answers.put(
            "" + (node + 1),
            switch (round.charAt(node)) {
              case 'A' -> Answer.ANSWERED;
              case 'R' -> Answer.REFUSED;
              default -> Answer.SILENT;
            });
      }
      seen = seen.after(answers);
    }
    Set<String> expected = dead == null ? Set.of() : new TreeSet<>(Set.of(dead.split("")));
    assertThat(seen.dead()).as(why).isEqualTo(expected);
  }

  /// A node that is gone from the cluster is not asked, and forgotten.
  @ParameterizedTest
  @CsvSource({"1", "2"})
  void whoIsNoLongerAskedIsForgotten(String node) {
    Rounds<String> seen =
        Rounds.<String>none()
            .after(Map.of(node, Answer.REFUSED, "x", Answer.ANSWERED))
            .after(Map.of("x", Answer.ANSWERED))
            .after(Map.of(node, Answer.REFUSED, "x", Answer.ANSWERED));

    assertThat(seen.dead()).isEmpty();
  }
}
