package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `backup` while a server goes on, and `restore`, each as a process of its own.
@Tag("process")
class CopiedStoreTest {

  private static final String EVENT =
      "{\"event_id\":\"%s\",\"session_id\":\"s\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"x\"}";

  @TempDir private Path folder;
  private final Map<String, Object> ports = Stack.ports();

  @Test
  void aCopyHasWhatWasThereAndIsANewBeginningForWatchers() throws Exception {
    String copy = folder.resolve("copy.db").toString();
    String epoch;
    String runId;
    try (Spawned server = spawned("up");
        Stack stack = ready(server)) {
      runId = stack.run("s", "Create a quiz about light");
      stack.untilEnded("s", 1);
      assertThat(spawned("backup", copy).exitCode()).isZero();
      publish(stack, "after the copy");
      epoch = room(stack).path("epoch").asText();
      Spawned refused = spawned("restore", copy);
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).contains("store.dir");
      server.kill();
    }

    assertThat(spawned("restore", copy).exitCode()).isZero();

    try (Spawned server = spawned("up");
        Stack stack = ready(server)) {
      JsonNode room = room(stack);
      assertThat(room.path("epoch").asText()).isNotEmpty().isNotEqualTo(epoch);
      assertThat(Stack.steps(stack.messages("s"))).endsWith("final_answer").doesNotContain("x");
      assertThat(
              stack
                  .get(stack.agent() + "/api/agent/sessions/s/runs/" + runId)
                  .json()
                  .path("status")
                  .asText())
          .isEqualTo("succeeded");
      stack.run("s", "Create a quiz about time");
      assertThat(Stack.seqs(stack.untilEnded("s", 2))).doesNotHaveDuplicates().isSorted();
    }
  }

  private Spawned spawned(String... command) throws Exception {
    Map<String, String> environment = new HashMap<>();
    ports.forEach(
        (key, port) ->
            environment.put(
                key.toUpperCase(java.util.Locale.ROOT).replace('.', '_'), String.valueOf(port)));
    environment.put("STORE_KIND", "file");
    environment.put("STORE_DIR", folder.resolve("data").toString());
    environment.put("WEBUI_AGENT_URL", "http://127.0.0.1:" + ports.get("agent.http.port"));
    environment.put("AGENT_RAG_URL", "http://127.0.0.1:" + ports.get("mocks.http.port"));
    environment.put("AGENT_TEST_GENERATOR_URL", "http://127.0.0.1:" + ports.get("mocks.http.port"));
    return Spawned.jvm().with(environment).main(command);
  }

  private Stack ready(Spawned server) {
    server.awaitOut("Agent Rooms is up.");
    return Stack.running(port("agent.http.port"), port("webui.http.port"));
  }

  private int port(String key) {
    return Integer.parseInt(String.valueOf(ports.get(key)));
  }

  private static void publish(Stack stack, String eventId) {
    assertThat(
            stack
                .post(
                    stack.webUi() + "/api/agent/progress",
                    EVENT.formatted(eventId.replace(' ', '-')))
                .status())
        .isEqualTo(200);
  }

  private static JsonNode room(Stack stack) {
    return stack.get(stack.webUi() + "/api/messages?session_id=s").json();
  }
}
