package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.protocol.Json;
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
  // Of npm, and no client of an example.
  private static final List<String> OTHERS =
      List.of(
          "@durable-streams/server-conformance-tests", "@modelcontextprotocol/conformance", "node");
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

  /// What readers of an example install is what was tried.
  @Test
  void examplesAndSuitesWantTheSameVersions() throws Exception {
    var tried = Json.parse(Files.readAllBytes(ROOT.resolve("ci/suites/package.json")));
    int clients = 0;
    try (Stream<Path> examples = Files.list(ROOT.resolve("examples/clients"))) {
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
