package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.protocol.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The scripts of `examples/clients`, and the same official clients through a proxy that cuts in
/// the middle of an event.
@Tag("process")
@Timeout(300)
class ClientsTest {

  private static final Path EXAMPLES = Suites.ROOT.resolve("examples/clients");
  private static final List<String> OTHERS =
      List.of(
          "@durable-streams/server-conformance-tests", "@modelcontextprotocol/conformance", "node");

  @AutoClose private static Stack stack;

  @BeforeAll
  static void start() {
    Suites.assumeInstalled();
    stack = Stack.quick();
  }

  @ParameterizedTest
  @CsvSource({
    "a2a, cancelled",
    "ag-ui, finished: cancelled",
    "ai-sdk, watch it:",
    "durable-streams, module 5 of 5",
    "langgraph, ok  the thread has three questions and two answers",
    "mcp, cancelled",
    "openai, watch it:"
  })
  void anExampleRunsToItsEnd(String name, String end) throws Exception {
    assertThat(Suites.run("ci/clients", name, stack.webUi()).strip().lines().toList())
        .last()
        .asString()
        .containsIgnoringCase(end);
  }

  @Test
  void whatIsCutInMidEventIsReadWhole() throws Exception {
    // Some clients report what a cut has ended beside it.
    assertThat(Suites.run("ci/clients", "cut", stack.webUi()).lines())
        .filteredOn(line -> line.matches("[A-Z].+: (\\d+) of \\1, cut [1-9]\\d* times"))
        .hasSize(6);
  }

  /// What readers of an example install is what was tried.
  @Test
  void examplesAndSuitesWantTheSameVersions() throws Exception {
    var tried = Json.parse(Files.readAllBytes(Suites.ROOT.resolve("ci/suites/package.json")));
    int clients = 0;
    try (Stream<Path> examples = Files.list(EXAMPLES)) {
      for (Path example : examples.toList()) {
        var wanted = Json.parse(Files.readAllBytes(example.resolve("package.json")));
        for (var each : wanted.path("dependencies").properties()) {
          assertThat(tried.path("dependencies").path(each.getKey()))
              .as(each.getKey())
              .isEqualTo(each.getValue());
          clients++;
        }
      }
    }
    assertThat(clients).isEqualTo(tried.path("dependencies").size() - OTHERS.size());
  }
}
