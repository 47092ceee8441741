package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Text;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// Makes a quiz of the notes about a topic: each question of one sentence, which stands in the
/// chunk that the question cites.
final class QuizMaker {

  // How many chunks are looked at for wrong options, and for what makes one right after all.
  private static final int MOST_CHUNKS = 600;
  private static final int MOST_OF_A_FILE = 150;

  // Another service may call a whole file a chunk.
  private static final int MAX_FOREIGN = 8000;

  private final NotesIndex index;
  private final InstantSource clock;
  private final RandomGenerator random;

  /// @param random unpredictable, because it places the right options
  QuizMaker(NotesIndex index, InstantSource clock, RandomGenerator random) {
    this.index = index;
    this.clock = clock;
    this.random = random;
  }

  /// @param isOver asked again and again; then it has the questions that it has
  /// @return empty when there is not one good question
  Optional<QuizDraft.Quiz> make(String words, int wanted, JsonNode given, BooleanSupplier isOver) {
    QuizDraft draft = begin(words, wanted, given);
    draft.fill(isOver);
    return draft.quiz();
  }

  /// A quiz without a question so far.
  ///
  /// @param given chunks that a search of another service found, which then are what the quiz is
  ///     about; those of these notes say nothing that the topic does not
  QuizDraft begin(String words, int wanted, JsonNode given) {
    QuizTopic topic = new QuizTopic(words);
    List<Chunk> foreign = foreign(given);
    List<Chunk> about = foreign.isEmpty() ? topic.chunks(index, words) : foreign;
    return new QuizDraft(
        title(words, topic, about),
        wanted,
        about,
        topic,
        !foreign.isEmpty(),
        new Corpus(
            about.isEmpty() ? List.of() : around(about),
            clock.instant().atZone(ZoneOffset.UTC).getYear()),
        random);
  }

  // What the quiz is about, then the rest of those files, then others.
  private List<Chunk> around(List<Chunk> about) {
    Map<String, Chunk> around = new LinkedHashMap<>();
    about.forEach(chunk -> around.put(chunk.id(), chunk));
    Set<String> files = new LinkedHashSet<>();
    about.forEach(chunk -> files.add(chunk.source()));
    for (String file : files) {
      if (around.size() < MOST_CHUNKS) {
        index
            .of(file, MOST_OF_A_FILE)
            .forEach(hit -> around.putIfAbsent(hit.chunk().id(), hit.chunk()));
      }
    }
    if (around.size() < MOST_CHUNKS) {
      index.any(MOST_CHUNKS).forEach(hit -> around.putIfAbsent(hit.chunk().id(), hit.chunk()));
    }
    return List.copyOf(around.values());
  }

  private List<Chunk> foreign(JsonNode given) {
    List<Chunk> foreign = new ArrayList<>();
    for (JsonNode each : given) {
      String id = each.path("id").asText();
      String text = Text.cut(each.path("text").asText(), MAX_FOREIGN);
      if (!text.isBlank() && foreign.size() < MOST_CHUNKS && !index.has(id)) {
        String source = each.path("source").asText("");
        foreign.add(new Chunk(id, text, source, null, null, null, List.of(), true));
      }
    }
    return foreign;
  }

  // A note's own title is in the right case of a Russian noun; words of a question may not be.
  private static String title(String words, QuizTopic topic, List<Chunk> about) {
    String title = about.isEmpty() ? null : about.getFirst().title();
    String named = title != null && topic.isOf(title) ? title : words;
    return switch (Language.of(words)) {
      case ENGLISH -> "Quiz: " + (topic.isEverything() ? "all notes" : named);
      case RUSSIAN -> "Тест: " + (topic.isEverything() ? "все заметки" : named);
    };
  }
}
