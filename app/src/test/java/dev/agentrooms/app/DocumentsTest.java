package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.protocol.ApiDocument;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The documents agree with files and settings.
@Tag("unit")
class DocumentsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path CONFIGURATION = ROOT.resolve("docs/configuration.md");
  private static final Path ENDPOINTS = ROOT.resolve("docs/endpoints.md");
  private static final Pattern BEGIN = Pattern.compile("<!-- from .*: ./dev docs -->\n");
  private static final String END = "<!-- the end of it -->";

  private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)(?: \"[^\"]*\")?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+?) *$");
  private static final Pattern COMPOSE_VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)");
  private static final Pattern EXAMPLE_VARIABLE = Pattern.compile("(?m)^#?([A-Z_]+)=");
  private static final Pattern PROMISE_TEST =
      Pattern.compile("`(\\w+)/(\\w+(?:Test|Contract))#(\\w+)`");
  private static final Pattern COMPOSE_SETTING = Pattern.compile("(?m)^      ([A-Z_]+): ");

  static Stream<Path> documents() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String name = String.valueOf(dir.getFileName());
            boolean ours = dir.equals(ROOT) || name.equals(".github") || !name.startsWith(".");
            return ours && !name.equals("target")
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".md")) {
              found.add(ROOT.relativize(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found.stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkIntoTheRepositoryLeadsSomewhere(Path document) throws IOException {
    List<String> broken = new ArrayList<>();
    Matcher link = LINK.matcher(withoutCode(read(ROOT.resolve(document))));
    while (link.find()) {
      String target = link.group(1);
      if (!target.matches("[a-z]+:.*") && !exists(ROOT.resolve(document), target)) {
        broken.add(target);
      }
    }
    assertThat(broken).as("broken links in %s", document).isEmpty();
  }

  private static boolean exists(Path document, String target) throws IOException {
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    Path file = path.isEmpty() ? document : document.resolveSibling(path).normalize();
    if (!file.startsWith(ROOT) || !Files.exists(file)) {
      return false;
    }
    return hash < 0 || anchors(file).contains(target.substring(hash + 1));
  }

  // As GitHub makes them of headings.
  private static Set<String> anchors(Path document) throws IOException {
    Set<String> anchors = new TreeSet<>();
    Matcher heading = HEADING.matcher(withoutCode(read(document)));
    while (heading.find()) {
      anchors.add(
          heading
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-'));
    }
    return anchors;
  }

  private static String withoutCode(String text) {
    return FENCE.matcher(text).replaceAll("");
  }

  @Test
  void configurationReferenceIsWhatReferenceConfSays() throws IOException {
    assertWritten(CONFIGURATION, ReferenceConf.read().markdown());
  }

  @Test
  void endpointsAreThoseOfTheApiDocuments() throws IOException {
    assertWritten(ENDPOINTS, EndpointTables.markdown());
  }

  /// What stands between the marks of a document is `said`; `./dev docs` writes it there.
  private static void assertWritten(Path file, String said) throws IOException {
    String document = read(file);
    Matcher begin = BEGIN.matcher(document);
    assertThat(begin.find()).as("the marks in %s", file).isTrue();
    String before = document.substring(0, begin.end());
    String behind = document.substring(document.indexOf(END, begin.end()));
    String whole = before + said + "\n" + behind;
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(file, whole);
    }

    assertThat(read(file)).as("%s; `./dev docs` writes it anew", file).isEqualTo(whole);
  }

  @Test
  void everySettingIsExplainedAndHasItsVariable() {
    for (ReferenceConf.Setting setting : ReferenceConf.read().settings()) {
      // Derived from others, and not for users.
      if (setting.key().equals("mocks.url")) {
        continue;
      }
      assertThat(setting.variable()).as("the variable of " + setting.key()).isNotEmpty();
      if (!setting.key().matches(".*\\.(port|url|host|[a-z]+-burst)")) {
        assertThat(setting.comment()).as("the comment of " + setting.key()).isNotEmpty();
      }
    }
  }

  @Test
  void envExampleDescribesTheVariablesOfTheComposeFileAndNoOthers() throws IOException {
    assertThat(all(EXAMPLE_VARIABLE, read(ROOT.resolve(".env.example"))))
        .isEqualTo(all(COMPOSE_VARIABLE, compose()));
  }

  @Test
  void composeFileGivesTheContainersOnlySettingsThatThereAre() throws IOException {
    Set<String> settings = new TreeSet<>(ReferenceConf.read().variables());
    // Of logback.xml, and of the compose file's own health check.
    settings.addAll(Set.of("AGENT_ROOMS_LOG_FORMAT", "AGENT_ROOMS_LOG_LEVEL", "HEALTH_PORT"));

    Set<String> given = all(COMPOSE_SETTING, compose());
    given.removeAll(Set.of("BUILD_IMAGE", "BASE_IMAGE", "JARS"));
    assertThat(given).isNotEmpty().isSubsetOf(settings);
  }

  @Test
  void readmeNamesOnlyVariablesThatThereAre() throws IOException {
    String readme = read(ROOT.resolve("README.md"));
    Set<String> named =
        all(Pattern.compile("`((?:AGENT|WEBUI|MOCKS|HTTP|CLUSTER)_[A-Z_]+)`"), readme);
    named.removeIf(name -> name.startsWith("AGENT_ROOMS_"));
    assertThat(named).isNotEmpty().isSubsetOf(new TreeSet<>(ReferenceConf.read().variables()));
  }

  @Test
  void theApiHasTheVersionOfTheBuild() throws IOException {
    assertThat(Files.readString(ROOT.resolve("pom.xml")))
        .contains("<version>" + ApiDocument.VERSION + "-SNAPSHOT</version>");
  }

  @Test
  void everyTestThatShowsAPromiseIsThere() throws IOException {
    String guarantees = read(ROOT.resolve("docs/guarantees.md"));
    List<String> missing = new ArrayList<>();
    Matcher named = PROMISE_TEST.matcher(guarantees);
    int count = 0;
    while (named.find()) {
      count++;
      String source = TestSources.read(ROOT, named.group(1), named.group(2));
      if (!hasTest(source, named.group(3))) {
        missing.add(named.group());
      }
    }
    assertThat(missing).isEmpty();
    // None is written in another way, and so not looked at.
    assertThat(count)
        .isEqualTo(guarantees.split("(?:Test|Contract)#", -1).length - 1)
        .isGreaterThan(50);
  }

  // A method with the annotation of a test above it.
  private static boolean hasTest(String source, String method) {
    int at = source.indexOf(" void " + method + "(");
    return at > 0
        && source
            .substring(source.lastIndexOf("\n\n", at), at)
            .matches("(?s).*@(Test|ParameterizedTest|Property)\\b.*");
  }

  private static String compose() throws IOException {
    return read(ROOT.resolve("docker-compose-dev-mock.yml"));
  }

  private static Set<String> all(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }
}
