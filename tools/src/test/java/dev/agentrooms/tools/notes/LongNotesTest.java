package dev.agentrooms.tools.notes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.agentrooms.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files of one long line, and of much of the same, are read in a time that grows with their length
/// and not with its square: each of these would take minutes or hours otherwise.
@Tag("unit")
class LongNotesTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int MIB = 1 << 20;

  private static List<Chunk> chunks(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return assertTimeoutPreemptively(
        LONG, () -> Chunker.chunks(name, NoteReader.read(name, bytes)));
  }

  private static String filled(String begin, String unit, int length) {
    return begin + unit.repeat(length / unit.length());
  }

  private static void assertAreChunks(List<Chunk> chunks) {
    assertThat(chunks)
        .isNotEmpty()
        .allMatch(chunk -> chunk.text().length() <= Chunker.MAX_LENGTH)
        .allMatch(chunk -> chunk.headings().length() < 1000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "x|word ",
        "x|w",
        "x|> ",
        "|>",
        "x|<!--",
        "x|<!-- a",
        "x|![](",
        "x|[a](",
        "x|[a][",
        "x|[[",
        "x|<a",
        "x|<div>",
        "x|**a ",
        "x|**a b** ",
        "x| *a",
        "x|~~a",
        "# |word ",
        "# a|# ",
        "- |- ",
        "x|- ",
        "|*",
        "| x |a \\| ",
        "x|. ",
        "x|e.g. a ",
      })
  void aLineOfMarkdownMayBeAsLongAsAFile(String begin, String unit) {
    String line = filled(begin, unit, 2 * MIB);
    // What is only markup, or a heading with nothing below it, has no chunks.
    assertAreChunks(chunks("a.md", line + "x\n\nThe end."));
  }

  @Test
  void aLineOfFifteenMegabytesIsReadWhole() {
    List<Chunk> chunks = chunks("a.md", filled("", "word ", 15 * MIB));
    assertAreChunks(chunks);
    assertThat(chunks.stream().mapToInt(chunk -> chunk.text().length() + 1).sum())
        .isGreaterThan(15 * MIB - 10);
  }

  @Test
  void blanksWithinAHeadingAreNoReasonToThinkForLong() {
    assertThat(chunks("a.md", "# a" + " ".repeat(200_000) + "b\n\nText.").getFirst().heading())
        .isEqualTo("a b");
  }

  @ParameterizedTest
  @CsvSource({
    "<div>x",
    "<span>x",
    "<b>x",
    "<b>x</b> ",
    "<b><p>x",
    "<a><p>x",
    "<p>x",
    "<ul><li>x",
    "<table><tr><td>x",
    "<td>x",
    "<td> ",
    "<nav>x</nav>y",
    "<i class=menu>x</i>y",
    "<article>x</article>",
    "<h1>x",
    "<pre>x",
    "</p>x",
    "<dfn>x<br>"
  })
  void aPageMayBeOneElementInOrBesideTheOther(String unit) {
    String begin = unit.startsWith("<td>") ? "<table><tr>" : "<p>x";
    assertAreChunks(chunks("a.html", filled(begin, unit, MIB) + "</nav></i>text"));
  }

  @Test
  void whatIsBoldIsKnownOfEachChunkHoweverMuchThereIs() {
    int many = 150_000;
    String terms =
        IntStream.range(0, many)
            .mapToObj(i -> "**Term " + i + "** is one. ")
            .collect(Collectors.joining());
    List<Chunk> chunks = chunks("a.md", terms);
    assertThat(chunks.stream().mapToInt(chunk -> chunk.bold().size()).sum()).isEqualTo(many);
    assertThat(chunks).allMatch(chunk -> chunk.bold().stream().allMatch(chunk.text()::contains));
  }

  @Test
  void termsAreFoundByTheirWords() {
    Set<String> terms = Set.of("cell", "cell wall", "a b c d", "a b c d e", "CO2/H2O", "it's");
    assertThat(Words.in("The cell wall, (cell) walls; a b c d e of CO2/H2O. It's it's!", 4, terms))
        .containsExactly("cell", "cell wall", "a b c d", "CO2/H2O", "it's");
  }

  @Test
  void aHeadingAsLongAsAFileIsCut() {
    List<Chunk> chunks =
        chunks("a.md", "# " + "word ".repeat(200_000) + "\n\n" + "A sentence. ".repeat(50_000));
    assertThat(chunks).hasSizeGreaterThan(500);
    assertThat(chunks).allMatch(chunk -> String.valueOf(chunk.heading()).length() <= 300);
    assertThat(chunks("a.html", "<title>" + "word ".repeat(200_000) + "</title><p>Text."))
        .allMatch(chunk -> String.valueOf(chunk.title()).length() <= 300);
  }

  @Test
  void markersThatNameNothingAreTakenOutOfALongAnswer() {
    String answer = "a[9]".repeat(100_000) + "1".repeat(100_000) + "[9]".repeat(100_000);
    assertTimeoutPreemptively(
        LONG,
        () -> {
          MarkedText text = new MarkedText(3);
          text.add(answer);
          text.end();
          assertThat(text.text()).isEqualTo("a".repeat(100_000) + "1".repeat(100_000));
        });
  }

  @Test
  void aQuizOfWhatAnotherServiceFoundIsMadeOfAsMuchAsOneNeeds(@TempDir Path folder) {
    var given = Json.mapper().createArrayNode();
    given
        .addObject()
        .put("id", "large")
        .put("text", "In 1905 it had 7 of 9 parts, ".repeat(40_000));
    for (int i = 0; i < 40_000; i++) {
      given.addObject().put("id", "c" + i).put("text", "The mass of the rock " + i + " is large.");
    }
    try (NotesIndex index = NotesIndex.in(folder)) {
      QuizMaker maker = new QuizMaker(index, Folder.CLOCK, new Random(1));
      assertTimeoutPreemptively(LONG, () -> maker.make("rocks", 5, given, () -> false));
    }
  }
}
