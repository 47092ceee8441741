package dev.agentrooms.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a mapper says of a scene, kept in a file with an event in each line. With
/// `-Dgolden.write=true` the files are written anew.
public final class Golden {

  private Golden() {}

  public static void check(String protocol, Scenes scene, List<? extends JsonNode> events)
      throws IOException {
    String name = protocol + "/" + scene.name().toLowerCase(Locale.ROOT) + ".jsonl";
    String said = events.stream().map(event -> event + "\n").collect(Collectors.joining());
    if (Boolean.getBoolean("golden.write")) {
      Path file = Path.of("src/test/resources/golden", name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, said);
    } else {
      try (InputStream kept = Golden.class.getResourceAsStream("/golden/" + name)) {
        assertThat(kept).as(name).isNotNull();
        assertThat(said).isEqualTo(new String(kept.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  /// The same for lines of any kind.
  public static void check(String name, List<String> lines) {
    Path file = Path.of("src/test/resources/golden", name + ".jsonl");
    try {
      if (Boolean.getBoolean("golden.write")) {
        Files.createDirectories(file.getParent());
        Files.write(file, lines, StandardCharsets.UTF_8);
      }
      assertThat(lines).containsExactlyElementsOf(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
