package dev.agentrooms.tools.notes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sentences, and how they are put into chunks.
@Tag("unit")
class ChunkerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Plants, e.g. trees, grow.|They need light.",
        "Он родился в 1834 г. в Тобольске.|Потом уехал.",
        "Роман написал А. С. Пушкин.|Его любят.",
        "It costs 3.5 dollars.|That is little!|Really?",
        "«Сколько?» — спросил он.|Никто не ответил…",
        "Это было в I в. до н. э. в Риме.|Потом всё изменилось.",
        "Mr. Smith met Dr. Who.|They talked etc.|Then they left.",
        "She said \"No.\"|He left.",
        "Тепло, свет и т. д. нужны всем.|Вода тоже.",
      })
  void sentencesEndWhereTheyEnd(String marked) {
    assertThat(Sentences.of(marked.replace('|', ' '))).containsExactly(marked.split("\\|"));
  }

  private static List<Chunk> chunks(String markdown) {
    return Chunker.chunks("a.md", MarkdownReader.read(markdown));
  }

  @Test
  void aChunkHasWholeSentencesBelowOneHeading() {
    String sentence = "This sentence has exactly so many words that it takes some room here. ";
    List<Chunk> chunks =
        chunks("# One\n\n" + sentence.repeat(30) + "\n\n# Two\n\nShort.\n\n# Three\n\nShort too.");
    assertThat(chunks)
        .allMatch(chunk -> chunk.text().length() <= Chunker.MAX_LENGTH)
        .allMatch(chunk -> chunk.text().endsWith("."));
    assertThat(chunks.stream().filter(each -> "One".equals(each.heading()))).hasSize(3);
    assertThat(chunks).extracting(Chunk::heading).contains("Two", "Three");
    assertThat(chunks.stream().map(Chunk::text).collect(Collectors.joining(" ")))
        .isEqualTo(sentence.repeat(30) + "Short. Short too.");
  }

  @Test
  void aSentenceThatIsTooLongIsCutBetweenWords() {
    String words = "word ".repeat(500).strip();
    assertThat(chunks(words))
        .allMatch(chunk -> chunk.text().length() <= Chunker.MAX_LENGTH)
        .allMatch(chunk -> chunk.text().matches("(word ?)+"));
    String unbroken = "a" + "😀".repeat(1000);
    assertThat(chunks(unbroken).stream().map(Chunk::text).collect(Collectors.joining()))
        .isEqualTo(unbroken);
    assertThat(chunks(unbroken))
        .noneMatch(
            chunk -> Character.isHighSurrogate(chunk.text().charAt(chunk.text().length() - 1)));
  }

  @Test
  void idsAreThoseOfTheLastTimeWhileNothingChanged() {
    String text = "# A\n\nOne sentence.\n\n# B\n\nAnother.";
    assertThat(chunks(text)).isEqualTo(chunks(text));
    assertThat(chunks(text))
        .extracting(Chunk::id)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.length() == 16);
    assertThat(chunks("Same.\n\n# B\n\nSame.")).extracting(Chunk::id).doesNotHaveDuplicates();
  }
}
