package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

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

  @AutoClose private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
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
}
