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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

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
    for (Candidate candidate :
        ranked(about, topic, !foreign.isEmpty(), corpus, candidates, isOver)) {
      if (isOver.getAsBoolean()) {
        return Optional.empty();
      }
      if (chosen.size() < wanted
          && !used.contains(candidate.answer().stems())
          && !used.contains(candidate.stems())) {
        List<String> wrong = distractors.of(candidate);
        if (wrong.size() == Distractors.NEEDED) {
          used.add(candidate.answer().stems());
          used.add(candidate.stems());
          chosen.put(candidate, wrong);
        }
      }
    }
    return chosen.isEmpty()
        ? Optional.empty()
        : Optional.of(quiz(title(words, topic, about), wanted, chosen));
  }

  // Mostly sentences that define a term.
  private static List<Candidate> ranked(
      List<Chunk> about,
      QuizTopic topic,
      boolean all,
      Corpus corpus,
      Candidates candidates,
      BooleanSupplier isOver) {
    List<Candidate> definitions = new ArrayList<>();
    List<Candidate> gaps = new ArrayList<>();
    for (Chunk chunk : about) {
      for (Statement statement : corpus.of(chunk)) {
        if (!isOver.getAsBoolean() && (all || topic.isOf(statement))) {
          candidates
              .of(statement)
              .ifPresent(
                  each ->
                      (corpus.definition(statement).isPresent() ? definitions : gaps).add(each));
        }
      }
    }
    return mixed(definitions, gaps);
  }

  // Two of the first, one of the second, and so on.
  private static List<Candidate> mixed(List<Candidate> first, List<Candidate> second) {
    List<Candidate> mixed = new ArrayList<>();
    Iterator<Candidate> others = second.iterator();
    for (Candidate each : first) {
      mixed.add(each);
      if (mixed.size() % 3 == 2 && others.hasNext()) {
        mixed.add(others.next());
      }
    }
    others.forEachRemaining(mixed::add);
    return mixed;
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
      String text = each.path("text").asText();
      if (!text.isBlank() && !index.has(id)) {
        String source = each.path("source").asText("");
        foreign.add(new Chunk(id, text, source, null, null, null, List.of(), true));
      }
    }
    return foreign;
  }

  private Quiz quiz(String title, int wanted, Map<Candidate, List<String>> chosen) {
    String examId = "ex-" + UUID.randomUUID();
    ObjectNode exam = Json.object().put("exam_id", examId).put("title", title);
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

  // A note's own title is in the right case of a Russian noun; words of a question may not be.
  private static String title(String words, QuizTopic topic, List<Chunk> about) {
    String title = about.getFirst().title();
    String named = title != null && topic.isOf(title) ? title : words;
    return switch (Language.of(words)) {
      case ENGLISH -> "Quiz: " + (topic.isEverything() ? "all notes" : named);
      case RUSSIAN -> "Тест: " + (topic.isEverything() ? "все заметки" : named);
    };
  }
}
