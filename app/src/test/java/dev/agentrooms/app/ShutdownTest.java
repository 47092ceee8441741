package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A process that gets a signal, or cannot start.
@Tag("process")
class ShutdownTest {

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void idleServerSaysGoodbyeAndEndsWithZero(String signal) throws Exception {
    // A shell lets what it starts in the background ignore this one, and children inherit that.
    assumeFalse(signal.equals("INT") && isInterruptIgnored());
    try (Child child = Child.up();
        Watcher watcher = Watcher.of(child.stack(), "quiz1");
        RawHttp stream = new RawHttp(child.stack().webUi())) {
      stream.write(
          "GET /api/events?session_id=quiz1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      Stack.await(
          () -> child.stack().get(child.stack().webUi() + "/metrics").response().body(),
          page -> new String(page, java.nio.charset.StandardCharsets.UTF_8).contains("stream"));

      long startedAt = System.nanoTime();
      if (signal.equals("TERM")) {
        child.process().terminate();
      } else {
        child.process().interrupt();
      }

      assertThat(watcher.closed().get(60, TimeUnit.SECONDS)).isEqualTo(1001);
      assertThat(watcher.reason()).matches(".*retry_ms=\\d+");
      assertThat(stream.readOne().text()).containsPattern("retry: \\d+");
      assertThat(child.process().exitCode()).as(child.process().err()).isZero();
      System.out.printf(
          "SIG%s: ended after %d ms%n", signal, (System.nanoTime() - startedAt) / 1_000_000);
    }
  }

  private static boolean isInterruptIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring(7).strip())
            .findFirst()
            .orElse("0");
    return (Long.parseUnsignedLong(ignored, 16) & 0b10) != 0;
  }

  @Test
  void runsInFlightGetTheirGraceAndThenEndAsCancelled() throws Exception {
    try (TestTool tool = TestTool.within(1, "for ever");
        TestTool slow = TestTool.after(700);
        Child child =
            Child.up(
                "AGENT_SHUTDOWN_GRACE", "6s",
                "AGENT_RAG_URL", tool.url(),
                "AGENT_TEST_GENERATOR_URL", slow.url());
        Watcher watcher = Watcher.of(child.stack(), "stuck")) {
      Stack stack = child.stack();
      String stuck = stack.run("stuck", "What lasts for ever?");
      stack.messages("stuck", events -> Stack.steps(events).contains("start_retrieval"));
      try (Watcher other = Watcher.of(stack, "slow")) {
        stack.run("slow", "Create a quiz about time");
        stack.messages("slow", events -> Stack.steps(events).contains("start_generate_exam"));

        child.process().terminate();

        // No new ones, in a form that says it is for now.
        Stack.Answer refused =
            Stack.await(
                () -> stack.post(stack.agent() + "/api/agent/run", Stack.question("new", "Why?")),
                // Until it is told to stop it takes one, and then says that it has one.
                answer -> answer.status() != 202 && answer.status() != 409);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.header("Retry-After")).isNotBlank();
        assertThat(stack.get(stack.agent() + "/health/ready").status()).isEqualTo(503);
        assertThat(other.untilEnded(1).getLast().path("meta").path("status").asText())
            .isEqualTo("succeeded");
      }

      List<JsonNode> events = watcher.untilEnded(1);
      JsonNode end = events.getLast();
      assertThat(end.path("step").asText()).isEqualTo("cancelled");
      assertThat(end.path("meta").path("reason").asText()).isEqualTo("shutdown");
      assertThat(events.stream().filter(Stack::isTerminal)).hasSize(1);
      assertThat(watcher.closed().get(60, TimeUnit.SECONDS)).isEqualTo(1001);
      assertThat(child.process().exitCode()).as(child.process().err()).isZero();
      Stack.await(tool::connections, connections -> connections == 0);
      assertThat(tool.of(stuck).hungUp).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "webui", "mocks"})
  void aPortThatIsTakenIsNamed(String role) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Spawned process =
            Spawned.main(
                Map.of(
                    role.toUpperCase(Locale.ROOT) + "_HTTP_PORT",
                    "" + taken.getLocalPort(),
                    "AGENT_PROGRESS_SINK",
                    "http"),
                "up",
                role)) {
      assertThat(process.exitCode()).isEqualTo(2);
      assertThat(process.err())
          .contains(
              "agent-rooms: %s.http.port: port %d of 127.0.0.1 is taken\n"
                  .formatted(role, taken.getLocalPort()))
          .doesNotContain("\tat ");
    }
  }
}
