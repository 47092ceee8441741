package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A run that uses MCP servers made with the official SDK, over both transports.
@Tag("process")
class McpServerTest {

  @TempDir private static Path folder;
  private static NodePrograms programs;
  private static Stack stack;
  private static boolean isThere;

  @BeforeAll
  static void start() throws Exception {
    programs = new NodePrograms(folder);
    isThere = programs.install(Path.of("src/test/resources/mcp"), "server.mjs", "package.json");
    int port = Stack.freePort();
    isThere = isThere && programs.starts(folder, "node", "server.mjs", String.valueOf(port));
    Path file = folder.resolve("mcp.conf");
    Files.writeString(
        file,
        """
        mcp {
          http { url = "http://127.0.0.1:%s/mcp", allow = ["find_*", wait, write], approve = ["wr*"] }
          process { command = [sh, "-c", "cd '%s' && exec node server.mjs"], approve = [] }
        }
        workflows {
          http { match = [http], steps = [{ name = find, tool = http.find_contact, with { email = "ann@example.org" } }] }
          process { match = [process], steps = [{ name = find, tool = process.find_contact, with { email = "bob@example.org" } }] }
          write { match = ["^write"], steps = [{ name = write, tool = http.write, with { text = "{{question}}" } }] }
          wait_http { match = ["wait for h"], steps = [{ name = hold, tool = http.wait }] }
          wait_process { match = ["wait for p"], steps = [{ name = hold, tool = process.wait }] }
        }
        """
            .formatted(port, folder));
    Map<String, Object> settings = new HashMap<>(Stack.ports());
    settings.put("agent.workflows.file", file.toString());
    settings.put("agent.tools.cancel-timeout", "1s");
    stack = Stack.start(EnumSet.of(Role.AGENT, Role.WEBUI), settings);
  }

  @AfterAll
  static void stop() {
    stack.close();
    programs.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "process"})
  void aToolOfTheOfficialSdkIsAStep(String transport) {
    assumeTrue(isThere, "Node or the official SDK is not there");
    stack.run(transport, "Look it up over " + transport);

    List<JsonNode> events = stack.untilEnded(transport, 1);
    assertThat(Stack.steps(events))
        .containsExactly("intent_determined", "start_find", "find_done", "final_answer");
    assertThat(events.get(1).path("tool").asText()).isEqualTo(transport + ".find_contact");
    assertThat(events.getLast().at("/meta/result/name").asText())
        .isEqualTo(transport.equals("http") ? "ann" : "bob");
  }

  @Test
  void aPersonIsAskedBeforeAToolThatTheFileNames() {
    assumeTrue(isThere, "Node or the official SDK is not there");
    String run = stack.run("write", "write this");
    JsonNode asked =
        Stack.await(
                () -> stack.messages("write"),
                events -> Stack.steps(events).contains("input_required"))
            .getLast();
    assertThat(asked.at("/meta/kind").asText()).isEqualTo("approve");
    assertThat(asked.at("/meta/tool").asText()).isEqualTo("http.write");
    assertThat(asked.at("/meta/arguments/text").asText()).isEqualTo("write this");
    stack.post(
        stack.agent() + "/api/agent/answer",
        "{\"session_id\":\"write\",\"run_id\":\"%s\",\"input_id\":\"%s\",\"decision\":\"approve\"}"
            .formatted(run, asked.at("/meta/input_id").asText()));
    assertThat(stack.untilEnded("write", 1).getLast().at("/meta/result").asText())
        .isEqualTo("wrote write this");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "process"})
  void aCancelReachesTheTool(String transport) {
    assumeTrue(isThere, "Node or the official SDK is not there");
    String session = "wait-" + transport;
    long begun = lines("begun.txt");
    long cancelled = lines("cancelled.txt");
    stack.run(session, "wait for " + transport.charAt(0));
    Stack.await(() -> lines("begun.txt"), count -> count > begun);
    stack.post(stack.agent() + "/api/agent/cancel", "{\"session_id\":\"" + session + "\"}");
    Stack.await(() -> lines("cancelled.txt"), count -> count > cancelled);
    assertThat(stack.untilEnded(session, 1).getLast().path("step").asText()).isEqualTo("cancelled");
  }

  private static long lines(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
