package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Suites and clients of npm, and the scripts that run them.
final class Suites {

  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private Suites() {}

  /// Skips the test where those of npm are not here, or are others than wanted.
  static void assumeInstalled() throws IOException {
    Path installed = ROOT.resolve("target/suites/installed");
    assumeTrue(
        Files.exists(installed)
            && Files.mismatch(installed, ROOT.resolve("ci/suites/package-lock.json")) < 0,
        "the suites of npm are not installed; ci/conformance install does it");
  }

  /// Runs a script of this repository, which must succeed.
  ///
  /// @return what it printed
  static String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
