package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The tags by which a part of the tests is run alone, such as with `./dev test --unit`.
@Tag("unit")
class KindsTest {

  private static final Path ROOT = Path.of("..");
  private static final Set<String> KINDS = Set.of("unit", "wire", "race", "process", "browser");

  /// JUnit's own, or that of another engine, each of which knows no tag but its own.
  private static final Pattern TAG = Pattern.compile("(?m)^@([\\w.]*Tag)\\(\"(\\w+)\"\\)$");

  @Test
  void everyTestIsOfExactlyOneKind() throws IOException {
    List<Path> tests = tests();
    assertThat(tests).hasSizeGreaterThan(100);
    for (Path test : tests) {
      String source = Files.readString(test);
      Set<String> tags = new TreeSet<>();
      Set<String> kinds = new TreeSet<>();
      Matcher tag = TAG.matcher(source);
      while (tag.find()) {
        tags.add(tag.group(1));
        kinds.add(tag.group(2));
      }
      assertThat(kinds)
          .as("%s has one of @Tag(\"unit\"), wire, race, process, browser", test)
          .hasSize(1)
          .isSubsetOf(KINDS);
      assertThat(tags).as("%s is tagged for its engines", test).isEqualTo(engines(source));
    }
  }

  /// The tags that the engines of a test know. A subclass of a contract imports none of them.
  private static Set<String> engines(String source) {
    boolean isArchitecture = imports(source, "com\\.tngtech\\.archunit\\.junit\\.ArchTest;");
    boolean isProperty = imports(source, "net\\.jqwik\\.");
    boolean isJupiter = imports(source, "org\\.junit\\.jupiter\\.(api\\.Test;|params\\.)");
    Set<String> tags = new TreeSet<>();
    if (isArchitecture) {
      tags.add("ArchTag");
    }
    if (isJupiter || !isArchitecture) {
      tags.add("Tag");
    }
    if (isProperty && isJupiter) {
      tags.add("net.jqwik.api.Tag");
    }
    return tags;
  }

  private static boolean imports(String source, String what) {
    return Pattern.compile("(?m)^import " + what).matcher(source).find();
  }

  /// Of all modules.
  private static List<Path> tests() throws IOException {
    List<Path> tests = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path sources : modules.map(module -> module.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(sources)) {
          try (Stream<Path> all = Files.walk(sources)) {
            all.filter(path -> path.toString().matches(".*(Test|IT)\\.java")).forEach(tests::add);
          }
        }
      }
    }
    return tests;
  }

  @Test
  void eachKindCanBeRunAloneAndIsExplained() throws IOException {
    String script = Files.readString(ROOT.resolve("dev"));
    String guide = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
    for (String kind : KINDS) {
      assertThat(script).contains("--" + kind);
      assertThat(guide).contains("| `" + kind + "` |");
    }
  }
}
