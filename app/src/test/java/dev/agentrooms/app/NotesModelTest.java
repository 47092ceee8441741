package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.model.ModelStub;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The built-in workflows over the example notes, with a model that writes.
@Tag("wire")
@Timeout(300)
class NotesModelTest {

  private static final String OSMOSIS =
      """
      {"passage": %d, "question": "By what does water go through a membrane that holds back dissolved substances?",
       "right": "%s", "wrong": ["Zygosis", "Filtration", "Brewing"]}
      """;

  private static Stack start(ModelStub model, Object... more) {
    List<Object> settings = new ArrayList<>(Arrays.asList(more));
    settings.addAll(
        List.of(
            "agent.notes.dir", "../examples/notes",
            "agent.model.url", model.uri().toString(),
            "agent.model.name", "test-model"));
    return Stack.start(settings.toArray());
  }

  private static JsonNode event(List<JsonNode> events, String step) {
    return events.stream()
        .filter(event -> event.path("step").asText().equals(step))
        .findFirst()
        .orElseThrow();
  }

  private static String text(List<JsonNode> told) {
    StringBuilder text = new StringBuilder();
    for (JsonNode message : told) {
      if (Watcher.type(message).equals("delta")) {
        assertThat(message.path("part").asText()).isEqualTo("retrieval");
        assertThat(message.path("offset").asLong())
            .isEqualTo(text.codePointCount(0, text.length()));
        text.append(message.path("text").asText());
      }
    }
    return text.toString();
  }

  @Test
  void anAnswerIsSeenWhileItIsWrittenAndCitesTheChunksThatItsMarkersName() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    ModelStub.Script script =
        e -> {
          e.begin();
          e.token("Osmosis moves water");
          seen.await();
          for (String token :
              List.of(" [", "1", "]", ". It [9", "9] needs", " a membrane [2, 1][0].")) {
            e.token(token);
          }
          e.finish("stop");
          e.event("{\"choices\":[],\"usage\":{\"prompt_tokens\":70,\"completion_tokens\":9}}");
          e.done();
        };
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model);
        Watcher watcher = Watcher.of(stack, "s1")) {
      stack.run("s1", "How does water move in a cell?");
      watcher.await(told -> text(told).startsWith("Osmosis moves"));
      seen.countDown();
      List<JsonNode> events = watcher.untilEnded(1);

      String answer = "Osmosis moves water [1]. It needs a membrane [2][1].";
      assertThat(Stack.steps(events))
          .containsExactly(
              "intent_determined", "start_retrieval", "retrieval_done", "final_answer");
      JsonNode done = event(events, "retrieval_done").path("meta");
      assertThat(text(watcher.received())).isEqualTo(answer).isEqualTo(done.path("text").asText());
      assertThat(done.has("ungrounded")).isFalse();
      JsonNode end = events.getLast().path("meta");
      JsonNode result = end.path("result");
      assertThat(result.path("answer").asText()).isEqualTo(answer);
      assertThat(result.properties())
          .extracting(member -> member.getKey())
          .containsExactly("answer", "chunks", "citations");
      assertThat(end.path("text").asText()).isEqualTo(answer);
      assertThat(result.path("citations")).hasSize(2);
      for (JsonNode citation : result.path("citations")) {
        JsonNode chunk = result.path("chunks").get(citation.path("marker").asInt() - 1);
        assertThat(citation.path("chunk_id")).isEqualTo(chunk.path("id"));
        assertThat(citation.path("source")).isEqualTo(chunk.path("source"));
      }
      assertThat(done.path("usage").toString())
          .isEqualTo("{\"input_tokens\":70,\"output_tokens\":9}");
      assertThat(end.path("usage")).isEqualTo(done.path("usage"));
      String prompt = model.request(1).at("/messages/1/content").asText();
      assertThat(prompt)
          .containsPattern("\\[1]\n<data-[0-9a-f]+ name=\"passage\">\n.+\n")
          .containsPattern(
              "<data-[0-9a-f]+ name=\"question\">\nHow does water move in a cell\\?\n</data-");
    }
  }

  @Test
  void anAnswerWithoutAMarkerIsUngroundedAndOneThatIsNothingElseIsNone() throws Exception {
    ModelStub.Script script =
        e -> ModelStub.says(e.number() == 1 ? "Water moves [17]." : " [17] [0]").answer(e);
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model)) {
      stack.run("s1", "What is osmosis?");
      List<JsonNode> events = stack.untilEnded("s1", 1);
      assertThat(event(events, "retrieval_done").at("/meta/ungrounded").asBoolean()).isTrue();
      assertThat(events.getLast().at("/meta/ungrounded").asBoolean()).isTrue();
      assertThat(events.getLast().at("/meta/result/answer").asText()).isEqualTo("Water moves.");
      assertThat(events.getLast().at("/meta/result/citations")).isEmpty();

      stack.run("s2", "What is osmosis?");
      assertThat(stack.untilEnded("s2", 1).getLast().at("/meta/reason").asText())
          .isEqualTo("invalid_answer");
    }
  }

  @Test
  void whatIsNotInTheNotesIsNoMatterForTheModel() throws Exception {
    try (ModelStub model = new ModelStub(ModelStub.says("Made up."));
        Stack stack = start(model)) {
      stack.run("s1", "How do I bake sourdough bread?");
      List<JsonNode> events = stack.untilEnded("s1", 1);
      assertThat(events.getLast().at("/meta/result/answer").asText())
          .isEqualTo("The notes say nothing about that.");
      assertThat(events.getLast().path("meta").has("ungrounded")).isFalse();
      assertThat(events.getLast().at("/meta/result/chunks")).isEmpty();
      stack.run("s2", "Create a quiz about dragons");
      assertThat(stack.untilEnded("s2", 1).getLast().at("/meta/reason").asText())
          .isEqualTo("not_enough_notes");
      assertThat(model.requests()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "What is osmosis?, 401, model_auth, 1, rag_answer",
    "What is osmosis?, 503, http_status, 2, rag_answer",
    "Create a quiz about cells, 429, http_status, 2, generate_exam",
    "Create a quiz about cells, 422, model_rejected, 1, generate_exam",
  })
  void aModelThatRefusesFailsTheRunByItsReason(
      String question, int status, String reason, int requests, String tool) throws Exception {
    ModelStub.Script script = e -> e.answer(status, "application/json", "{\"error\":{}}");
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model)) {
      stack.run("s1", question);
      List<JsonNode> events = stack.untilEnded("s1", 1);
      JsonNode error = event(events, "tool_error");
      assertThat(error.path("tool").asText()).isEqualTo(tool);
      assertThat(error.at("/meta/reason").asText()).isEqualTo(reason);
      assertThat(error.at("/meta/status").asInt()).isEqualTo(status);
      assertThat(error.at("/meta/attempts").asInt()).isEqualTo(requests);
      assertThat(events.getLast().at("/meta/status").asText()).isEqualTo("failed");
      assertThat(events.getLast().at("/meta/reason").asText()).isEqualTo(reason);
      assertThat(model.requests()).isEqualTo(requests);
    }
  }

  @Test
  void anAnswerThatDoesNotComeOrBreaksOffFailsWithWhatWasShownOfIt() throws Exception {
    ModelStub.Script script =
        e -> {
          e.begin();
          if (e.number() == 1) {
            e.waitForClose();
          } else {
            e.token("Water moves [1]. It [");
          }
        };
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model, "agent.model.first-token-timeout", "300ms");
        Watcher watcher = Watcher.of(stack, "s1")) {
      stack.run("s1", "What is osmosis?");
      model.awaitEnd();
      JsonNode silent = event(watcher.untilEnded(1), "tool_error").path("meta");
      assertThat(silent.path("reason").asText()).isEqualTo("timed_out");
      assertThat(silent.path("phase").asText()).isEqualTo("first_token");

      stack.run("s1", "What is osmosis?");
      List<JsonNode> events = watcher.untilEnded(2);
      JsonNode lost = events.get(events.size() - 2);
      assertThat(lost.path("step").asText()).isEqualTo("tool_error");
      assertThat(lost.at("/meta/reason").asText()).isEqualTo("connection_lost");
      assertThat(lost.at("/meta/partial_text").asText()).isEqualTo("Water moves [1]. It");
      assertThat(text(watcher.received())).isEqualTo("Water moves [1]. It");
    }
  }

  @Test
  void aCancelHangsUpAndSaysWhatHadBeenWritten() throws Exception {
    ModelStub.Script script =
        e -> {
          e.begin();
          e.token("Water moves [1]");
          e.waitForClose();
        };
    try (ModelStub model = new ModelStub(script);
        Stack stack = start(model);
        Watcher watcher = Watcher.of(stack, "s1")) {
      stack.run("s1", "What is osmosis?");
      watcher.await(told -> text(told).equals("Water moves [1]"));
      stack.post(stack.agent() + "/api/agent/cancel", "{\"session_id\":\"s1\"}");
      model.awaitEnd();
      List<JsonNode> events = watcher.untilEnded(1);
      assertThat(Stack.steps(events)).endsWith("start_retrieval", "cancelled");
      assertThat(events.getLast().at("/meta/partial_text").asText()).isEqualTo("Water moves [1]");
    }
  }

  /// Asks about osmosis, with this as the right answer, whichever passage tells of it.
  private static ObjectNode quiz(ModelStub.Exchange e, String... rights) {
    String prompt = e.request().at("/messages/1/content").asText();
    String before = prompt.substring(0, prompt.indexOf("Osmosis is the diffusion"));
    int passage = before.split("\n\\[\\d+]\n", -1).length - 1;
    ObjectNode quiz = Json.object();
    for (String right : rights) {
      quiz.withArray("questions")
          .add(Json.parse(OSMOSIS.formatted(passage, right).getBytes(StandardCharsets.UTF_8)));
    }
    return quiz;
  }

  @Test
  void aQuizHasTheModelsQuestionsThatTheNotesBearOutAndItsKeyIsInNoEventBeforeItIsGraded()
      throws Exception {
    ModelStub.Script script =
        e ->
            e.text((e.number() == 1 ? quiz(e, "Osmosis", "Alchemy") : quiz(e, "Magic")).toString());
    try (CapturedLogs logs = new CapturedLogs();
        ModelStub model = new ModelStub(script);
        Stack stack = start(model);
        Watcher watcher = Watcher.of(stack, "quiz")) {
      String run = stack.run("quiz", "Create a quiz about osmosis", "\"num_questions\":2");
      List<JsonNode> events = watcher.untilEnded(1);
      assertThat(Stack.steps(events))
          .containsExactly(
              "intent_determined",
              "start_retrieval",
              "retrieval_done",
              "start_generate_exam",
              "generate_done",
              "final_answer");
      assertThat(model.requests()).isEqualTo(2);
      assertThat(model.request(1).at("/response_format/type").asText()).isEqualTo("json_schema");
      assertThat(events.getLast().at("/meta/usage").toString())
          .isEqualTo("{\"input_tokens\":6,\"output_tokens\":4}");
      JsonNode quiz = events.getLast().at("/meta/result");
      JsonNode first = quiz.path("questions").get(0);
      assertThat(first.path("text").asText()).startsWith("By what does water go");
      assertThat(first.path("options")).hasSize(4);
      assertThat(first.path("source").asText()).isEqualTo("cells.md");
      assertThat(quiz.path("chunks").get(0).path("text").asText()).contains("Osmosis");
      assertThat(watcher.received()).noneMatch(told -> Watcher.type(told).equals("delta"));
      String seen =
          watcher.received()
              + stack.get(stack.agent() + "/api/agent/sessions/quiz/runs/" + run).json().toString()
              + logs.lines();
      assertThat(seen).doesNotContain("\"right\"", "exam:ex-", "Alchemy", "Magic");

      String right = null;
      for (var option : first.path("options").properties()) {
        right = option.getValue().asText().equals("Osmosis") ? option.getKey() : right;
      }
      stack.run(
          "quiz",
          "Check my answers",
          "\"submission\":{\"exam_id\":%s,\"answers\":{\"q1\":\"%s\"}}"
              .formatted(quiz.path("exam_id"), right));
      JsonNode grade = watcher.untilEnded(2).getLast().at("/meta/result");
      assertThat(grade.at("/items/0/correct").asBoolean()).isTrue();
    }
  }
}
