package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.store.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Suites that others wrote of the protocols that the web UI speaks. The count of each is left for
/// `docs/conformance.md`.
@Tag("process")
@Timeout(300)
class ConformanceTest {

  private static final Path COUNTS = Suites.ROOT.resolve("target/conformance");
  private static final String ALL = "conformance";

  @TempDir private Path folder;

  @BeforeAll
  static void areInstalled() throws IOException {
    Suites.assumeInstalled();
  }

  private static Map<String, Object> settings(Object... more) {
    Map<String, Object> settings = new HashMap<>(Stack.ports());
    settings.put("webui.streams.local-webhooks", true);
    settings.put("webui.streams.long-poll", "1s");
    settings.putAll(Stack.settings(more));
    return settings;
  }

  @Test
  void durableStreamsPassesInFullOverTheFileStore() throws Exception {
    try (Stack stack =
        Stack.start(EnumSet.of(Role.WEBUI), settings("store.dir", folder.toString()))) {
      run("streams", stack, "1", "the embedded store");
    }
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "all")
  void durableStreamsPassesInFullOverPostgres() throws Exception {
    try (PostgresServer server = PostgresServer.start();
        Stack stack =
            Stack.start(
                EnumSet.of(Role.WEBUI),
                settings(
                    "store.kind",
                    "postgresql",
                    "store.url",
                    server.url(server.newDatabase()),
                    "store.user",
                    PostgresServer.USER))) {
      run("streams", stack, "2", "PostgreSQL");
    }
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "all")
  void durableStreamsPassesInFullAtOneNodeOfThree() throws Exception {
    try (NodesInOneJvm nodes =
        new NodesInOneJvm(
            3, "webui.streams.local-webhooks", true, "webui.streams.long-poll", "1s")) {
      run("streams", nodes.get(2), "3", "one node of three");
    }
  }

  @Test
  void mcpPassesAsFarAsItNeedsNoToolsOfItsOwn() throws Exception {
    try (Stack stack = Stack.start(EnumSet.of(Role.WEBUI), settings())) {
      run("mcp", stack, "4", "the web UI");
    }
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "A2A_KIT", matches = ".+")
  void a2aPassesButForWhatIsKnown() throws Exception {
    try (Stack stack =
        Stack.start(
            EnumSet.allOf(Role.class),
            settings(
                "agent.workflows.file", Suites.ROOT.resolve("ci/suites/a2a.conf").toString()))) {
      run("a2a", stack, "5", "the whole server");
    }
  }

  private static void run(String suite, Stack stack, String place, String against)
      throws IOException, InterruptedException {
    String said = Suites.run("ci/conformance", suite, stack.webUi());
    String count = said.strip().lines().reduce((before, last) -> last).orElse("");
    assertThat(count).matches(".* [0-9a-f.]+: [0-9]+ of [0-9]+");
    System.out.println(count + ", " + against);
    Files.createDirectories(COUNTS);
    Files.writeString(COUNTS.resolve(place + ".line"), "| " + count + " | " + against + " |\n");
  }
}
