package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The official suite of Durable Streams, against a web UI.
@Tag("process")
@Timeout(300)
class ConformanceTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void theOfficialSuitePassesInFull() throws Exception {
    assumeTrue(
        Files.isDirectory(ROOT.resolve("target/suites/node_modules")),
        "the suite is not installed; ci/conformance install does it");
    Map<String, Object> settings = new HashMap<>(Stack.ports());
    settings.put("webui.streams.local-webhooks", true);
    settings.put("webui.streams.long-poll", "1s");
    try (Stack stack = Stack.start(EnumSet.of(Role.WEBUI), settings)) {
      String said = run(stack.webUi());
      assertThat(said).as(said).doesNotContain("not passed").containsPattern("[0-9]+ of [0-9]+");
    }
  }

  private static String run(String url) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("ci/conformance", url)
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
