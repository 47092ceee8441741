package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole server whose store cannot be written to for a while, because another process holds it.
@Tag("wire")
class StoreAwayTest {

  private static final String EVENT =
      "{\"event_id\":\"%s\",\"session_id\":\"s\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"x\"}";

  @TempDir private Path folder;

  /// Nobody else can write while this is open.
  private record Hold(Connection connection) implements AutoCloseable {
    static Hold of(Path database) throws SQLException {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
      try (var statement = connection.createStatement()) {
        statement.execute("begin immediate");
      }
      return new Hold(connection);
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  @Test
  void whatIsAskedIsRefusedAndARunWaitsAndGoesOnWithoutAnotherCall() throws Exception {
    try (TestTool tool = TestTool.after(3000);
        Stack stack =
            Stack.start(tool.settings("store.dir", folder.toString(), "store.patience", "500ms"))) {
      assertThat(metric(stack, "rooms_store_up")).containsExactly("1.0", "1.0");
      String runId = stack.run("s", "What is light?");
      Stack.await(tool::underWay, calls -> calls == 1);
      // A room that is there can be read while the store is away.
      stack.messages("s", events -> Stack.steps(events).contains("start_retrieval"));

      try (Hold _ = Hold.of(folder.resolve("store.db"))) {
        isRefused(stack.post(stack.webUi() + "/api/agent/progress", EVENT.formatted("refused")));
        isRefused(stack.post(stack.agent() + "/api/agent/cancel", "{\"session_id\":\"s\"}"));
        isRefused(
            stack.post(stack.agent() + "/api/agent/run", Stack.question("other", "What is time?")));
        isRefused(stack.delete(stack.agent() + "/api/agent/sessions/s"));
        for (String server : List.of(stack.agent(), stack.webUi())) {
          isRefused(stack.get(server + "/health/ready"));
          assertThat(stack.get(server + "/health/live").status()).isEqualTo(200);
        }
        assertThat(metric(stack, "rooms_store_up")).containsExactly("0.0", "0.0");
        assertThat(Stack.steps(stack.messages("s"))).isNotEmpty();
        assertThat(run(stack, runId).json().path("status").asText()).isEqualTo("running");
        Stack.await(() -> tool.of(runId).answered.get(), answered -> answered == 1);
      }

      List<String> steps = Stack.steps(stack.untilEnded("s", 1));
      assertThat(steps).endsWith("final_answer").doesNotContain("x", "tool_retry", "cancelled");
      assertThat(run(stack, runId).json().path("status").asText()).isEqualTo("succeeded");
      assertThat(tool.of(runId).begun).hasValue(1);
      assertThat(stack.get(stack.agent() + "/api/agent/sessions/other").status()).isEqualTo(404);
      Stack.await(
          () -> stack.get(stack.agent() + "/health/ready").status(), status -> status == 200);
      assertThat(
              stack
                  .post(stack.webUi() + "/api/agent/progress", EVENT.formatted("refused"))
                  .json()
                  .path("duplicate")
                  .asBoolean())
          .isFalse();
      assertThat(metric(stack, "rooms_store_commit_seconds_count"))
          .allSatisfy(count -> assertThat(Double.parseDouble(count)).isPositive());
      assertThat(metric(stack, "rooms_store_bytes_total"))
          .allSatisfy(bytes -> assertThat(Double.parseDouble(bytes)).isPositive());
    }
  }

  private static Stack.Answer run(Stack stack, String runId) {
    return stack.get(stack.agent() + "/api/agent/sessions/s/runs/" + runId);
  }

  private static void isRefused(Stack.Answer answer) {
    assertThat(answer.status()).as("%s", answer.json()).isEqualTo(503);
    assertThat(answer.json().path("type").asText()).endsWith("store-unavailable");
    assertThat(answer.header("Retry-After")).isEqualTo("2");
  }

  /// The values of a meter without labels, of the agent and of the web UI.
  private static List<String> metric(Stack stack, String name) {
    return Stream.of(stack.agent(), stack.webUi())
        .map(
            server ->
                new String(
                    stack
                        .send(HttpRequest.newBuilder(URI.create(server + "/metrics")).build())
                        .response()
                        .body(),
                    UTF_8))
        .flatMap(String::lines)
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .toList();
  }
}
