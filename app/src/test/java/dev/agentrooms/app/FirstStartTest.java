package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a first start downloads and loads, and what it does not.
@Tag("process")
class FirstStartTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern TESTS_PROFILE =
      Pattern.compile("(?s)<profile>\\s*(<!--.*?-->\\s*)?<id>tests</id>.*?</profile>");
  private static final Predicate<String> PRODUCTION =
      Pattern.compile("mocks|wiremock|jetty|handlebars|httpclient5").asPredicate().negate();

  /// Maven downloads the test scope of a build that skips its tests, unless a profile has it that
  /// such a build leaves out.
  @Test
  void aStartDownloadsNothingThatOnlyTestsNeed() throws Exception {
    try (Stream<Path> modules = Files.list(ROOT)) {
      List<Path> poms =
          Stream.concat(Stream.of(ROOT), modules)
              .map(module -> module.resolve("pom.xml"))
              .filter(Files::exists)
              .toList();
      assertThat(poms).hasSizeGreaterThan(6);
      for (Path pom : poms) {
        assertThat(TESTS_PROFILE.matcher(Files.readString(pom)).replaceAll(""))
            .as(pom.toString())
            .doesNotContain("<scope>test</scope>", "jacoco-maven-plugin", "<id>tests</id>");
      }
    }
    assertThat(Files.readString(ROOT.resolve("dev")))
        .contains("maven -Dmaven.test.skip=true package");
  }

  @Test
  void productionServesWithoutTheStandInsOnItsClassPath() throws Exception {
    try (TestTool tool = TestTool.after(0);
        Child child =
            Child.up(
                Spawned.jvm().onlyWith(PRODUCTION),
                "AGENT_RAG_URL",
                tool.url(),
                "AGENT_TEST_GENERATOR_URL",
                tool.url())) {
      child.stack().run("quiz1", "Create a quiz about time");

      assertThat(child.stack().untilEnded("quiz1", 1).getLast().path("level").asText())
          .isEqualTo("info");
      assertThat(child.process().out()).contains("  agent ", "  webui ").doesNotContain("mocks");
    }
  }

  @Test
  void standInsThatAreNotThereAreRefusedInOneLine() throws Exception {
    try (Spawned up = Spawned.jvm().onlyWith(PRODUCTION).with(Map.of()).main("up", "mocks")) {
      assertThat(up.exitCode()).isEqualTo(2);
      assertThat(up.err())
          .isEqualTo(
              "agent-rooms: mocks: the stand-ins are for development, and not installed here\n");
    }
  }
}
