package dev.agentrooms.tools.notes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How often the right passage of the example notes is among the first three for a question. The
/// questions were written before the first measurement, and not changed after it.
@Tag("unit")
class RankingTest {

  private static final double WANTED = 0.9;

  @ParameterizedTest
  @ValueSource(strings = {"english", "russian"})
  void theRightPassageIsAmongTheFirstThree(String language) throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of("src/test/resources/ranking-" + language + ".txt"));
    List<String> missed = new ArrayList<>();
    int first = 0;
    try (Folder folder = Folder.of(Path.of("../examples/notes"))) {
      for (String line : lines) {
        String[] parts = line.split(" \\| ");
        List<Chunk> found = folder.found(parts[0], 3);
        if (found.stream().noneMatch(chunk -> chunk.text().contains(parts[1]))) {
          missed.add(parts[0]);
        } else if (found.getFirst().text().contains(parts[1])) {
          first++;
        }
      }
    }
    double hits = 1 - (double) missed.size() / lines.size();
    assertThat(hits)
        .as("hit@3 of %d questions, %d of them first; missed: %s", lines.size(), first, missed)
        .isGreaterThanOrEqualTo(WANTED);
  }
}
