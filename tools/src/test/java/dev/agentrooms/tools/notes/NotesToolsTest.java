package dev.agentrooms.tools.notes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.Given;
import dev.agentrooms.tools.Hidden;
import dev.agentrooms.tools.Schema;
import dev.agentrooms.tools.Scope;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.ToolResult.Failed;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.ToolResult.Succeeded;
import dev.agentrooms.tools.Toolbox;
import dev.agentrooms.tools.Toolbox.Attempt;
import dev.agentrooms.tools.Tools;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The four built-in tools over the example notes.
@Tag("unit")
class NotesToolsTest {

  private static final Tools TOOLS = Given.builtIn(URI.create("http://127.0.0.1:1"));
  private static final Set<String> ALL =
      Set.of(NotesTools.SEARCH, NotesTools.ANSWER, NotesTools.GENERATE, NotesTools.GRADE);
  private static final Folder FOLDER = Folder.of(Path.of("../examples/notes"));
  private static final Toolbox ELSEWHERE = (call, observer) -> attempt(new ToolResult.Stopped());
  private static final Toolbox BOX =
      new NotesTools(FOLDER.notes(), ALL, ELSEWHERE, null, Folder.CLOCK);

  @AfterAll
  static void close() {
    FOLDER.close();
  }

  private static Attempt attempt(ToolResult result) {
    return new Attempt() {
      @Override
      public CompletableFuture<ToolResult> ended() {
        return CompletableFuture.completedFuture(result);
      }

      @Override
      public void cancel() {}
    };
  }

  private static ToolCall call(String tool, JsonNode arguments, Hidden hidden) {
    return new ToolCall(
            TOOLS.get(tool), "r-1.step.1", "00-1-1-00", arguments, Scope.of("s", "r-1", "?"))
        .with(hidden);
  }

  private static ToolResult result(String tool, JsonNode arguments, Hidden hidden) {
    return BOX.call(call(tool, arguments, hidden), CallObserver.NONE)
        .ended()
        .toCompletableFuture()
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  private static Succeeded success(String tool, JsonNode arguments) {
    ToolResult result = result(tool, arguments, Hidden.NONE);
    assertThat(result).isInstanceOf(Succeeded.class);
    Succeeded succeeded = (Succeeded) result;
    checkSchema(tool, succeeded.output());
    return succeeded;
  }

  // What a service would have to answer.
  private static void checkSchema(String tool, JsonNode output) {
    Schema schema = Objects.requireNonNull(TOOLS.get(tool).answer().schema());
    schema.check("", output);
  }

  private static ObjectNode query(String words) {
    return Json.object().put("query", words).put("top_k", 5);
  }

  private static ObjectNode topic(String words, int questions) {
    ObjectNode arguments = Json.object().put("topic", words).put("num_questions", questions);
    arguments.putArray("chunks");
    return arguments;
  }

  @Test
  void aSearchFindsChunksWithTheirPlace() {
    JsonNode best = success("rag_search", query("What is osmosis?")).output().path("chunks").get(0);
    assertThat(best.path("text").asText()).contains("Osmosis is the diffusion");
    assertThat(best.path("source").asText()).isEqualTo("cells.md");
    assertThat(best.path("heading").asText()).isEqualTo("Transport");
    assertThat(best.path("score").asDouble()).isPositive();
    assertThat(best.path("id").asText()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({
    "Who discovered Uranus?, William Herschel discovered Uranus in 1781",
    "Что такое инфляция?, 'Инфляция — общий рост цен, при котором деньги теряют'",
    "What is osmosis?, Osmosis is the diffusion of water",
    "Кто открыл электрон?, Джозеф Томсон открыл электрон",
  })
  void anAnswerBeginsWithTheBestSentenceAndItsMarker(String question, String begins) {
    JsonNode result = success("rag_answer", query(question)).output();
    String answer = result.path("answer").asText();
    assertThat(answer).startsWith(begins).contains(" [1]");
    assertThat(answer.split(" \\[\\d]")).hasSizeBetween(2, 3);
    assertThat(result.path("citations")).isNotEmpty();
    for (JsonNode citation : result.path("citations")) {
      assertThat(answer).contains("[" + citation.path("marker").asInt() + "]");
      JsonNode cited = Json.mapper().missingNode();
      for (JsonNode chunk : result.path("chunks")) {
        cited = chunk.path("id").equals(citation.path("chunk_id")) ? chunk : cited;
      }
      assertThat(cited.path("source")).isEqualTo(citation.path("source"));
    }
    // Verbatim: each sentence stands in the chunk that its marker names.
    for (String sentence : answer.split("(?<=])\\s")) {
      int marker = Integer.parseInt(sentence.replaceAll(".*\\[(\\d+)]$", "$1"));
      String id = result.path("citations").get(marker - 1).path("chunk_id").asText();
      String text = sentence.replaceAll(" \\[\\d+]$", "");
      boolean stands = false;
      for (JsonNode chunk : result.path("chunks")) {
        stands |=
            chunk.path("id").asText().equals(id) && chunk.path("text").asText().contains(text);
      }
      assertThat(stands).as(text).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "How do I bake sourdough bread?, The notes say nothing about that.",
    "Как испечь ржаной хлеб?, В заметках об этом ничего нет.",
  })
  void whatIsNotInTheNotesIsSaidInTheLanguageOfTheQuestion(String question, String answer) {
    JsonNode result = success("rag_answer", query(question)).output();
    assertThat(result.path("answer").asText()).isEqualTo(answer);
    assertThat(result.path("chunks")).isEmpty();
    assertThat(result.path("citations")).isEmpty();
  }

  @Test
  void anExamIsGradedByTheKeyThatWasKeptAndShownNowhere() {
    Succeeded made = success("generate_exam", topic("photosynthesis", 5));
    String shown = made.output().toString();
    String examId = made.output().path("exam_id").asText();
    JsonNode key = made.hidden().get("exam:" + examId).orElseThrow();
    assertThat(key).hasSize(5);
    assertThat(shown).doesNotContain("\"right\"", key.toString());
    assertThat(made.toString()).doesNotContain("right").contains("Hidden[1]");

    ObjectNode answers = Json.object().put("exam_id", examId);
    ObjectNode given = answers.putObject("answers");
    key.properties()
        .forEach(each -> given.put(each.getKey(), each.getValue().path("right").asText()));
    given
        .put("q1", "x")
        .put("q2", " " + given.path("q2").asText().toUpperCase(java.util.Locale.ROOT));
    given.put("q99", "a");
    ToolResult graded = result("grade_exam", answers, made.hidden());
    assertThat(graded).isInstanceOf(Succeeded.class);
    JsonNode grade = ((Succeeded) graded).output();
    checkSchema("grade_exam", grade);
    assertThat(grade.path("score").asInt()).isEqualTo(4);
    assertThat(grade.path("max_score").asInt()).isEqualTo(5);
    assertThat(grade.path("items")).hasSize(5);
    assertThat(grade.path("items").get(0).path("correct").asBoolean()).isFalse();
    assertThat(grade.path("items").get(0).path("comment").asText()).contains("(photosynthesis.md)");
  }

  @Test
  void whereTheRightOptionStandsIsDifferentEachTime() {
    Set<String> keys = new java.util.HashSet<>();
    for (int i = 0; i < 10; i++) {
      keys.add(success("generate_exam", topic("cells", 8)).hidden().values().values().toString());
    }
    assertThat(keys).hasSizeGreaterThan(5);
  }

  @ParameterizedTest
  @CsvSource({"volcanoes, almost ____ km away, 5", "cells, some ____ trillion cells, 37"})
  void theFormOfANumberTellsNothingAndWhatIsRoughlyRightIsNoWrongOption(
      String topic, String asked, double right) {
    JsonNode exam = success(NotesTools.GENERATE, topic(topic, 50)).output();
    JsonNode question =
        StreamSupport.stream(exam.path("questions").spliterator(), false)
            .filter(each -> each.path("text").asText().contains(asked))
            .findFirst()
            .orElseThrow();
    for (JsonNode option : question.path("options")) {
      String text = option.asText();
      double number = Double.parseDouble(text.replace(",", "."));
      assertThat(text).matches(right == 5 ? "\\d+,\\d{3}" : "\\d+");
      assertThat(number == right || Math.abs(Math.log(number / right)) > Math.log(1.29))
          .as(text)
          .isTrue();
    }
  }

  @Test
  void anExamOfAnotherSessionOrNoneIsUnknown() {
    ObjectNode answers = Json.object().put("exam_id", "ex-1");
    answers.putObject("answers");
    assertThat(result("grade_exam", answers, Hidden.NONE))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.reason()).isEqualTo(Reason.UNKNOWN_EXAM));
  }

  @Test
  void fewerGoodQuestionsThanAskedForAreFewerAndNoneIsAFailure() {
    JsonNode exam = success("generate_exam", topic("osmosis", 50)).output();
    assertThat(exam.path("num_requested").asInt()).isEqualTo(50);
    assertThat(exam.path("num_questions").asInt()).isEqualTo(exam.path("questions").size());
    assertThat(exam.path("questions").size()).isBetween(1, 20);
    assertThat(result("generate_exam", topic("dragons", 5), Hidden.NONE))
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.reason()).isEqualTo(Reason.NOT_ENOUGH_NOTES));
  }

  @Test
  void aQuizIsMadeOfTheChunksThatAnotherSearchHasFound() {
    ObjectNode arguments = topic("whatever", 3);
    arguments
        .withArray("chunks")
        .addObject()
        .put("id", "theirs-1")
        .put("source", "theirs.txt")
        .put("text", "A gizmo is a small tool that opens jars of honey without any noise.");
    JsonNode exam = success("generate_exam", arguments).output();
    assertThat(exam.path("questions")).hasSize(1);
    assertThat(exam.path("questions").get(0).path("chunk_id").asText()).isEqualTo("theirs-1");
  }

  @Test
  void argumentsThatViolateTheSchemaAreRefused() {
    assertThat(result("rag_search", Json.object(), Hidden.NONE))
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo(Reason.INVALID_ARGUMENTS));
  }

  @Test
  void otherToolsAreCalledElsewhere() {
    Toolbox some =
        new NotesTools(FOLDER.notes(), Set.of(NotesTools.SEARCH), ELSEWHERE, null, Folder.CLOCK);
    assertThat(some.call(call("rag_answer", query("x"), Hidden.NONE)).ended().toCompletableFuture())
        .isCompletedWithValue(new ToolResult.Stopped());
  }

  @Test
  void aCancelledCallIsStopped() {
    Attempt attempt = BOX.call(call("generate_exam", topic("all notes", 50), Hidden.NONE));
    attempt.cancel();
    attempt.cancel();
    ToolResult ended = attempt.ended().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(ended).isInstanceOfAny(ToolResult.Stopped.class, Succeeded.class);
  }
}
