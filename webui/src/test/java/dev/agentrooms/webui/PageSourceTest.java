package dev.agentrooms.webui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What can be said of the page's files without a browser.
@Tag("unit")
class PageSourceTest {

  private static final Path ROOT = Path.of("src/main/resources/agent-rooms-page");
  private static final Path VENDOR = ROOT.resolve("vendor");
  private static final Set<String> ENGLISH_FORMS = Set.of("one", "other");
  private static final Set<String> RUSSIAN_FORMS = Set.of("one", "few", "many", "other");
  private static final Pattern FORM = Pattern.compile("\\.(one|few|many|other)$");
  private static final Pattern UNTRANSLATED =
      Pattern.compile("\\b(?!Enter|Shift|JSON|NDJSON)[A-Za-z]{4,}");
  private static final Pattern FILLED_IN = Pattern.compile("\\{(\\w+)}");

  @Test
  void vendoredFilesAreThoseOfTheLock() {
    Map<String, String> locked = new LinkedHashMap<>();
    for (String line : lines(VENDOR.resolve("vendor.lock"))) {
      if (!line.startsWith("#")) {
        String[] parts = line.split(" ");
        assertThat(parts).as(line).hasSize(5);
        assertThat(parts[4])
            .startsWith(parts[0].replaceFirst("^@picocss/", "") + "-" + parts[1] + "/");
        assertThat(VENDOR.resolve(parts[4].split("/")[0]).resolve("LICENSE")).isNotEmptyFile();
        locked.put(parts[4], parts[3]);
      }
    }
    Map<String, String> present = new LinkedHashMap<>();
    for (Path file : files(VENDOR, p -> p.toString().matches(".*\\.(js|css)"))) {
      present.put(VENDOR.relativize(file).toString(), sha256(file));
    }
    assertThat(present).isEqualTo(locked);
  }

  @Test
  void everyWordIsThereInBothLanguagesAndInEveryNumber() {
    Map<String, String> english = words("en");
    Map<String, String> russian = words("ru");

    assertThat(keys(russian)).isEqualTo(keys(english));
    assertForms(english, ENGLISH_FORMS);
    assertForms(russian, RUSSIAN_FORMS);
    english.forEach(
        (key, text) ->
            assertThat(filledIn(russian.getOrDefault(key, ""))).as(key).isEqualTo(filledIn(text)));
    assertThat(russian.values())
        .as("words that nobody has translated")
        .noneMatch(text -> UNTRANSLATED.matcher(FILLED_IN.matcher(text).replaceAll("")).find());
  }

  @Test
  void everyWordThatIsAskedForIsThereAndEveryOneThereIsAskedFor() {
    Set<String> there = keys(words("en"));
    Set<String> asked = new TreeSet<>();
    Set<String> prefixes = new TreeSet<>();
    for (Path file : files(ROOT.resolve("app"), p -> !p.toString().contains("i18n/"))) {
      if (file.toString().endsWith("i18n.js")) {
        continue;
      }
      String source = text(file);
      matches("'([a-z]+\\.[A-Za-z0-9_.]+)'", source).filter(there::contains).forEach(asked::add);
      matches("\\b(?:t|count)\\(\\s*'([^']+)'", source).forEach(asked::add);
      matches("`([a-z]+\\.)(?:[a-z_]+\\.)?\\$\\{", source).forEach(prefixes::add);
    }

    matches(
            "\\{\\{((?!brand)[a-z]+\\.[A-Za-z]+)}}",
            text(ROOT.resolve("index.html")) + text(ROOT.resolve("admin.html")))
        .forEach(asked::add);

    assertThat(there).containsAll(asked);
    assertThat(there)
        .as("words that nobody asks for")
        .allMatch(key -> asked.contains(key) || prefixes.stream().anyMatch(key::startsWith));
    // What is put together: every status, theme and phase has its words.
    for (String status :
        List.of("idle", "queued", "running", "cancelling", "succeeded", "failed", "cancelled")) {
      assertThat(there).contains("status." + status);
    }
    assertThat(there)
        .contains("intent.create_quiz", "intent.evaluate", "intent.answer")
        .contains("connection.connecting", "connection.live", "connection.down")
        .contains("theme.auto", "theme.light", "theme.dark");
  }

  @Test
  void everyImportLeadsToAFile() {
    for (Path file : files(ROOT.resolve("app"), p -> true)) {
      matches("(?:from|import)\\s*\\(?\\s*'(\\.[^']+)'", text(file))
          .forEach(
              target ->
                  assertThat(file.resolveSibling(target).normalize())
                      .as(file.toString())
                      .isRegularFile());
    }
    matches(
            "(?:href|src)=\"/page/([^\"]+)\"",
            text(ROOT.resolve("index.html")) + text(ROOT.resolve("admin.html")))
        .filter(target -> !target.contains("{{"))
        .forEach(target -> assertThat(ROOT.resolve(target)).isRegularFile());
  }

  @Test
  void noModulesImportEachOther() {
    Map<Path, List<Path>> imports = new LinkedHashMap<>();
    for (Path file : files(ROOT.resolve("app"), p -> p.toString().endsWith(".js"))) {
      imports.put(
          file,
          matches("(?:from|import)\\s*\\(?\\s*'(\\.[^']+)'", text(file))
              .map(target -> file.resolveSibling(target).normalize())
              .toList());
    }
    assertThat(imports).hasSizeGreaterThan(30);
    // Whatever imports only what was taken away can be taken away; what is left goes in circles.
    boolean fewer = true;
    while (fewer) {
      fewer =
          imports
              .entrySet()
              .removeIf(each -> each.getValue().stream().noneMatch(imports::containsKey));
    }

    assertThat(imports.keySet()).as("modules in or on the way to a circle").isEmpty();
  }

  private static void assertForms(Map<String, String> words, Set<String> forms) {
    for (String key : words.keySet()) {
      if (FORM.matcher(key).find()) {
        String stem = FORM.matcher(key).replaceFirst("");
        forms.forEach(form -> assertThat(words).containsKey(stem + "." + form));
      }
    }
  }

  private static Set<String> keys(Map<String, String> words) {
    Set<String> keys = new TreeSet<>();
    words.keySet().forEach(key -> keys.add(FORM.matcher(key).replaceFirst("")));
    return keys;
  }

  private static Set<String> filledIn(String text) {
    Set<String> names = new TreeSet<>();
    FILLED_IN.matcher(text).results().map(found -> found.group(1)).forEach(names::add);
    // "tried once more" needs no figure.
    names.remove("n");
    return names;
  }

  private static Map<String, String> words(String language) {
    Map<String, String> words = new LinkedHashMap<>();
    Pattern line = Pattern.compile("^ {2}'([^']+)':\\s*'(.*)',$");
    List<String> lines = new ArrayList<>(lines(ROOT.resolve("app/i18n/" + language + ".js")));
    lines.addAll(lines(ROOT.resolve("app/i18n/admin." + language + ".js")));
    for (String text : lines) {
      var matcher = line.matcher(text);
      if (matcher.matches()) {
        assertThat(words.put(matcher.group(1), matcher.group(2))).as(text).isNull();
      } else {
        assertThat(text).as("a line that is not understood").matches("|//.*|export default \\{|};");
      }
    }
    return words;
  }

  private static Stream<String> matches(String regex, String text) {
    return Pattern.compile(regex)
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1));
  }

  private static List<Path> files(Path folder, Predicate<Path> wanted) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(wanted).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    return text(file).lines().toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(Path file) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(hash);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
