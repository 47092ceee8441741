package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Nodes with users at each of them, and somebody who watches each room at each of them. Whoever is
/// at a node that stays sees each event once, in order, and is not closed; what was answered is
/// there, each run ends once, and a room has one epoch, whichever node has it.
final class NodesUnderLoad implements AutoCloseable {

  /// In place of a node that is gone.
  static final int NOBODY = -1;

  private static final int PROBES = 24;

  private final NodeProcesses nodes;
  private final long seed;
  private final List<KilledWork> works = new ArrayList<>();
  private final List<RoomSeen> seen = new ArrayList<>();
  private int rounds;

  /// @param nodes that are up
  NodesUnderLoad(NodeProcesses nodes, KeyedTool tool, long seed) {
    this.nodes = nodes;
    this.seed = seed;
    for (int node = 0; node < nodes.count(); node++) {
      works.add(new KilledWork(tool, seed + node, "n" + node + "s"));
    }
    for (KilledWork work : works) {
      for (String session : work.sessions()) {
        for (int node = 0; node < nodes.count(); node++) {
          seen.add(new RoomSeen(nodes.stack(node), node, session, seed));
        }
      }
    }
  }

  /// What nodes need for it.
  static Map<String, String> settings(KeyedTool tool) {
    return Map.of(
        "WEBUI_HISTORY_SIZE", "10000",
        "AGENT_SESSION_KEPT_RUNS", "10000",
        "AGENT_SESSION_SLEEP_AFTER", "300ms",
        "AGENT_SHUTDOWN_GRACE", "100ms",
        "CLUSTER_LEAVE_DELAY", "300ms",
        // The default: what is promised depends on it.
        "STORE_PATIENCE", "3s",
        "AGENT_RAG_URL", tool.url(),
        "AGENT_TEST_GENERATOR_URL", tool.url());
  }

  void begin() {
    rounds++;
    for (int node = 0; node < nodes.count(); node++) {
      works.get(node).begin(nodes.stack(node));
    }
  }

  /// Waits until sessions and rooms of all shards answer at a node.
  void answersAt(int witness) {
    Crowd.all(PROBES, i -> answers(nodes.stack(witness), "probe" + i));
  }

  private int answers(Stack stack, String session) {
    Stack.await(() -> publish(stack, session).status(), status -> status == 200);
    int status =
        Stack.await(
            () -> stack.get(stack.agent() + "/api/agent/sessions/" + session).status(),
            each -> each != 503);
    assertThat(status).as("%s, seed %d", session, seed).isEqualTo(404);
    return status;
  }

  Stack.Answer publish(Stack stack, String session) {
    return stack.post(
        stack.webUi() + "/api/agent/progress",
        ("{\"event_id\":\"p%d\",\"session_id\":\"%s\",\"step\":\"elsewhere\","
                + "\"ts\":\"2026-11-22T10:00:00Z\"}")
            .formatted(rounds, session));
  }

  /// @param gone the node whose watchers may have been closed
  void end(int gone) throws InterruptedException {
    for (KilledWork work : works) {
      work.end();
    }
    for (RoomSeen each : seen) {
      each.check(gone);
    }
  }

  /// A node is back, and its watchers come back to it.
  void comeBack(int node) {
    for (RoomSeen each : seen) {
      each.comeBack(node);
    }
  }

  void assertAll() {
    for (int node = 0; node < nodes.count(); node++) {
      works.get(node).askAgain(nodes.stack((node + 1) % nodes.count()));
    }
    for (int node = 0; node < nodes.count(); node++) {
      for (KilledWork work : works) {
        assertAll(nodes.stack(node), work);
      }
    }
    for (KilledWork work : works) {
      assertThat(work.epochs())
          .as("rooms and their epochs, seed %d", seed)
          .hasSameSizeAs(
              work.epochs().stream().map(each -> each.split(" ", -1)[0]).distinct().toList());
    }
    for (int node = 0; node < nodes.count(); node++) {
      Stack stack = nodes.stack(node);
      Stack.await(
          () -> new String(stack.get(stack.webUi() + "/metrics").response().body(), UTF_8),
          page -> page.contains("\nagentrooms_copies_searching 0.0\n"));
    }
    for (RoomSeen each : seen) {
      each.hasSeen(
          nodes
              .stack(each.node)
              .get(nodes.stack(each.node).webUi() + "/api/messages?session_id=" + each.session)
              .json()
              .path("messages"));
    }
  }

  private void assertAll(Stack stack, KilledWork work) {
    KilledRooms rooms = new KilledRooms(work, seed);
    for (String session : work.sessions()) {
      rooms.assertRoom(
          Stack.await(
              () -> stack.get(stack.webUi() + "/api/messages?session_id=" + session).json(),
              found -> rooms.hasAll(found, session)),
          session);
    }
    work.assertOutcomes(stack);
  }

  @Override
  public void close() {
    seen.forEach(RoomSeen::close);
  }

  @Override
  public String toString() {
    return works.toString();
  }

  /// What somebody sees of one room at one node, however often that dies.
  private static final class RoomSeen {

    private final Stack stack;
    private final int node;
    private final String session;
    private final long seed;
    private final List<JsonNode> before = new ArrayList<>();
    private Watcher watcher;

    RoomSeen(Stack stack, int node, String session, long seed) {
      this.stack = stack;
      this.node = node;
      this.session = session;
      this.seed = seed;
      this.watcher = Watcher.of(stack, session);
    }

    /// @param gone the node that is gone
    void check(int gone) {
      if (node != gone) {
        assertThat(watcher.closed()).as("%s at %d, seed %d", session, node, seed).isNotDone();
      }
      long seq = before.size();
      for (JsonNode event : watcher.events()) {
        assertThat(event.path("seq").asLong())
            .as("%s at %d, seed %d: %s", session, node, seed, event)
            .isEqualTo(++seq);
      }
    }

    void comeBack(int back) {
      if (node == back) {
        before.addAll(watcher.events());
        String epoch =
            before.isEmpty()
                ? "x"
                : stack
                    .get(stack.webUi() + "/api/messages?session_id=" + session + "&limit=1")
                    .json()
                    .path("epoch")
                    .asText();
        watcher.close();
        watcher = new Watcher(stack.webUi());
        watcher.send(
            "{\"cmd\":\"subscribe\",\"session_id\":\"%s\",\"after\":%d,\"epoch\":\"%s\"}"
                .formatted(session, before.size(), epoch));
        JsonNode told =
            watcher
                .await(
                    all -> all.stream().anyMatch(m -> m.path("type").asText().equals("subscribed")))
                .getFirst();
        assertThat(told.path("recovered").asBoolean())
            .as("%s at %d, seed %d: %s", session, node, seed, told)
            .isTrue();
      }
    }

    void hasSeen(JsonNode messages) {
      List<JsonNode> all = new ArrayList<>(before);
      all.addAll(
          watcher
              .await(
                  told ->
                      before.size()
                              + told.stream()
                                  .filter(m -> m.path("type").asText().equals("progress"))
                                  .count()
                          >= messages.size())
              .stream()
              .filter(m -> m.path("type").asText().equals("progress"))
              .toList());
      assertThat(all).as("%s at %d, seed %d", session, node, seed).hasSize(messages.size());
      for (int i = 0; i < messages.size(); i++) {
        assertThat(all.get(i).path("event_id")).isEqualTo(messages.get(i).path("event_id"));
      }
    }

    void close() {
      watcher.close();
    }
  }
}
