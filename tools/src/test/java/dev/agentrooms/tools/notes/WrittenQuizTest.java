package dev.agentrooms.tools.notes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.Given;
import dev.agentrooms.tools.ModelTools;
import dev.agentrooms.tools.Scope;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.ToolResult.Failed;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.ToolResult.Succeeded;
import dev.agentrooms.tools.Toolbox;
import dev.agentrooms.tools.notes.WrittenQuestion.Verdict;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Quizzes that a model writes, and what the notes make of its questions.
@Tag("unit")
class WrittenQuizTest {

  private static final String NOTE =
      """
      # Cells

      Osmosis is the diffusion of water through a membrane that holds back dissolved substances.
      Diffusion is the spreading of particles from where there are many of them. Active transport
      is the movement of particles against their gradient at the cost of energy. A vacuole is a
      bubble within the cell that stores water and waste. Robert Hooke saw cells in 1665 for the
      first time. Water leaves a cell by osmosis when the salt outside is strong.
      """;

  private static final String GOOD =
      """
      {"passage": 1, "question": "By what does water spread through a membrane that holds back substances?",
       "right": "Osmosis", "wrong": ["Active transport", "A vacuole", "Photosynthesis"]}
      """;

  @TempDir private Path dir;
  private Folder folder;
  private final List<ToolCall> asked = new ArrayList<>();

  @BeforeEach
  void open() {
    Folder.write(dir, "cells.md", NOTE);
    folder = Folder.of(dir);
  }

  @AfterEach
  void close() {
    folder.close();
  }

  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode good() {
    return (ObjectNode) json(GOOD);
  }

  private QuizDraft draft(int wanted) {
    QuizMaker maker = new QuizMaker(folder.notes().index(), Folder.CLOCK, new java.util.Random(1));
    return maker.begin("cells", wanted, Json.mapper().createArrayNode());
  }

  private Verdict judged(JsonNode written) {
    QuizDraft draft = draft(5);
    return new WrittenQuestion(draft.corpus()).judge(draft.about(), written);
  }

  @Test
  void aQuestionThatItsPassageAnswersIsTaken() {
    assertThat(judged(good()))
        .isInstanceOfSatisfying(
            Verdict.Good.class,
            taken -> {
              assertThat(taken.candidate().answer().text()).isEqualTo("Osmosis");
              assertThat(taken.candidate().from().text()).startsWith("Osmosis is");
              assertThat(taken.wrong())
                  .containsExactly("Active transport", "A vacuole", "Photosynthesis");
            });
    ObjectNode year = good().put("question", "When did Robert Hooke first look at cells?");
    year.put("right", "1665").putArray("wrong").add("1565").add("1765").add("1865");
    assertThat(judged(year)).isInstanceOf(Verdict.Good.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "passage | 9 | there is no such passage",
        "passage | 0 | there is no such passage",
        "passage | \"x\" | there is no such passage",
        "question | \"\" | too short",
        "question | \"By what does this water spread through a membrane?\" | needs the passage",
        "question | \"What does the passage say spreads water through a membrane?\" | needs the passage",
        "question | \"By what osmosis does water spread through a membrane?\" | gives the right option away",
        "question | \"Which river carries most water into a northern sea?\" | does not say so",
        "question | \"By what, and not by active transport, does water spread through a membrane that holds back dissolved substances?\" | more than one",
        "right | \"\" | the right option is none",
        "right | \"Photophoresis\" | does not say so",
        "right | \"Vacuole\" | does not say so",
        "wrong | [] | fewer than three",
        "wrong | [\"Active transport\", \"Photosynthesis\"] | fewer than three",
        "wrong | [\"Active transport\", \"osmosis\", \"Photosynthesis\"] | not four different",
        "wrong | [\"Active transport\", \"active transports\", \"Photosynthesis\"] | not four different",
        "wrong | [\"Active transport\", \"\", \"Photosynthesis\"] | not four different",
        "wrong | [\"Active transport\", \"Осмос\", \"Photosynthesis\"] | not of one kind",
        "wrong | [\"Active transport\", \"1665\", \"Photosynthesis\"] | not of one kind",
        "wrong | [\"Active transport\", \"Diffusion\", \"Photosynthesis\"] | more than one",
      })
  void aQuestionThatDoesNotStandUpIsRefused(String member, String value, String why) {
    ObjectNode written = good();
    written.set(member, json(value));
    assertThat(judged(written))
        .isInstanceOfSatisfying(
            Verdict.Bad.class, refused -> assertThat(refused.why()).contains(why));
  }

  @Test
  void aYearLiesInThePast() {
    ObjectNode year = good().put("question", "When did Robert Hooke first look at cells?");
    year.put("right", "1665").putArray("wrong").add("1565").add("1765").add("2065");
    assertThat(judged(year)).isInstanceOf(Verdict.Bad.class);
  }

  /// @param model what it answers to each request, by its number
  private ToolResult generate(int wanted, Function<Integer, ToolResult> model) {
    Toolbox models =
        (call, observer) -> {
          asked.add(call);
          return Toolbox.Attempt.ended(model.apply(asked.size()));
        };
    Toolbox box =
        new NotesTools(
            folder.notes(),
            Set.of(NotesTools.GENERATE),
            models,
            ModelTools.tool(Duration.ZERO),
            Folder.CLOCK);
    ObjectNode arguments = Json.object().put("topic", "cells").put("num_questions", wanted);
    arguments.putArray("chunks");
    return box.call(
            new ToolCall(
                Given.builtIn(URI.create("http://127.0.0.1:1")).get(NotesTools.GENERATE),
                "r-1.generate_exam.1",
                "00-1-1-00",
                arguments,
                Scope.of("s", "r-1", "?")),
            CallObserver.NONE)
        .ended()
        .toCompletableFuture()
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  private static ToolResult says(JsonNode... questions) {
    ObjectNode output = Json.object();
    ArrayNode all = output.putArray("questions");
    all.addAll(List.of(questions));
    ObjectNode meta = Json.object();
    meta.putObject("usage").put("input_tokens", 100).put("output_tokens", 10);
    return new Succeeded(output, meta);
  }

  @Test
  void whatIsRefusedIsAskedForOnceMoreAndThenMadeByTheRules() {
    ObjectNode bad = good().put("right", "Photophoresis");
    ToolResult result = generate(3, round -> says(good(), bad, good()));

    assertThat(asked).hasSize(2);
    assertThat(asked.get(0).arguments().path("schema").path("type").asText()).isEqualTo("object");
    assertThat(asked.get(0).arguments().path("stream").asBoolean()).isFalse();
    assertThat(asked.get(0).arguments().at("/messages/1/content").asText())
        .contains("Write 3 questions")
        .containsPattern("<data-[0-9a-f]+ name=\"passage\">\nCells\nOsmosis is")
        .doesNotContain("refused");
    assertThat(asked.get(1).arguments().at("/messages/1/content").asText())
        .contains("Write 2 questions")
        .containsPattern("<data-[0-9a-f]+ name=\"refused\">\n.*Photophoresis.*\nRefused: ");
    assertThat(result).isInstanceOf(Succeeded.class);
    Succeeded quiz = (Succeeded) result;
    JsonNode questions = quiz.output().path("questions");
    assertThat(questions.size()).isBetween(2, 3);
    assertThat(questions.get(0).path("text").asText()).startsWith("By what does water spread");
    assertThat(questions.get(1).path("text").asText()).contains("term");
    assertThat(quiz.output().toString()).doesNotContain("Photophoresis", "right");
    JsonNode key = quiz.hidden().values().values().iterator().next().path("q1");
    assertThat(questions.get(0).path("options").path(key.path("right").asText()).asText())
        .isEqualTo("Osmosis");
    assertThat(quiz.meta().path("usage").toString())
        .isEqualTo("{\"input_tokens\":200,\"output_tokens\":20}");
  }

  @Test
  void whereAllAreGoodTheModelIsAskedOnce() {
    ToolResult result = generate(1, round -> says(good()));
    assertThat(asked).hasSize(1);
    assertThat(((Succeeded) result).output().path("questions")).hasSize(1);
  }

  @Test
  void aModelThatFailsFailsTheCallInItsOwnWords() {
    Failed refused =
        new Failed(Reason.MODEL_AUTH, 401, "The model's server does not take the key.");
    assertThat(generate(2, round -> refused)).isSameAs(refused);
    asked.clear();
    assertThat(generate(2, round -> round == 1 ? says() : refused)).isSameAs(refused);
  }
}
