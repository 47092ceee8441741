package dev.agentrooms.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Places.Anchor;
import dev.agentrooms.protocol.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class PlacesTest {

  // The second run waits while the first is under way.
  private static final List<List<ObjectNode>> RUNS =
      List.of(
          List.of(event("r1.1", "00.1"), event("r1.2", "00.2"), event("r1.3", "00.4")),
          List.of(event("r2.1", "00.3"), event("r2.2", "00.4"), event("r2.3", "00.9")));

  private static ObjectNode event(String id, String second) {
    return Json.object().put("event_id", id).put("ts", "2026-11-27T10:00:" + second + "Z");
  }

  @Test
  void placesAreCountedBackFromWhatIsRetained() {
    Anchor anchor = new Anchor(15, "r2.2", "r2", "2026-11-27T10:00:00.4Z");
    assertThat(Places.of(RUNS, anchor))
        .isEqualTo(
            Map.of("r1.1", 11L, "r1.2", 12L, "r2.1", 13L, "r1.3", 14L, "r2.2", 15L, "r2.3", 16L));
  }

  @Test
  void whereNothingIsRetainedTheFirstEventHadTheFirstPlace() {
    assertThat(Places.of(RUNS, null)).containsEntry("r1.1", 1L).containsEntry("r2.1", 3L);
  }

  @Test
  void whatIsLaterThanTheOldestIsRetained() {
    Anchor anchor = new Anchor(15, "r2.2", "r2", "2026-11-27T10:00:00.4Z");
    assertThat(anchor.isBefore(event("r3.1", "01.0"))).isTrue();
    assertThat(anchor.isBefore(event("r1.1", "00.1"))).isFalse();
  }
}
