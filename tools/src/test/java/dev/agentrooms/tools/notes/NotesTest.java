package dev.agentrooms.tools.notes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A folder of notes and what is found in it, while it changes.
@Tag("unit")
class NotesTest {

  @TempDir private Path dir;

  @Test
  void whatChangesInTheFolderIsFoundWithinTheRescan() throws IOException {
    Folder.write(dir, "a.md", "Apples are red.");
    Folder.write(dir, "sub/b.md", "Bananas are yellow.");
    try (Folder folder = Folder.of(dir)) {
      assertThat(folder.sources("apples")).containsExactly("a.md");
      assertThat(folder.sources("bananas")).containsExactly("sub/b.md");
      String id = folder.found("apples", 1).getFirst().id();

      Folder.write(dir, "c.md", "Cherries are small.");
      Folder.await(() -> folder.sources("cherries").equals(List.of("c.md")));
      assertThat(folder.found("apples", 1).getFirst().id()).isEqualTo(id);

      Folder.write(dir, "a.md", "Apricots are soft.");
      Folder.await(() -> folder.sources("apricots").equals(List.of("a.md")));
      assertThat(folder.sources("apples")).isEmpty();

      Files.delete(dir.resolve("sub/b.md"));
      Folder.await(() -> folder.sources("bananas").isEmpty());
      Folder.await(() -> folder.listed().equals(List.of("a.md", "c.md")));
    }
  }

  @Test
  void hiddenFilesUnknownEndingsAndLinksThatLeaveTheFolderAreNotRead() throws IOException {
    Path outside = Files.createDirectory(dir.resolve("outside"));
    Path inside = Files.createDirectory(dir.resolve("inside"));
    Folder.write(outside, "secret.md", "Word in a secret.");
    Folder.write(inside, "a.md", "Word in a note.");
    Folder.write(inside, ".hidden.md", "Word in a hidden file.");
    Folder.write(inside, ".git/b.md", "Word in a hidden folder.");
    Folder.write(inside, "c.doc", "Word in another format.");
    Files.createSymbolicLink(inside.resolve("leaving.md"), outside.resolve("secret.md"));
    Files.createSymbolicLink(inside.resolve("leaving"), outside);
    Files.createSymbolicLink(inside.resolve("circle"), inside);
    Files.createSymbolicLink(inside.resolve("nowhere.md"), inside.resolve("gone.md"));
    Files.createSymbolicLink(inside.resolve("staying.md"), inside.resolve("a.md"));
    try (Folder folder = Folder.of(inside)) {
      assertThat(folder.listed()).containsExactly("a.md", "staying.md");
      assertThat(folder.sources("word")).containsExactlyInAnyOrder("a.md", "staying.md");
    }
  }

  @Test
  void whatCannotBeReadIsSkippedAndNamed() {
    Folder.write(dir, "broken.pdf", "this is no PDF");
    Folder.write(dir, "empty.md", "");
    Folder.write(dir, "good.md", "A good note.");
    Folder.write(dir, "large.txt", "x".repeat(2 << 20));
    try (Folder folder = Folder.of(dir)) {
      assertThat(folder.listed())
          .containsExactly(
              "broken.pdf: is not a PDF that can be read",
              "empty.md: has no text",
              "good.md",
              "large.txt: is larger than agent.notes.max-file-size");
      JsonNode json = folder.notes().list().json();
      assertThat(json.path("chunks").asInt()).isEqualTo(1);
      assertThat(json.path("indexed_at").asText()).isEqualTo("2026-03-01T00:00:00Z");
      JsonNode broken = json.path("files").get(0);
      assertThat(broken.path("status").asText()).isEqualTo("skipped");
      assertThat(broken.path("bytes").asInt()).isEqualTo(14);
      JsonNode good = json.path("files").get(2);
      assertThat(good.path("status").asText()).isEqualTo("indexed");
      assertThat(good.path("reason").isNull()).isTrue();
      assertThat(good.path("modified_at").asText()).startsWith("20");
    }
  }

  @Test
  void aFileThatIsMendedIsNoLongerSkipped() {
    Folder.write(dir, "a.txt", new byte[] {0, 1, 2});
    try (Folder folder = Folder.of(dir)) {
      assertThat(folder.listed()).containsExactly("a.txt: is not text");
      Folder.write(dir, "a.txt", "Now it is a note.");
      Folder.await(() -> folder.listed().equals(List.of("a.txt")));
      assertThat(folder.sources("note")).containsExactly("a.txt");
    }
  }

  @Test
  void filesBeyondTheLimitsAreNamedAndComeInWhenOthersGo() throws IOException {
    for (String name : List.of("a.md", "b.md", "c.md")) {
      Folder.write(dir, name, "The word.");
    }
    NotesSettings two = new NotesSettings(null, Duration.ofMillis(20), 2, 100, 1000);
    try (Folder folder = Folder.of(dir, two)) {
      assertThat(folder.listed())
          .containsExactly("a.md", "b.md", "c.md: is beyond agent.notes.max-files");
      Files.delete(dir.resolve("a.md"));
      Folder.await(() -> folder.listed().equals(List.of("b.md", "c.md")));
      assertThat(folder.sources("word")).containsExactlyInAnyOrder("b.md", "c.md");
    }
    NotesSettings small = new NotesSettings(null, Duration.ofMillis(20), 9, 100, 12);
    try (Folder folder = Folder.of(dir, small)) {
      assertThat(folder.listed())
          .containsExactly("b.md", "c.md: is beyond agent.notes.max-total-size");
    }
  }

  @Test
  void tenThousandFilesAreReadAndSearched() {
    for (int i = 0; i < 10_000; i++) {
      Folder.write(
          dir,
          "d" + i % 100 + "/n" + i + ".md",
          "# Note " + i + "\n\nThe keyword of this note is k" + i + "x.");
    }
    Folder.write(dir, "z.md", "One too many.");
    NotesSettings limits = new NotesSettings(null, Duration.ofSeconds(5), 10_000, 1 << 20, 1 << 29);
    try (Folder folder = Folder.of(dir, limits)) {
      assertThat(folder.found("k7777x", 3))
          .extracting(Chunk::source)
          .containsExactly("d77/n7777.md");
      assertThat(folder.listed()).hasSize(10_001).contains("z.md: is beyond agent.notes.max-files");
      assertThat(folder.notes().list().json().path("chunks").asInt()).isEqualTo(10_000);
    }
  }

  @Test
  void aQuestionAsLongAsAPageIsAskedByWhatTellsMostInIt() {
    StringBuilder question = new StringBuilder("apples ");
    StringBuilder common = new StringBuilder();
    for (int i = 0; i < 1500; i++) {
      question.append("unheard").append(i).append(" usual").append(i).append(' ');
      common.append("Usual").append(i).append(" of all. ");
    }
    Folder.write(dir, "a.md", "Apples are red.");
    Folder.write(dir, "b.md", common.toString());
    Folder.write(dir, "c.md", common.toString());
    try (Folder folder = Folder.of(dir)) {
      assertThat(folder.sources(question + "apples")).contains("a.md");
      assertThat(folder.sources("unheard ".repeat(5000))).isEmpty();
    }
  }

  @Test
  void namesOfFilesAreInAnyScript() {
    Folder.write(
        dir, "Конспекты/Лекция 1.md", "Фотосинтез идёт на свету.".getBytes(StandardCharsets.UTF_8));
    try (Folder folder = Folder.of(dir)) {
      assertThat(folder.sources("фотосинтез")).containsExactly("Конспекты/Лекция 1.md");
    }
  }

  @Test
  void anIndexLeavesNothingBehind() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    String own = "agent-rooms-notes-" + ProcessHandle.current().pid() + "-";
    Path stale = Files.createDirectories(temporary.resolve("agent-rooms-notes-999999999-1"));
    Files.writeString(stale.resolve("x"), "left by a process that was killed");
    try (Folder folder = Folder.of(dir)) {
      assertThat(folder.listed()).isEmpty();
      assertThat(stale).doesNotExist();
    }
    try (var all = Files.list(temporary)) {
      assertThat(
              all.map(path -> path.getFileName().toString()).filter(name -> name.startsWith(own)))
          .isEmpty();
    }
  }
}
