package dev.agentrooms.tools.notes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/// Quizzes of generated notes, of which it is known what is true: whatever they say, a question has
/// four distinct options of which exactly one is right, and that one stands in the cited chunk.
@Tag("unit")
class QuizTest {

  private static final List<String> ENGLISH_WORDS =
      List.of(
          "zorb", "quill", "lantern", "mesh", "orchid", "piston", "raft", "sable", "tundra",
          "urchin", "valve", "wharf", "yarrow", "anvil", "beacon", "cobalt", "dynamo", "ember",
          "fjord", "gasket", "hinge", "ivory");
  private static final List<String> RUSSIAN_WORDS =
      List.of(
          "Зорбер",
          "Квант",
          "Фонарь",
          "Сетка",
          "Орхидея",
          "Поршень",
          "Плот",
          "Соболь",
          "Тундра",
          "Клапан",
          "Причал",
          "Наковальня",
          "Маяк",
          "Кобальт",
          "Динамо",
          "Уголёк",
          "Фьорд",
          "Прокладка",
          "Петля");
  private static final List<String> ENGLISH_PARTS =
      List.of("cools", "lifts", "bends", "stores", "measures", "filters", "sorts", "heats");
  private static final List<String> ENGLISH_THINGS =
      List.of(
          "heavy crates",
          "warm water",
          "loose wires",
          "old paper",
          "dry sand",
          "fine dust",
          "raw glass");
  private static final List<String> RUSSIAN_PARTS =
      List.of("охлаждает", "поднимает", "сгибает", "хранит", "измеряет", "фильтрует", "сортирует");
  private static final List<String> RUSSIAN_THINGS =
      List.of(
          "тяжёлые ящики",
          "тёплую воду",
          "тонкую проволоку",
          "старую бумагу",
          "сухой песок",
          "мелкую пыль");

  /// Generated notes, and what they say.
  ///
  /// @param meanings of each term, in small letters: the sentences' own words
  private record Generated(
      Path dir, Map<String, Set<String>> meanings, Map<String, Set<String>> years)
      implements AutoCloseable {

    @Override
    public void close() throws IOException {
      try (Stream<Path> all = Files.walk(dir)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  private static Generated notes(Random random, boolean russian) throws IOException {
    Generated made =
        new Generated(
            Files.createTempDirectory("quiz-test"), new LinkedHashMap<>(), new HashMap<>());
    List<String> terms = new ArrayList<>(russian ? RUSSIAN_WORDS : ENGLISH_WORDS);
    java.util.Collections.shuffle(terms, random);
    int files = 1 + random.nextInt(4);
    for (int f = 0; f < files; f++) {
      StringBuilder text = new StringBuilder("# Note " + f + "\n\n");
      for (int s = 0; s < 2 + random.nextInt(8); s++) {
        String term = terms.get(random.nextInt(terms.size()));
        text.append(sentence(made, random, russian, term));
        text.append(random.nextInt(4) == 0 ? "\n\n## Part " + s + "\n\n" : " ");
      }
      Folder.write(made.dir(), "note" + f + ".md", text.toString());
    }
    return made;
  }

  // Twice the same meaning for two terms happens, and must not become a question with two answers.
  private static String sentence(Generated made, Random random, boolean russian, String term) {
    if (random.nextInt(3) == 0) {
      String year = "" + (1500 + random.nextInt(500));
      String thing = one(random, russian ? RUSSIAN_THINGS : ENGLISH_THINGS);
      made.years().computeIfAbsent(thing, _ -> new HashSet<>()).add(year);
      return russian
          ? "Мастера впервые показали народу " + thing + " в " + year + " году."
          : "Skilled workers first showed the public " + thing + " in " + year + ".";
    }
    String body =
        russian
            ? "устройство, которое "
                + one(random, RUSSIAN_PARTS)
                + " "
                + one(random, RUSSIAN_THINGS)
            : "a device that " + one(random, ENGLISH_PARTS) + " " + one(random, ENGLISH_THINGS);
    String at =
        one(
            random,
            russian
                ? List.of("в порту", "на заводе", "в музее")
                : List.of("in ports", "in mills", "in museums"));
    String whole = body + " " + at;
    made.meanings().computeIfAbsent(term.toLowerCase(Locale.ROOT), _ -> new HashSet<>()).add(whole);
    return russian ? term + " — это " + whole + "." : "A " + term + " is " + whole + ".";
  }

  private static String one(Random random, List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  @Property(tries = 150)
  void everyQuestionHasExactlyOneRightOptionWhichStandsInItsChunk(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int wanted) throws IOException {
    Random random = new Random(seed);
    boolean russian = random.nextBoolean();
    try (Generated made = notes(random, russian);
        Folder folder = Folder.of(made.dir())) {
      QuizMaker maker = new QuizMaker(folder.notes().index(), Folder.CLOCK, random);
      maker
          .make(
              russian ? "все заметки" : "all notes",
              wanted,
              Json.mapper().createArrayNode(),
              () -> false)
          .ifPresent(quiz -> check(quiz, wanted, made));
    }
  }

  /// Questions that somebody makes up of anything in the notes: what gets through is as good.
  @Property(tries = 100)
  void noQuestionThatIsMadeUpGetsThroughUnlessTheNotesBearItOut(@ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    boolean russian = random.nextBoolean();
    List<String> terms = russian ? RUSSIAN_WORDS : ENGLISH_WORDS;
    try (Generated made = notes(random, russian);
        Folder folder = Folder.of(made.dir())) {
      QuizDraft draft =
          new QuizMaker(folder.notes().index(), Folder.CLOCK, random)
              .begin(russian ? "все заметки" : "all notes", 20, Json.mapper().createArrayNode());
      WrittenQuestion judge = new WrittenQuestion(draft.corpus());
      List<String> meanings = made.meanings().values().stream().flatMap(Set::stream).toList();
      for (int i = 0; i < 200 && !meanings.isEmpty() && !draft.about().isEmpty(); i++) {
        ObjectNode written = Json.object().put("passage", 1 + random.nextInt(draft.about().size()));
        String meaning = one(random, meanings);
        written.put("question", (russian ? "Что это: " : "What is it: ") + meaning + "?");
        written.put("right", one(random, terms));
        written
            .putArray("wrong")
            .add(one(random, terms))
            .add(one(random, terms))
            .add(one(random, terms));
        if (judge.judge(draft.about(), written)
                instanceof WrittenQuestion.Verdict.Good(Candidate candidate, List<String> wrong)
            && draft.takes(candidate)) {
          draft.add(candidate, wrong);
        }
      }
      draft.quiz().ifPresent(quiz -> check(quiz, 20, made));
    }
  }

  private static void check(QuizDraft.Quiz quiz, int wanted, Generated made) {
    JsonNode exam = quiz.exam();
    assertThat(exam.path("questions").size()).isBetween(1, wanted);
    assertThat(exam.path("num_questions").asInt()).isEqualTo(exam.path("questions").size());
    assertThat(exam.path("num_requested").asInt()).isEqualTo(wanted);
    Map<String, String> chunks = new HashMap<>();
    exam.path("chunks")
        .forEach(each -> chunks.put(each.path("id").asText(), each.path("text").asText()));
    for (JsonNode question : exam.path("questions")) {
      JsonNode known = quiz.key().path(question.path("id").asText());
      String right = question.path("options").path(known.path("right").asText()).asText();
      assertThat(known.path("text").asText()).isEqualTo(right);
      assertThat(chunks.get(question.path("chunk_id").asText())).as("its chunk").contains(right);

      List<String> options = new ArrayList<>();
      question.path("options").forEach(each -> options.add(each.asText()));
      assertThat(options.stream().map(each -> each.toLowerCase(Locale.ROOT)))
          .hasSize(4)
          .doesNotHaveDuplicates();
      String text = question.path("text").asText().toLowerCase(Locale.ROOT);
      assertThat(options).as(text).noneMatch(each -> text.contains(each.toLowerCase(Locale.ROOT)));
      assertThat(options.stream().filter(each -> isTrue(each, text, made)))
          .as(text)
          .containsExactly(right);
    }
    Set<String> stems = new HashSet<>();
    exam.path("questions").forEach(each -> stems.add(each.path("text").asText()));
    assertThat(stems).hasSameSizeAs(exam.path("questions"));
  }

  private static boolean isTrue(String option, String question, Generated made) {
    return made.meanings().getOrDefault(option.toLowerCase(Locale.ROOT), Set.of()).stream()
            .anyMatch(meaning -> question.contains(meaning.toLowerCase(Locale.ROOT)))
        || made.years().entrySet().stream()
            .anyMatch(each -> question.contains(each.getKey()) && each.getValue().contains(option));
  }
}
