package dev.agentrooms.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import dev.agentrooms.agent.Given;
import dev.agentrooms.agent.Story;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.tools.ToolResult;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class NarratorTest {

  private final Story story = new Story();

  @ParameterizedTest
  @CsvSource({
    "Create a quiz about photosynthesis, intent_determined start_retrieval retrieval_done"
        + " start_generate_exam generate_done final_answer",
    "Why is the sky blue?, intent_determined start_retrieval retrieval_done final_answer",
  })
  void aRunTellsTheStepsOfItsIntent(String question, String steps) {
    story.with(Given.spec("r-1", question)).toTheEnd();
    assertThat(story.steps()).containsExactly(steps.split(" "));
  }

  @Test
  void aSubmissionIsEvaluatedWhateverTheWords() {
    story.with(Given.spec("r-1", Given.QUIZ, null, Given.SUBMISSION)).toTheEnd();
    assertThat(story.steps())
        .containsExactly("intent_determined", "start_grading", "grading_done", "final_answer");
    assertThat(meta(0).path("intent").asText()).isEqualTo("evaluate");
  }

  @Test
  void eventsAreNumberedWithinTheirRun() {
    story.with(Given.spec("r-1", Given.QUIZ)).toTheEnd();
    story.with(Given.spec("r-2", Given.ASK)).toTheEnd();
    assertThat(story.progress().stream().map(ProgressEvent::eventId))
        .containsExactly(
            "r-1.1", "r-1.2", "r-1.3", "r-1.4", "r-1.5", "r-1.6", "r-2.1", "r-2.2", "r-2.3",
            "r-2.4");
  }

  @Test
  void stepsSayWhichToolTheyAreAbout() {
    story.with(Given.spec("r-1", Given.QUIZ)).toTheEnd();
    assertThat(story.progress().stream().map(event -> String.valueOf(event.tool())))
        .containsExactly(
            "null", "rag_search", "rag_search", "generate_exam", "generate_exam", "null");
    assertThat(story.progress()).allMatch(event -> event.level() == Level.INFO);
    assertThat(meta(1).path("top_k").asInt()).isEqualTo(5);
    assertThat(meta(2).path("chunks").asInt()).isEqualTo(1);
    assertThat(meta(4).path("questions").asInt()).isEqualTo(2);
  }

  @Test
  void theFinalAnswerHasStatusResultAndDuration() {
    story.with(Given.spec("r-1", Given.QUIZ)).toTheEnd();
    assertThat(meta(5).path("status").asText()).isEqualTo("succeeded");
    assertThat(meta(5).get("result")).isEqualTo(Given.answer("generate_exam"));
    assertThat(meta(5).path("duration_ms").asLong()).isEqualTo(2);
  }

  @Test
  void aFailedToolIsToldAndThenTheEnd() {
    story.with(Given.spec("r-1", Given.QUIZ)).toolAnswers(Given.status(500));
    assertThat(story.steps())
        .containsExactly("intent_determined", "start_retrieval", "tool_error", "final_answer");
    ProgressEvent error = story.progress().get(2);
    assertThat(error.level()).isEqualTo(Level.ERROR);
    assertThat(meta(2).path("tool").asText()).isEqualTo("rag_search");
    assertThat(meta(2).path("reason").asText()).isEqualTo("http_status");
    assertThat(meta(2).path("status").asInt()).isEqualTo(500);
    assertThat(meta(2).path("attempts").asInt()).isEqualTo(1);
    assertThat(story.last().level()).isEqualTo(Level.ERROR);
    assertThat(meta(3).path("status").asText()).isEqualTo("failed");
    assertThat(meta(3).has("result")).isFalse();
  }

  @Test
  void aSecondAttemptIsTold() {
    story.with(Given.spec("r-1", Given.ASK)).toolAnswers(Given.status(503));
    story.tell(new SessionCommand.Retry(story.attempt()));
    story.toolAnswers(Given.refused());
    assertThat(story.steps())
        .containsExactly(
            "intent_determined", "start_retrieval", "tool_retry", "tool_error", "final_answer");
    assertThat(story.progress().get(2).level()).isEqualTo(Level.WARNING);
    assertThat(meta(2).path("attempt").asInt()).isEqualTo(2);
    assertThat(meta(3).path("attempts").asInt()).isEqualTo(2);
    assertThat(meta(3).path("reason").asText()).isEqualTo("connection_refused");
  }

  @Test
  void eventsOfOneCallShareItsNameAndTitle() {
    story.with(Given.spec("r-1", Given.QUIZ)).toolAnswers(Given.status(503));
    story.tell(new SessionCommand.Retry(story.attempt()));
    story.toolAnswers(Given.success("rag_search"));
    story.toolAnswers(Given.status(500));
    assertThat(story.steps())
        .containsExactly(
            "intent_determined",
            "start_retrieval",
            "tool_retry",
            "retrieval_done",
            "start_generate_exam",
            "tool_error",
            "final_answer");
    for (int event : new int[] {1, 2, 3}) {
      assertThat(meta(event).path("call_id").asText()).isEqualTo("r-1.retrieval.1");
      assertThat(meta(event).path("title").asText()).isEqualTo("Search the course notes");
    }
    for (int event : new int[] {4, 5}) {
      assertThat(meta(event).path("call_id").asText()).isEqualTo("r-1.generate_exam.1");
      assertThat(meta(event).path("title").asText()).isEqualTo("Write the questions");
    }
    assertThat(meta(0).path("title").asText()).isEqualTo("Understand the question");
  }

  @ParameterizedTest
  @CsvSource({"Create a quiz about light", "Why is the sky blue?", "Grade my answers"})
  void everyStepHasATitleAndEveryCallItsArgumentsAndOutput(String question) {
    story.with(
        Given.spec("r-1", question, null, question.startsWith("G") ? Given.SUBMISSION : null));
    story.toTheEnd();
    for (ProgressEvent event : story.progress()) {
      ObjectNode meta = Objects.requireNonNull(event.meta());
      boolean isEnd = event.step().equals("final_answer");
      assertThat(meta.has("title")).isEqualTo(!isEnd);
      assertThat(meta.has("text")).isEqualTo(isEnd);
      assertThat(meta.has("call_id")).isEqualTo(event.tool() != null);
      assertThat(meta.path("arguments")).isEqualTo(meta.path("input"));
      assertThat(meta.path("arguments").isObject()).isEqualTo(event.step().startsWith("start_"));
      assertThat(meta.path("output").isObject()).isEqualTo(event.step().endsWith("_done"));
    }
  }

  @Test
  void argumentsThatAreTooLargeAreNamedByTheirSize() {
    ObjectNode found = Given.answer("rag_search").deepCopy();
    ((ObjectNode) found.at("/chunks/0")).put("text", "x".repeat(70_000));
    story.with(Given.spec("r-1", Given.QUIZ)).toolAnswers(new ToolResult.Succeeded(found));
    assertThat(story.last().step()).isEqualTo("start_generate_exam");
    assertThat(meta(3).has("arguments")).isFalse();
    assertThat(meta(3).path("arguments_bytes").asInt()).isGreaterThan(70_000);
    assertThat(meta(3).path("arguments_bytes")).isEqualTo(meta(3).path("input_bytes"));
    assertThat(meta(2).path("output_bytes").asInt()).isEqualTo(Json.encode(found).length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aTextIsShownUpToItsLimit(int over) {
    ObjectNode answer = Given.answer("rag_answer").deepCopy();
    answer.put("answer", "я".repeat(Shown.MAX_TEXT_BYTES / 2) + "x".repeat(over));
    story.with(Given.spec("r-1", Given.ASK)).toolAnswers(new ToolResult.Succeeded(answer));
    assertThat(meta(3).has("text")).isEqualTo(over == 0);
    assertThat(meta(3).path("text_bytes").asInt())
        .isEqualTo(over == 0 ? 0 : Shown.MAX_TEXT_BYTES + 1);
    assertThat(meta(3).get("result")).isEqualTo(answer);
  }

  @Test
  void theTextGoesBeforeTheResult() {
    ObjectNode answer = Given.answer("rag_answer").deepCopy();
    answer.put("answer", "x".repeat(60_000));
    story.with(Given.spec("r-1", Given.ASK)).toolAnswers(new ToolResult.Succeeded(answer));
    int room = ProgressEvent.MAX_BYTES - Json.encode(story.last()).length;
    for (int over : new int[] {0, 1, 59_000, 70_000}) {
      Story next = new Story().with(Given.spec("r-1", Given.ASK));
      next.toolAnswers(
          new ToolResult.Succeeded(answer.deepCopy().put("more", "x".repeat(room - 10 + over))));
      ObjectNode end = Objects.requireNonNull(next.last().meta());
      assertThat(Json.encode(next.last()).length).isLessThanOrEqualTo(ProgressEvent.MAX_BYTES);
      assertThat(end.has("result")).isEqualTo(over < 70_000);
      assertThat(end.has("text")).isEqualTo(over == 0 || over == 70_000);
    }
  }

  @Test
  void aCancelledRunSaysWhyAndByWhom() {
    story.with(Given.spec("r-1", Given.ASK));
    story.tell(new SessionCommand.Cancel("r-1", "requested"));
    assertThat(story.steps()).containsExactly("intent_determined", "start_retrieval");
    story.toolAnswers(new ToolResult.Stopped());
    assertThat(story.last().step()).isEqualTo("cancelled");
    assertThat(story.last().level()).isEqualTo(Level.WARNING);
    assertThat(meta(2).path("status").asText()).isEqualTo("cancelled");
    assertThat(meta(2).path("reason").asText()).isEqualTo("requested");
    assertThat(meta(2).has("abandoned_tool")).isFalse();
  }

  @Test
  void anAbandonedToolIsNamed() {
    story.with(Given.spec("r-1", Given.ASK));
    story.tell(new SessionCommand.Cancel("r-1", "requested"));
    story.tell(new SessionCommand.Abandon("r-1"));
    assertThat(meta(2).path("abandoned_tool").asText()).isEqualTo("rag_answer");
  }

  @Test
  void waitingIsToldBeforeAnythingElse() {
    story.tell(Given.start("r-1", OnBusy.REJECT, Turn.LATER));
    story.tell(new SessionCommand.TakeTurn("r-1"));
    assertThat(story.steps()).containsExactly("queued", "intent_determined", "start_retrieval");
  }

  @Test
  void aRunThatWaitedIsCancelledWithoutAnythingElse() {
    story.tell(Given.start("r-1", OnBusy.REJECT, Turn.LATER));
    story.tell(new SessionCommand.Cancel(null, "requested"));
    assertThat(story.steps()).containsExactly("queued", "cancelled");
  }

  @ParameterizedTest
  @ValueSource(ints = {1024 * 1024 - 2000, 1024 * 1024, 4 * 1024 * 1024})
  void noEventIsLargerThanItsLimit(int size) {
    ObjectNode answer = Given.answer("rag_answer").deepCopy();
    answer.put("answer", "я".repeat(size / 2));
    story.with(Given.spec("r-1", Given.ASK)).toolAnswers(new ToolResult.Succeeded(answer));
    for (ProgressEvent event : story.progress()) {
      byte[] json = Json.encode(event);
      assertThat(json.length).isLessThanOrEqualTo(ProgressEvent.MAX_BYTES);
      assertThat(Json.encode(ProgressEvent.from(Json.parseObject(json)))).isEqualTo(json);
    }
    int bytes = Json.encode(answer).length;
    assertThat(meta(2).path("output_bytes").asInt()).isEqualTo(bytes);
    if (meta(3).has("result")) {
      assertThat(bytes).isLessThan(ProgressEvent.MAX_BYTES);
    } else {
      assertThat(meta(3).path("result_url").asText())
          .isEqualTo("/api/agent/sessions/quiz1/runs/r-1");
      assertThat(meta(3).path("result_bytes").asInt()).isEqualTo(bytes);
    }
  }

  @Test
  void aResultIsLeftOutExactlyWhenTheEventWouldBeTooLarge() {
    ObjectNode answer = Given.answer("rag_answer").deepCopy();
    story.with(Given.spec("r-1", Given.ASK)).toolAnswers(new ToolResult.Succeeded(answer));
    ObjectNode told = Objects.requireNonNull(story.last().meta());
    told.remove("text");
    told.put("text_bytes", 1_000_000);
    int room = ProgressEvent.MAX_BYTES - Json.encode(story.last()).length;
    String text = answer.get("answer").textValue();
    for (int over : new int[] {0, 1}) {
      Story next = new Story().with(Given.spec("r-1", Given.ASK));
      next.toolAnswers(
          new ToolResult.Succeeded(answer.put("answer", text + "x".repeat(room + over))));
      assertThat(Objects.requireNonNull(next.last().meta()).has("result")).isEqualTo(over == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {97, 98, 99, 100, 990, 2000})
  void noEventIsDeeperThanItsLimit(int depth) {
    ObjectNode answer = Given.answer("rag_answer").deepCopy();
    answer.set("more", deep(depth - 1));
    story.with(Given.spec("r-1", Given.ASK)).toolAnswers(new ToolResult.Succeeded(answer));
    for (ProgressEvent event : story.progress()) {
      byte[] json = Json.encode(event);
      assertThat(Json.encode(ProgressEvent.from(Json.parseObject(json)))).isEqualTo(json);
    }
    assertThat(meta(2).has("output")).isEqualTo(depth <= 98);
    assertThat(meta(3).has("result")).isEqualTo(depth <= 98);
    assertThat(meta(3).has("result_url")).isEqualTo(depth > 98);
  }

  @Test
  void whatCannotBeWrittenIsLeftOutAndNamedAndTheRunEnds() {
    List<JsonNode> poisons = List.of(deep(20_000), new POJONode(new Object()));
    for (JsonNode poison : poisons) {
      ObjectNode answer = Given.answer("rag_answer").deepCopy();
      answer.set("more", poison);
      Story each = new Story().with(Given.spec("r-1", Given.ASK));
      each.toolAnswers(new ToolResult.Succeeded(answer));
      assertThat(each.steps()).endsWith("retrieval_done", "final_answer");
      for (ProgressEvent event : each.progress()) {
        byte[] json = Json.encode(event);
        assertThat(Json.encode(ProgressEvent.from(Json.parseObject(json)))).isEqualTo(json);
      }
      ObjectNode end = Objects.requireNonNull(each.last().meta());
      assertThat(end.path("status").asText()).isEqualTo("succeeded");
      assertThat(end.path("result_url").asText()).endsWith("/runs/r-1");
      assertThat(end.path("left_out").path(0).asText()).isEqualTo("result");
    }
  }

  private static JsonNode deep(int depth) {
    JsonNode deep = Json.mapper().nullNode();
    for (int i = 0; i < depth; i++) {
      deep = Json.mapper().createArrayNode().add(deep);
    }
    return deep;
  }

  @Test
  void theLongestQuestionStillFits() {
    for (String question : List.of("\u0001".repeat(7999) + "x", "🌱".repeat(8000))) {
      Story each = new Story().with(Given.spec("r-1", question)).toTheEnd();
      for (ProgressEvent event : each.progress()) {
        byte[] json = Json.encode(event);
        assertThat(json.length).isLessThanOrEqualTo(ProgressEvent.MAX_BYTES);
        assertThat(Json.encode(ProgressEvent.from(Json.parseObject(json)))).isEqualTo(json);
      }
    }
  }

  private ObjectNode meta(int event) {
    return Objects.requireNonNull(story.progress().get(event).meta());
  }
}
