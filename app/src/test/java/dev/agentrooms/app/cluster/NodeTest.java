package dev.agentrooms.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class NodeTest {

  @ParameterizedTest(name = "{1} of {0}")
  @CsvSource({
    "1, 1, false",
    "2, 2, false",
    "2, 1, false",
    "3, 3, false",
    "3, 2, false",
    "3, 1, true",
    "4, 2, false",
    "4, 1, true",
    "5, 3, false",
    "5, 2, true"
  })
  void aNodeIsCutOffWhenItReachesLessThanHalfItselfIncluded(
      int members, int reachable, boolean isCutOff) {
    assertThat(Node.isCutOff(members, reachable)).isEqualTo(isCutOff);
  }
}
