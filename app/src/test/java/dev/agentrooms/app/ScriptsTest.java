package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The scripts of this repository.
@Tag("unit")
class ScriptsTest {

  private static final Path ROOT = Path.of("..");
  // Commands that stop reading early.
  private static final Pattern STOPS_READING =
      Pattern.compile(
          "\\|\\s*(head\\b|grep\\s+-\\w*[qm]|sed\\s+(-\\w+\\s+)*['\"]?[^|'\"]*q['\"]?\\s)");

  /// With `pipefail`, a writer that is cut off (141) fails the script, now and then.
  @Test
  void noScriptPipesIntoWhatStopsReading() throws Exception {
    try (Stream<Path> ci = Files.list(ROOT.resolve("ci"))) {
      List<Path> scripts =
          Stream.concat(
                  Stream.of(ROOT.resolve("dev"), ROOT.resolve(".ci/run")),
                  ci.filter(Files::isRegularFile))
              .toList();
      assertThat(scripts).hasSizeGreaterThan(12);
      for (Path script : scripts) {
        assertThat(Files.readString(script))
            .as(script.toString())
            .doesNotContainPattern(STOPS_READING);
      }
    }
  }
}
