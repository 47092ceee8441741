package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.app.EveryDoorTest.Door;
import dev.agentrooms.store.PostgresServer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each route of both servers while the store is away, and after it has come back.
@Tag("wire")
class StoreAwayDoorsTest {

  /// How long it is away at least; all is asked once in any case.
  private static final Duration AWAY = Stress.FACTOR > 1 ? Duration.ofSeconds(30) : Duration.ZERO;

  /// What needs no store, or is read of what is in memory. All else is refused.
  private static final Set<String> ANSWERED =
      Set.of(
          "POST /api/agent/links",
          "GET /api/agent/workflows",
          "GET /api/agent/overview",
          "GET /api/admin/overview",
          "GET /api/admin/sessions/{session_id}/audit",
          "GET /admin",
          "GET /api/agent/notes",
          "GET /api/agent/sessions/{session_id}",
          "GET /api/agent/sessions/{session_id}/runs/{run_id}",
          "GET /api/agent/sessions/{session_id}/runs/{run_id}/events",
          "GET /api/agent/sessions/{session_id}/messages",
          "POST /api/agent/deltas",
          "GET /api/messages",
          "GET /api/events",
          "GET /v1/stream/{path}",
          "GET /ws",
          "GET /api/access",
          "GET /",
          "GET /page/{file}",
          "GET /health",
          "GET /health/live",
          "GET /metrics",
          "GET /openapi.json",
          "GET /asyncapi.json",
          "GET /langgraph/threads/ann-1",
          "GET /langgraph/threads/ann-1/state",
          "POST /langgraph/threads/ann-1/history",
          "GET /langgraph/threads/ann-1/runs",
          "GET /langgraph/threads/ann-1/runs/ann-run",
          "GET /langgraph/threads/ann-1/runs/ann-run/join",
          "GET /langgraph/threads/ann-1/runs/ann-run/stream",
          "POST /langgraph/threads/ann-1/stream/events",
          "GET /langgraph/assistants/agent",
          "POST /ag-ui/attach",
          "GET /a2a/tasks?A2A-Version=1.0&contextId=ann-1",
          "GET /.well-known/agent-card.json",
          "GET /v1/models",
          "GET /v1/responses/ann-1~ann-run",
          "GET /v1/conversations/ann-1",
          "GET /v1/conversations/ann-1/items",
          "GET /ai/chat/ann-1/stream");

  @TempDir private Path folder;

  /// The store is there again when this is closed.
  private interface Outage extends AutoCloseable {}

  @Test
  void aFileThatCannotBeWrittenTo() throws Exception {
    try (Stack stack = start("store.dir", folder.toString())) {
      assertDoors(
          stack,
          () -> {
            var held = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("store.db"));
            try (var statement = held.createStatement()) {
              statement.execute("begin immediate");
            }
            return held::close;
          });
    }
  }

  @Test
  void aDatabaseServerThatHasCrashed() throws Exception {
    try (PostgresServer server = PostgresServer.start();
        Stack stack =
            start(
                "store.kind",
                "postgresql",
                "store.url",
                server.url(server.newDatabase()),
                "store.user",
                PostgresServer.USER)) {
      assertDoors(
          stack,
          () -> {
            server.crash();
            return server::up;
          });
    }
  }

  private static Stack start(String... store) {
    List<Object> settings = new ArrayList<>(List.of(store));
    settings.addAll(List.of("store.patience", "500ms"));
    return Stack.start(settings.toArray());
  }

  private static void assertDoors(Stack stack, Callable<Outage> begin) throws Exception {
    exist(stack);
    stack.untilEnded("ann-1", 1);
    List<JsonNode> before = known(stack);
    long begun = System.nanoTime();
    try (Outage _ = begin.call()) {
      do {
        for (Door door : doors()) {
          for (String server : servers(door, stack)) {
            assertAnswerWhileAway(door, knock(door, server, "away"));
          }
        }
        assertThat(known(stack)).isEqualTo(before);
      } while (System.nanoTime() - begun < AWAY.toNanos());
    }
    for (String server : List.of(stack.agent(), stack.webUi())) {
      Stack.await(() -> stack.get(server + "/health/ready").status(), status -> status == 200);
    }
    // Nothing of what was refused was done.
    assertThat(known(stack)).isEqualTo(before);
    assertThat(stack.get(stack.agent() + "/api/agent/sessions").json().path("sessions")).hasSize(1);
    assertEachWriterIsBack(stack);
    for (Door door : doors()) {
      for (String server : servers(door, stack)) {
        exist(stack);
        RawHttp.Answer answer = knock(door, server, "back");
        assertThat(EveryDoorTest.isLetIn(answer))
            .as("%s: %s %s", door, answer.status(), answer.text())
            .isTrue();
      }
    }
  }

  private static void assertAnswerWhileAway(Door door, RawHttp.Answer answer) {
    String told = door + ": " + answer.status() + " " + answer.text();
    if (ANSWERED.contains(door.route())) {
      assertThat(EveryDoorTest.isLetIn(answer)).as(told).isTrue();
    } else {
      // A tool of MCP says in its result what is wrong.
      boolean isMcp = door.route().equals("POST /mcp");
      assertThat(answer.status()).as(told).isEqualTo(isMcp ? 200 : 503);
      assertThat(answer.header("Retry-After")).as(told).isEqualTo(isMcp ? "" : "2");
      assertThat(answer.text()).as(told).contains("The store does not answer.");
    }
  }

  private static RawHttp.Answer knock(Door door, String server, String name) {
    return EveryDoorTest.knock(server, door, name, "", door.route().equals("POST /mcp"));
  }

  private static void assertEachWriterIsBack(Stack stack) {
    for (int i = 0; i < 16; i++) {
      String event =
          "{\"event_id\":\"e\",\"session_id\":\"back-%d\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"x\"}";
      Stack.Answer answer = stack.post(stack.webUi() + "/api/agent/progress", event.formatted(i));
      assertThat(answer.status()).as("%s", answer.json()).isEqualTo(200);
    }
  }

  /// What is known of a session that is in memory, and whose run has ended.
  private static List<JsonNode> known(Stack stack) {
    String session = "/api/agent/sessions/ann-1";
    return Stream.of(
            stack.agent() + session,
            stack.agent() + session + "/messages",
            stack.agent() + session + "/runs/ann-run/events",
            stack.webUi() + "/api/messages?session_id=ann-1",
            stack.webUi() + "/langgraph/threads/ann-1/state",
            stack.webUi() + "/v1/conversations/ann-1/items",
            stack.webUi() + "/a2a/tasks?A2A-Version=1.0&contextId=ann-1")
        .map(stack::get)
        .map(
            answer -> {
              assertThat(answer.status()).as("%s", answer.response()).isEqualTo(200);
              return answer.json();
            })
        .toList();
  }

  private static List<Door> doors() {
    return Stream.concat(EveryDoorTest.documented().stream(), EveryDoorTest.ofAdapters().stream())
        .toList();
  }

  private static List<String> servers(Door door, Stack stack) {
    List<String> documented = EveryDoorTest.servers(door, stack);
    return documented.isEmpty() ? List.of(stack.webUi()) : documented;
  }

  private static void exist(Stack stack) {
    Stack.await(
        () ->
            stack
                .post(
                    stack.agent() + "/api/agent/run?wait=60",
                    Stack.question("ann-1", "What is a house?", "\"run_id\":\"ann-run\""))
                .status(),
        status -> status == 200);
  }
}
