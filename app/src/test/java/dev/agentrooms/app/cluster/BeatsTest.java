package dev.agentrooms.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.store.Members.Beat;
import dev.agentrooms.store.Members.Member;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a node concludes from the heartbeats of others.
@Tag("unit")
class BeatsTest {

  private static final Address A = AddressFromURIString.parse("pekko://agent-rooms@a:1");
  private static final Address B = AddressFromURIString.parse("pekko://agent-rooms@b:1");
  private static final Address C = AddressFromURIString.parse("pekko://agent-rooms@c:1");

  private static Beat beat(Address of, long uid, String roles, long at, int ageSeconds) {
    return new Beat(new Member(of.toString(), uid, roles), at, Duration.ofSeconds(ageSeconds));
  }

  @Test
  void aSeedNodeIsTheFirstOnlyWhenNobodyElseIsUp() {
    assertThat(SeedBeat.targets(B, List.of(A, B), List.of())).containsExactly(B, A);
    assertThat(SeedBeat.targets(B, List.of(B), List.of())).containsExactly(B);
  }

  @Test
  void aSeedNodeJoinsThoseThatAreUpAndNeverItself() {
    List<Beat> up = List.of(beat(C, 1, "agent", 5, 1));

    assertThat(SeedBeat.targets(A, List.of(A, B, C), up)).containsExactly(C, B);
    assertThat(SeedBeat.targets(A, List.of(A), up)).containsExactly(C);
  }

  @Test
  void processesOfOtherRolesAndOldHeartbeatsAreNoRivals() {
    Member self = new Member(A.toString(), 1, "agent webui");

    assertThat(
            LoneBeat.fresh(
                self,
                List.of(
                    beat(B, 2, "webui", 5, 9),
                    beat(B, 3, "mocks", 5, 9),
                    beat(C, 4, "agent", 5, 10))))
        .extracting(each -> each.member().uid())
        .containsExactly(2L);
  }

  @Test
  void onlyWhoBeatsAgainIsAlive() {
    List<Beat> before = List.of(beat(B, 1, "agent", 5, 0));

    assertThat(LoneBeat.living(before, List.of(beat(B, 1, "agent", 5, 2)))).isEmpty();
    assertThat(LoneBeat.living(before, List.of(beat(B, 1, "agent", 6, 0)))).isPresent();
    // Those that came later find this one, and end.
    assertThat(LoneBeat.living(before, List.of(beat(B, 2, "agent", 6, 0)))).isEmpty();
    assertThat(LoneBeat.living(before, List.of(beat(C, 3, "agent", 6, 0)))).isEmpty();
  }
}
