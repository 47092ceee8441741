package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Any of three nodes takes any request, whichever of them has the session and its room.
@Tag("process")
class ThreeNodesTest {

  private static final int SESSIONS = 12;

  private static NodesInOneJvm nodes;

  @BeforeAll
  static void start() throws Exception {
    nodes = new NodesInOneJvm(3);
  }

  @AfterAll
  static void stop() {
    if (nodes != null) {
      nodes.close();
    }
  }

  private static List<Long> seqs(List<JsonNode> events) {
    return events.stream().map(event -> event.path("seq").asLong()).toList();
  }

  @Test
  void whoeverWatchesAtAnyNodeSeesEachStepOnceInOrder() {
    List<Watcher> watchers = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      String session = "seen" + i;
      for (int node = 0; node < nodes.count(); node++) {
        watchers.add(Watcher.of(nodes.get(node), session));
      }
      Stack asked = nodes.get(i % nodes.count());
      assertThat(
              asked
                  .post(
                      asked.webUi() + "/api/agent/run",
                      "{\"session_id\":\"%s\",\"question\":\"Create a quiz about light\"}"
                          .formatted(session))
                  .status())
          .isEqualTo(202);
    }
    for (int i = 0; i < SESSIONS; i++) {
      List<JsonNode> first = watchers.get(3 * i).untilEnded(1);
      assertThat(seqs(first)).hasSizeGreaterThan(3).isEqualTo(upTo(first.size()));
      for (int node = 1; node < nodes.count(); node++) {
        assertThat(watchers.get(3 * i + node).untilEnded(1)).isEqualTo(first);
      }
    }
    watchers.forEach(Watcher::close);
  }

  private static List<Long> upTo(int last) {
    List<Long> all = new ArrayList<>();
    for (long seq = 1; seq <= last; seq++) {
      all.add(seq);
    }
    return all;
  }

  @Test
  void eachNodeTellsTheSameOfASession() {
    for (int i = 0; i < SESSIONS; i++) {
      String session = "told" + i;
      Stack asked = nodes.get(i % nodes.count());
      asked.post(
          asked.agent() + "/api/agent/run?wait=30",
          "{\"session_id\":\"%s\",\"question\":\"Why is it blue?\"}".formatted(session));
      Set<JsonNode> told = new HashSet<>();
      for (int node = 0; node < nodes.count(); node++) {
        Stack at = nodes.get(node);
        told.add(at.get(at.agent() + "/api/agent/sessions/" + session).json());
      }
      assertThat(told).hasSize(1);
    }
    Set<JsonNode> lists = new HashSet<>();
    for (int node = 0; node < nodes.count(); node++) {
      Stack at = nodes.get(node);
      lists.add(at.get(at.agent() + "/api/agent/sessions?search=told").json());
    }
    assertThat(lists).hasSize(1);
  }

  @Test
  void operatorsSeeTheRunsOfAllNodesAtEachOfThem() {
    for (int i = 0; i < SESSIONS; i++) {
      Stack asked = nodes.get(i % nodes.count());
      asked.run("overseen" + i, "Create a quiz about light [exam:slow]");
    }
    for (int i = 0; i < nodes.count(); i++) {
      Stack at = nodes.get(i);
      JsonNode all =
          Stack.await(
              () -> at.get(at.webUi() + "/api/admin/overview").json(),
              told ->
                  told.path("agent").path("active").findValuesAsText("session_id").stream()
                          .filter(id -> id.startsWith("overseen"))
                          .count()
                      == SESSIONS);
      assertThat(all.path("nodes")).hasSize(nodes.count());
      JsonNode agents = all.path("agent").path("nodes");
      assertThat(agents).hasSize(nodes.count());
      assertThat(all.findValues("silent")).isEmpty();
      int running = 0;
      for (JsonNode agent : agents) {
        running += agent.path("running").asInt();
      }
      assertThat(running).isGreaterThanOrEqualTo(SESSIONS);
    }
    for (int i = 0; i < SESSIONS; i++) {
      Stack asked = nodes.get(0);
      assertThat(asked.delete(asked.agent() + "/api/agent/sessions/overseen" + i).status())
          .isEqualTo(204);
    }
  }

  @Test
  void anEventThatIsPublishedAtEveryNodeIsTakenOnce() {
    for (int i = 0; i < SESSIONS; i++) {
      String session = "published" + i;
      Set<JsonNode> acks = new HashSet<>();
      for (int node = 0; node < nodes.count(); node++) {
        Stack at = nodes.get(node);
        Stack.Answer answer =
            at.post(
                at.webUi() + "/api/agent/progress",
                ("{\"event_id\":\"e\",\"session_id\":\"%s\",\"step\":\"elsewhere\","
                        + "\"ts\":\"2026-11-22T10:00:00Z\"}")
                    .formatted(session));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("duplicate").asBoolean()).isEqualTo(node > 0);
        acks.add(answer.json().path("epoch"));
        assertThat(
                at.get(at.webUi() + "/api/messages?session_id=" + session).json().path("messages"))
            .hasSize(1);
      }
      assertThat(acks).hasSize(1);
    }
  }

  @Test
  void aCancelAtAnotherNodeStopsTheRun() {
    for (int i = 0; i < SESSIONS; i++) {
      String session = "cancelled" + i;
      Stack asked = nodes.get(i % nodes.count());
      asked.post(
          asked.agent() + "/api/agent/run",
          "{\"session_id\":\"%s\",\"question\":\"Why? [rag:slow]\"}".formatted(session));
      Stack other = nodes.get((i + 1) % nodes.count());
      Stack.Answer cancel =
          other.post(
              other.agent() + "/api/agent/cancel?wait=30",
              "{\"session_id\":\"%s\"}".formatted(session));
      assertThat(cancel.status()).isBetween(200, 202);
      Stack third = nodes.get((i + 2) % nodes.count());
      assertThat(
              Stack.await(
                      () -> third.get(third.agent() + "/api/agent/sessions/" + session).json(),
                      view -> view.path("status").asText().equals("idle"))
                  .path("last_run")
                  .path("status")
                  .asText())
          .isEqualTo("cancelled");
    }
  }

  @Test
  void textThatIsWrittenIsSeenAtEveryNodeWhileItIs() {
    for (int i = 0; i < SESSIONS; i++) {
      String session = "written" + i;
      List<Watcher> watchers = new ArrayList<>();
      for (int node = 0; node < nodes.count(); node++) {
        watchers.add(Watcher.of(nodes.get(node), session));
      }
      Stack at = nodes.get(i % nodes.count());
      publish(at, session, "start_draft");
      for (int piece = 0; piece < 5; piece++) {
        at.post(
            at.webUi() + "/api/agent/deltas",
            ("{\"session_id\":\"%s\",\"run_id\":\"r\",\"part\":\"draft\",\"offset\":%d,"
                    + "\"text\":\"é%d \"}")
                .formatted(session, 3 * piece, piece));
      }
      publish(at, session, "draft_done");
      for (Watcher watcher : watchers) {
        List<JsonNode> told =
            watcher.await(
                all -> all.stream().anyMatch(m -> m.path("step").asText().equals("draft_done")));
        StringBuilder text = new StringBuilder();
        List<JsonNode> shown = told.subList(1, told.size());
        assertThat(shown.getFirst().path("step").asText()).isEqualTo("start_draft");
        for (JsonNode delta : shown.subList(1, shown.size() - 1)) {
          assertThat(delta.path("type").asText()).isEqualTo("delta");
          assertThat(delta.path("offset").asInt()).isEqualTo(text.length());
          text.append(delta.path("text").asText());
        }
        assertThat(text).hasToString("é0 é1 é2 é3 é4 ");
        watcher.close();
      }
    }
  }

  private static ProtocolClient client(int node) {
    return new ProtocolClient(nodes.get(node).webUi() + "/v1/stream/");
  }

  @Test
  void whoeverReadsAStreamAtAnotherNodeIsWokenAndAProducerIsFencedAtEach() {
    try (ProtocolClient one = client(0);
        ProtocolClient two = client(1);
        ProtocolClient three = client(2)) {
      assertThat(one.send("PUT", "log", "").status()).isEqualTo(201);
      try (var live = three.open("GET", "log?offset=-1&live=sse", null)) {
        live.until("event: control");
        for (int i = 0; i < 20; i++) {
          String[] number = {"Producer-Id", "p", "Producer-Epoch", "0", "Producer-Seq", "" + i};
          ProtocolClient at = i % 2 == 0 ? one : two;
          String body = "{\"n\":\"n" + i + "\"}";
          assertThat(at.post("log", body, number).status()).isEqualTo(200);
          assertThat(three.post("log", body, number).status()).isEqualTo(204);
          live.until("\"n" + i + "\"");
        }
        one.post("log", "{\"n\":\"last\"}", "Stream-Closed", "true");
        assertThat(live.whole().lines().filter(line -> line.startsWith("data:["))).hasSize(21);
      }
    }
  }

  @Test
  void aRoomIsAStreamAtEachNodeWhichProducersNumberAndAnyoneForgets() {
    try (ProtocolClient one = client(0);
        ProtocolClient two = client(1);
        ProtocolClient three = client(2)) {
      for (int i = 0; i < 6; i++) {
        String room = "rooms/streamed" + i;
        String[] number = {"Producer-Id", "p", "Producer-Epoch", "0", "Producer-Seq", "0"};
        assertThat(one.send("PUT", room, "").status()).isEqualTo(201);
        assertThat(two.send("PUT", room, "").status()).isEqualTo(200);
        String event = "{\"event_id\":\"e\",\"ts\":\"2026-11-27T10:00:00Z\",\"step\":\"built\"}";
        assertThat(one.post(room, event, number).status()).isEqualTo(200);
        assertThat(two.post(room, event, number).status()).isEqualTo(204);
        assertThat(three.get(room).json()).hasSize(1);
        String offset = three.get(room).header("stream-next-offset");
        assertThat(three.send("DELETE", room, null).status()).isEqualTo(204);
        assertThat(one.send("DELETE", room, null).status()).isEqualTo(404);
        assertThat(two.get(room + "?offset=" + offset).status()).isEqualTo(410);
      }
    }
  }

  private static void publish(Stack at, String session, String step) {
    assertThat(
            at.post(
                    at.webUi() + "/api/agent/progress",
                    ("{\"event_id\":\"%s-%s\",\"session_id\":\"%s\",\"run_id\":\"r\","
                            + "\"step\":\"%s\",\"ts\":\"2026-11-22T10:00:00Z\"}")
                        .formatted(session, step, session, step))
                .status())
        .isEqualTo(200);
  }
}
