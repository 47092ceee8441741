package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example notes through a whole server: ask, make a quiz, restart, grade it.
@Tag("wire")
class NotesEndToEndTest {

  private static final String NOTES = "../examples/notes";

  @TempDir private Path folder;

  private Stack start() {
    return Stack.start("agent.notes.dir", NOTES, "store.dir", folder.resolve("data").toString());
  }

  private static JsonNode result(List<JsonNode> events) {
    return events.getLast().path("meta").path("result");
  }

  @Test
  void aQuestionInEitherLanguageIsAnsweredFromTheNotes() {
    try (Stack stack = start()) {
      stack.run("ask", "What is osmosis?");
      assertThat(result(stack.untilEnded("ask", 1)).path("answer").asText())
          .startsWith("Osmosis is the diffusion of water")
          .contains(". [1]");
      stack.run("ask", "Что такое инфляция?");
      List<JsonNode> events = stack.untilEnded("ask", 2);
      assertThat(result(events).path("answer").asText()).startsWith("Инфляция — общий рост цен");
      assertThat(result(events).path("citations").get(0).path("source").asText())
          .isEqualTo("экономика.md");
      assertThat(Stack.steps(events.subList(0, 4)))
          .containsExactly(
              "intent_determined", "start_retrieval", "retrieval_done", "final_answer");
    }
  }

  @Test
  void aQuizIsGradedAfterARestartByAKeyThatNobodyHasSeen() throws Exception {
    JsonNode quiz;
    List<String> seen = new ArrayList<>();
    try (CapturedLogs logs = new CapturedLogs();
        Stack stack = start()) {
      String runId = stack.run("quiz", "Create a quiz about volcanoes", "\"num_questions\":6");
      List<JsonNode> events = stack.untilEnded("quiz", 1);
      assertThat(Stack.steps(events))
          .containsExactly(
              "intent_determined",
              "start_retrieval",
              "retrieval_done",
              "start_generate_exam",
              "generate_done",
              "final_answer");
      quiz = result(events);
      assertThat(quiz.path("questions")).hasSize(6);
      assertThat(events.get(4).path("meta").path("num_questions").asInt()).isEqualTo(6);
      String session = stack.agent() + "/api/agent/sessions/quiz";
      seen.add(events.toString());
      for (String path : List.of("", "/runs/" + runId, "/runs/" + runId + "/events", "/messages")) {
        seen.add(stack.get(session + path).json().toString());
      }
      seen.addAll(logs.lines());
    }
    assertThat(seen).noneMatch(text -> text.contains("\"right\"") || text.contains("exam:ex-"));

    try (Stack stack = start()) {
      stack.run("quiz", "Check my answers", submission(quiz.path("exam_id").asText(), "a"));
      List<JsonNode> events = stack.untilEnded("quiz", 2);
      JsonNode grade = result(events);
      assertThat(grade.path("max_score").asInt()).isEqualTo(6);
      int right = 0;
      StringBuilder key = new StringBuilder();
      for (JsonNode item : grade.path("items")) {
        right += item.path("expected").asText().equals("a") ? 1 : 0;
        key.append(key.isEmpty() ? "" : ",");
        key.append(item.path("question_id")).append(':').append(item.path("expected"));
      }
      assertThat(grade.path("score").asInt()).isEqualTo(right);

      stack.run(
          "quiz",
          "Check my answers",
          "\"submission\":{\"exam_id\":%s,\"answers\":{%s}}".formatted(quiz.path("exam_id"), key));
      assertThat(result(stack.untilEnded("quiz", 3)).path("score").asInt()).isEqualTo(6);
    }
  }

  private static String submission(String examId, String all) {
    return "\"submission\":{\"exam_id\":\"%s\",\"answers\":{\"q1\":\"%s\",\"q2\":\"%s\",\"q3\":\"%s\",\"q4\":\"%s\",\"q5\":\"%s\",\"q6\":\"%s\"}}"
        .formatted(examId, all, all, all, all, all, all);
  }

  @Test
  void anExamOfADeletedSessionOrOfAnotherIsUnknown() {
    try (Stack stack = start()) {
      stack.run("first", "Create a quiz about cells");
      String exam = result(stack.untilEnded("first", 1)).path("exam_id").asText();
      stack.run("second", "Check my answers", submission(exam, "a"));
      assertUnknown(stack.untilEnded("second", 1));
      stack.delete(stack.agent() + "/api/agent/sessions/first");
      stack.run("first", "Check my answers", submission(exam, "a"));
      assertUnknown(stack.untilEnded("first", 2));
    }
  }

  private static void assertUnknown(List<JsonNode> events) {
    assertThat(events.getLast().path("meta").path("reason").asText()).isEqualTo("unknown_exam");
    assertThat(Stack.steps(events)).endsWith("tool_error", "final_answer");
  }

  @Test
  void aQuizAboutWhatIsNotThereFailsWithItsReason() {
    try (Stack stack = start()) {
      stack.run("none", "Create a quiz about dragons");
      List<JsonNode> events = stack.untilEnded("none", 1);
      assertThat(events.getLast().path("meta").path("status").asText()).isEqualTo("failed");
      assertThat(events.getLast().path("meta").path("reason").asText())
          .isEqualTo("not_enough_notes");
    }
  }

  @Test
  void theNotesAreListedByAgentAndWebUi() {
    try (Stack stack = start()) {
      Stack.await(() -> stack.get(stack.agent() + "/health/ready").status(), is -> is == 200);
      JsonNode list = stack.get(stack.agent() + "/api/agent/notes").json();
      assertThat(list.path("files")).hasSize(13);
      assertThat(list.path("files").get(0).path("source").asText()).isEqualTo("cells.md");
      assertThat(list.path("chunks").asInt()).isGreaterThan(40);
      assertThat(stack.get(stack.webUi() + "/api/agent/notes").json()).isEqualTo(list);
    }
    try (Stack stack = Stack.start()) {
      assertThat(stack.get(stack.agent() + "/api/agent/notes").json().toString())
          .isEqualTo("{\"files\":[],\"chunks\":0,\"indexed_at\":null}");
    }
  }

  @Test
  void aToolWithAUrlOfItsOwnIsCalledThere() throws Exception {
    try (TestTool tool = TestTool.after(0);
        Stack stack = Stack.start("agent.notes.dir", NOTES, "agent.tools.rag.url", tool.url())) {
      stack.run("theirs", "What is osmosis?");
      assertThat(result(stack.untilEnded("theirs", 1)).toString()).doesNotContain("Osmosis is");
    }
  }

  @Test
  void theStandInsStartOnlyWhereAToolCallsThem() throws Exception {
    Files.createDirectories(folder.resolve("examples/notes"));
    Files.writeString(
        folder.resolve("examples/notes/a.md"), "A quokka is a small animal that smiles.");
    String home = "-Dagent-rooms.home=" + folder;
    assertThat(started(home, Map.of())).contains("  agent ").doesNotContain("  mocks ");
    assertThat(started(home, Map.of(), "--mocks")).contains("  mocks ");
    assertThat(started("-Dx=y", Map.of())).contains("  mocks ");
    assertThat(started("-Dx=y", Map.of(), "--notes", NOTES)).doesNotContain("  mocks ");
    assertThat(started(home, Map.of(), "--workflows", "../examples/shop.conf"))
        .as("its tools are at other stand-ins")
        .doesNotContain("  mocks ");
    assertThat(started(home, Map.of("AGENT_NOTES_DIR", NOTES))).doesNotContain("  mocks ");
  }

  private static String started(String flag, Map<String, String> environment, String... options)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("up"));
    command.addAll(List.of(options));
    Map<String, String> variables = new java.util.HashMap<>(environment);
    Stack.ports()
        .forEach(
            (key, port) ->
                variables.put(
                    key.toUpperCase(java.util.Locale.ROOT).replace('.', '_'), port.toString()));
    try (Spawned server =
        Spawned.jvm().flags(flag).with(variables).main(command.toArray(String[]::new))) {
      server.awaitOut("Agent Rooms is up.");
      Stack.await(server::out, out -> out.contains("  agent "));
      return server.out();
    }
  }
}
