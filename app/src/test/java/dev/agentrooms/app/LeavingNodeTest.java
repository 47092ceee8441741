package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A node that leaves takes nothing with it: whoever watches at another misses nothing and is not
/// closed, and a run that it had goes on elsewhere.
@Tag("process")
class LeavingNodeTest {

  private static final int SESSIONS = 12;

  private NodesInOneJvm nodes;

  @BeforeEach
  void start() throws Exception {
    nodes = new NodesInOneJvm(3);
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  @Test
  void whoeverWatchesAtAnotherNodeSeesAllAndEachRunEndsOnce() {
    Map<String, Watcher> watchers = new HashMap<>();
    for (int i = 0; i < SESSIONS; i++) {
      String session = "moved" + i;
      watchers.put(session, Watcher.of(nodes.get(i % 2), session));
      Stack asked = nodes.get(i % 3);
      assertThat(
              asked
                  .post(
                      asked.agent() + "/api/agent/run",
                      "{\"session_id\":\"%s\",\"question\":\"Create a quiz [rag:slow]\"}"
                          .formatted(session))
                  .status())
          .isEqualTo(202);
    }

    nodes.stop(2);

    watchers.forEach(
        (session, watcher) -> {
          List<JsonNode> seen = watcher.untilEnded(1);
          List<Long> seqs = new ArrayList<>();
          seen.forEach(event -> seqs.add(event.path("seq").asLong()));
          for (int i = 0; i < seqs.size(); i++) {
            assertThat(seqs.get(i)).as("%s: %s", session, seqs).isEqualTo(i + 1);
          }
          assertThat(seen.stream().filter(Stack::isTerminal)).hasSize(1);
          assertThat(seen.getLast().path("meta").path("outcome").asText())
              .as("%s", seen)
              .isNotEqualTo("cancelled");
          assertThat(watcher.closed()).isNotDone();
          watcher.close();
        });
  }
}
