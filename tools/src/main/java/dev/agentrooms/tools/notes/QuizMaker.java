package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Makes a quiz of the notes about a topic: each question of one sentence, which stands in the
/// chunk that the question cites.
final class QuizMaker {

  /// What the notes made.
  ///
  /// @param exam as everybody may see it
  /// @param key which option is right, as [Grading] reads it
  record Quiz(String examId, ObjectNode exam, ObjectNode key) {}

  private static final List<String> LETTERS = List.of("a", "b", "c", "d");
  // How many chunks are looked at for wrong options, and for what makes one right after all.
  private static final int MOST_CHUNKS = 600;
  private static final int MOST_OF_A_FILE = 150;

  private final NotesIndex index;
  private final InstantSource clock;
  private final RandomGenerator random;

  /// @param random unpredictable, because it places the right options
  QuizMaker(NotesIndex index, InstantSource clock, RandomGenerator random) {
    this.index = index;
    this.clock = clock;
    this.random = random;
  }

  /// @param given chunks that a search of another service found, which then are what the quiz is
  ///     about; those of these notes say nothing that the topic does not
  /// @param isOver asked again and again; then there is no quiz
  /// @return empty when there is not one good question
  Optional<Quiz> make(String words, int wanted, JsonNode given, BooleanSupplier isOver) {
    QuizTopic topic = new QuizTopic(words);
    List<Chunk> foreign = foreign(given);
    List<Chunk> about = foreign.isEmpty() ? topic.chunks(index, words) : foreign;
    Corpus corpus = new Corpus(around(about), clock.instant().atZone(ZoneOffset.UTC).getYear());
    Candidates candidates = new Candidates(corpus);
    Distractors distractors = new Distractors(corpus, random);
    Map<Candidate, List<String>> chosen = new LinkedHashMap<>();
    Set<Set<String>> used = new HashSet<>();
    for (Candidate candidate : ranked(about, topic, !foreign.isEmpty(), corpus, candidates)) {
      if (isOver.getAsBoolean()) {
        return Optional.empty();
      }
      if (chosen.size() < wanted && !used.contains(candidate.answer().stems())) {
        List<String> wrong = distractors.of(candidate);
        if (wrong.size() == Distractors.NEEDED) {
          used.add(candidate.answer().stems());
          chosen.put(candidate, wrong);
        }
      }
    }
    return chosen.isEmpty() ? Optional.empty() : Optional.of(quiz(words, topic, wanted, chosen));
  }

  // Sentences that define a term come first; each chunk gives one before any gives a second.
  private static List<Candidate> ranked(
      List<Chunk> about, QuizTopic topic, boolean all, Corpus corpus, Candidates candidates) {
    List<Candidate> definitions = new ArrayList<>();
    List<Candidate> gaps = new ArrayList<>();
    for (Chunk chunk : about) {
      for (Statement statement : corpus.of(chunk)) {
        if (all || topic.isOf(statement)) {
          candidates
              .of(statement)
              .ifPresent(
                  each ->
                      (corpus.definition(statement).isPresent() ? definitions : gaps).add(each));
        }
      }
    }
    definitions.addAll(gaps);
    return definitions;
  }

  // What the quiz is about, then the rest of those files, then others.
  private List<Chunk> around(List<Chunk> about) {
    Map<String, Chunk> around = new LinkedHashMap<>();
    about.forEach(chunk -> around.put(chunk.id(), chunk));
    Set<String> files = new LinkedHashSet<>();
    about.forEach(chunk -> files.add(chunk.source()));
    for (String file : files) {
      if (around.size() < MOST_CHUNKS) {
        index.of(file, MOST_OF_A_FILE).forEach(hit -> around.putIfAbsent(hit.chunk().id(), hit.chunk()));
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
      String text = each.path("text").asText();
      if (!text.isBlank() && !index.has(id)) {
        String source = each.path("source").asText("");
        foreign.add(new Chunk(id, text, source, null, null, null, List.of(), true));
      }
    }
    return foreign;
  }

  private Quiz quiz(
      String words, QuizTopic topic, int wanted, Map<Candidate, List<String>> chosen) {
    String examId = "ex-" + UUID.randomUUID();
    ObjectNode exam = Json.object().put("exam_id", examId).put("title", title(words, topic));
    ArrayNode chunks = exam.putArray("chunks");
    ArrayNode questions = exam.putArray("questions");
    ObjectNode key = Json.object();
    Set<String> cited = new HashSet<>();
    chosen.forEach(
        (candidate, wrong) -> {
          Chunk chunk = candidate.from().chunk();
          if (cited.add(chunk.id())) {
            chunks.add(chunk.json(0));
          }
          String id = "q" + (questions.size() + 1);
          ObjectNode question = questions.addObject().put("id", id).put("text", candidate.text());
          String right = options(candidate.answer().text(), wrong, question.putObject("options"));
          question.put("source", chunk.source()).put("chunk_id", chunk.id());
          ObjectNode known = key.putObject(id).put("right", right);
          known.put("text", candidate.answer().text()).put("source", chunk.source());
        });
    exam.put("num_questions", questions.size()).put("num_requested", wanted);
    return new Quiz(examId, exam, key);
  }

  private String options(String right, List<String> wrong, ObjectNode options) {
    List<String> all = new ArrayList<>(wrong);
    all.add(right);
    Collections.shuffle(all, random);
    for (int i = 0; i < all.size(); i++) {
      options.put(LETTERS.get(i), all.get(i));
    }
    return LETTERS.get(all.indexOf(right));
  }

  private static String title(String words, @Nullable QuizTopic topic) {
    boolean isEverything = topic == null || topic.isEverything();
    return switch (Language.of(words)) {
      case ENGLISH -> "Quiz: " + (isEverything ? "all notes" : words);
      case RUSSIAN -> "Тест: " + (isEverything ? "все заметки" : words);
    };
  }
}
