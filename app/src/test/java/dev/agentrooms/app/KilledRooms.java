package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Rooms after their server was killed, compared with what its users were answered and shown.
final class KilledRooms {

  private final KilledWork work;
  private final long seed;

  KilledRooms(KilledWork work, long seed) {
    this.work = work;
    this.seed = seed;
  }

  boolean hasAll(JsonNode room, String session) {
    Set<String> ended = new HashSet<>();
    for (JsonNode event : room.path("messages")) {
      if (Stack.isTerminal(event)) {
        ended.add(event.path("run_id").asText());
      }
    }
    return ended.containsAll(
        work.runs().keySet().stream()
            .filter(runId -> KilledWork.sessionOf(runId).equals(session))
            .collect(Collectors.toSet()));
  }

  void assertRoom(JsonNode room, String session) {
    List<String> ids = new ArrayList<>();
    Map<String, Long> found = new HashMap<>();
    Set<String> over = new HashSet<>();
    long seq = 0;
    for (JsonNode event : room.path("messages")) {
      assertThat(event.path("seq").asLong()).as("%s, seed %d", session, seed).isEqualTo(++seq);
      String id = event.path("event_id").asText();
      ids.add(id);
      found.put(id, seq);
      Long promised = work.published().get(id);
      if (promised != null) {
        assertThat(seq).as("%s, seed %d", id, seed).isEqualTo(promised);
      }
      assertThat(event.at("/meta/reason").asText())
          .as("%s, seed %d", event, seed)
          .isNotEqualTo("shutdown");
      String runId = event.path("run_id").asText();
      assertThat(over).as("seed %d: %s goes on", seed, event).doesNotContain(runId);
      if (Stack.isTerminal(event)) {
        over.add(runId);
      }
    }
    work.onlooker().assertShown(session, found);
    assertThat(ids)
        .as("%s, seed %d", session, seed)
        .doesNotHaveDuplicates()
        .containsAll(
            work.published().keySet().stream()
                .filter(id -> KilledWork.sessionOf(id).equals(session))
                .toList());
  }
}
