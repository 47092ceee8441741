package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// A quiz while it is being made: what it is about, and the questions that it has so far. No two
/// of them ask for the same, or say the same.
final class QuizDraft {

  /// What the notes made.
  ///
  /// @param exam as everybody may see it
  /// @param key which option is right, as [Grading] reads it
  record Quiz(String examId, ObjectNode exam, ObjectNode key) {}

  private static final List<String> LETTERS = List.of("a", "b", "c", "d");

  private final String title;
  private final int wanted;
  private final List<Chunk> about;
  private final QuizTopic topic;
  private final boolean isOfAll;
  private final Corpus corpus;
  private final RandomGenerator random;
  private final Map<Candidate, List<String>> chosen = new LinkedHashMap<>();
  private final Set<Set<String>> used = new HashSet<>();

  /// @param about the chunks that say most first
  /// @param isOfAll whether it is about all that they say, whatever the topic
  QuizDraft(
      String title,
      int wanted,
      List<Chunk> about,
      QuizTopic topic,
      boolean isOfAll,
      Corpus corpus,
      RandomGenerator random) {
    this.title = title;
    this.wanted = wanted;
    this.about = List.copyOf(about);
    this.topic = topic;
    this.isOfAll = isOfAll;
    this.corpus = corpus;
    this.random = random;
  }

  List<Chunk> about() {
    return about;
  }

  Corpus corpus() {
    return corpus;
  }

  /// How many questions it has not.
  int missing() {
    return wanted - chosen.size();
  }

  /// Whether it has room for this question, and none like it.
  boolean takes(Candidate candidate) {
    return missing() > 0
        && !used.contains(candidate.answer().stems())
        && !used.contains(candidate.stems());
  }

  void add(Candidate candidate, List<String> wrong) {
    used.add(candidate.answer().stems());
    used.add(candidate.stems());
    chosen.put(candidate, List.copyOf(wrong));
  }

  /// Makes what it has not of sentences of the notes.
  ///
  /// @param isOver asked again and again; then it is left as it is
  void fill(BooleanSupplier isOver) {
    if (missing() <= 0 || about.isEmpty()) {
      return;
    }
    Distractors distractors = new Distractors(corpus, random);
    for (Candidate candidate : ranked(isOver)) {
      if (isOver.getAsBoolean()) {
        return;
      }
      if (takes(candidate)) {
        List<String> wrong = distractors.of(candidate);
        if (wrong.size() == Distractors.NEEDED) {
          add(candidate, wrong);
        }
      }
    }
  }

  // Mostly sentences that define a term.
  private List<Candidate> ranked(BooleanSupplier isOver) {
    Candidates candidates = new Candidates(corpus);
    List<Candidate> definitions = new ArrayList<>();
    List<Candidate> gaps = new ArrayList<>();
    for (Chunk chunk : about) {
      for (Statement statement : corpus.of(chunk)) {
        if (!isOver.getAsBoolean() && (isOfAll || topic.isOf(statement))) {
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

  /// The quiz; empty without one good question.
  Optional<Quiz> quiz() {
    return chosen.isEmpty() ? Optional.empty() : Optional.of(made());
  }

  private Quiz made() {
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
}
