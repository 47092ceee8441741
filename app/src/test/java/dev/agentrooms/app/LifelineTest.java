package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A process that cannot go on logs that and exits.
@Tag("process")
class LifelineTest {

  private static Spawned server(String what) throws Exception {
    Config ports = ConfigFactory.parseMap(Stack.ports());
    return Spawned.jvm()
        .flags("-XX:+ExitOnOutOfMemoryError", "-Xmx160m")
        .with(
            Map.of(
                "AGENT_HTTP_PORT", "" + ports.getInt("agent.http.port"),
                "WEBUI_HTTP_PORT", "" + ports.getInt("webui.http.port"),
                "MOCKS_HTTP_PORT", "" + ports.getInt("mocks.http.port")))
        .run(BrokenServer.class, what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          errorInAnActor        | 255 | Uncaught error from thread
          errorInAThread        | 70  | thread unknown-1 ended by an error; this process ends
          errorInAVirtualThread | 70  | thread unknown-2 ended by an error; this process ends
          removedFromTheCluster | 70  | the actor system has stopped without being told to; this process ends
          outOfMemory           | 3   | Terminating due to java.lang.OutOfMemoryError
          """)
  void whatItCannotSurviveEndsItWithALineAndAnExitCode(String what, int exitCode, String line)
      throws Exception {
    try (Spawned server = server(what)) {
      assertThat(server.exitCode()).as(server.err()).isEqualTo(exitCode);
      assertThat(server.out() + server.err()).contains(line);
    }
  }

  @Test
  void anExceptionEndsItsThreadAloneAndIsTold() throws Exception {
    try (Spawned server = server("exceptionInAThread")) {
      Stack.await(
          server::err,
          text -> text.contains("ERROR Lifeline   thread unknown-3 ended by an exception"));

      assertThat(server.interrupted()).as(server.err()).isZero();
    }
  }

  /// Those of the tools, of the progress, and of the page's way to the agent.
  @Test
  void itSurvivesTheEndOfItsHttpClients() throws Exception {
    Config ports = ConfigFactory.parseMap(Stack.ports());
    int agent = ports.getInt("agent.http.port");
    int webUi = ports.getInt("webui.http.port");
    try (Spawned server =
            Spawned.jvm()
                .with(
                    Map.of(
                        "AGENT_HTTP_PORT", "" + agent,
                        "WEBUI_HTTP_PORT", "" + webUi,
                        "WEBUI_AGENT_URL", "http://127.0.0.1:" + agent,
                        "MOCKS_HTTP_PORT", "" + ports.getInt("mocks.http.port"),
                        "AGENT_PROGRESS_SINK", "http",
                        "AGENT_PROGRESS_URL", "http://127.0.0.1:" + webUi + "/api/agent/progress"))
                .run(BrokenServer.class, "httpClientsDie");
        Stack stack = Stack.running(agent, webUi)) {
      server.awaitOut("They are dead.");

      assertThat(
              stack
                  .post(stack.webUi() + "/api/agent/run", Stack.question("s", "What is a thread?"))
                  .status())
          .isEqualTo(202);
      assertThat(stack.untilEnded("s", 1).getLast().path("level").asText()).isEqualTo("info");
      Stack.await(
          server::err, text -> text.contains("an HTTP client has died; another takes its place"));
    }
  }
}
