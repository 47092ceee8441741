package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Agent, web UI and mocks as three containers or three processes, seen from outside.
///
/// `ci/integration` starts them, says where they are, and runs this; nothing else does.
@Tag("process")
class DeployedIT {

  private static final List<String> QUIZ =
      List.of(
          "intent_determined",
          "start_retrieval",
          "retrieval_done",
          "start_generate_exam",
          "generate_done",
          "final_answer");

  private static Stack stack;

  /// A name that no other test, and no earlier run of this one, has used.
  private final String session = "it-" + UUID.randomUUID();

  @BeforeAll
  static void find() {
    stack = Stack.running(port("STACK_AGENT_PORT"), port("STACK_WEBUI_PORT"));
  }

  @AfterAll
  static void leave() {
    stack.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/live", "/health/ready"})
  void agentAndWebUiAreHealthy(String path) {
    for (String url : List.of(stack.agent(), stack.webUi())) {
      Stack.Answer answer = stack.get(url + path);
      assertThat(answer.status()).as(url + path).isEqualTo(200);
      assertThat(answer.json().path("status").asText()).isEqualTo("UP");
    }
  }

  @Test
  void runIsSeenStepByStepInTheMessagesAndOnTheSocket() {
    try (Watcher watcher = Watcher.of(stack, session)) {
      stack.run(session, "Create a quiz about photosynthesis", "\"num_questions\":3");

      List<JsonNode> live = watcher.untilEnded(1);
      assertThat(Stack.steps(live)).isEqualTo(QUIZ);
      assertThat(Stack.seqs(live)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(stack.messages(session)).isEqualTo(live);
      assertThat(live.getLast().path("meta").path("result").path("questions")).hasSize(3);
    }
  }

  @Test
  void sessionsDoNotSeeEachOther() {
    String other = session + "-other";
    try (Watcher one = Watcher.of(stack, session);
        Watcher two = Watcher.of(stack, other)) {
      stack.run(session, "Create a quiz about water");
      stack.run(other, "What is fire?");

      assertThat(one.untilEnded(1))
          .hasSize(6)
          .allSatisfy(e -> assertThat(e.path("session_id").asText()).isEqualTo(session));
      assertThat(two.untilEnded(1))
          .hasSize(4)
          .allSatisfy(e -> assertThat(e.path("session_id").asText()).isEqualTo(other));
    }
  }

  @Test
  void searchThatAnswers500EndsTheRun() {
    stack.run(session, "Create a quiz about rocks [rag:500]");

    List<JsonNode> events = stack.untilEnded(session, 1);
    assertThat(Stack.steps(events))
        .containsExactly("intent_determined", "start_retrieval", "tool_error", "final_answer");
    assertThat(events.get(2).path("meta").path("status").asInt()).isEqualTo(500);
    assertThat(events.getLast().path("meta").path("status").asText()).isEqualTo("failed");
  }

  @Test
  void cancelledRunIsSilentAfterwards() {
    String run = stack.run(session, "Create a quiz about rocks [exam:slow]");
    stack.messages(session, e -> Stack.steps(e).contains("start_generate_exam"));

    Stack.Answer cancel =
        stack.post(stack.webUi() + "/api/agent/cancel", "{\"session_id\":\"" + session + "\"}");
    assertThat(cancel.status()).isEqualTo(202);
    List<JsonNode> events = stack.untilEnded(session, 1);
    assertThat(events.getLast().path("step").asText()).isEqualTo("cancelled");
    // The next run's events follow at once: nothing of the old one comes between.
    stack.run(session, "What is a rock?");
    List<JsonNode> both = stack.untilEnded(session, 2);
    assertThat(both.subList(events.size(), both.size()))
        .hasSize(4)
        .noneMatch(e -> e.path("run_id").asText().equals(run));
  }

  @Test
  void eventsOfAnOutageFollowInOrderWhenTheWebUiIsBack() {
    String run = stack.run(session, "Create a quiz about storms");
    int seen = stack.messages(session, e -> !e.isEmpty()).size();
    control("stop", "webui");
    JsonNode ended =
        Stack.await(
            () ->
                stack.get(stack.agent() + "/api/agent/sessions/" + session + "/runs/" + run).json(),
            json -> !json.path("status").asText().equals("running"));
    assertThat(ended.path("status").asText()).isEqualTo("succeeded");
    control("start", "webui");

    // What the first web UI had taken went with it; what it had not follows, numbered anew.
    List<JsonNode> events = stack.untilEnded(session, 1);
    assertThat(events).hasSizeLessThanOrEqualTo(QUIZ.size() - seen);
    assertThat(Stack.steps(events))
        .isEqualTo(QUIZ.subList(QUIZ.size() - events.size(), QUIZ.size()));
    assertThat(Stack.seqs(events).getFirst()).isEqualTo(1);
    assertThat(Stack.seqs(events).getLast()).isEqualTo(events.size());
  }

  @Test
  void agentThatIsRestartedForgetsItsSessionsAndTheRoomsStay() {
    stack.run(session, "What is fire?");
    stack.untilEnded(session, 1);
    stack.run(session, "Create a quiz about fire [exam:slow]");
    stack.messages(session, e -> Stack.steps(e).contains("start_generate_exam"));
    control("stop", "agent");
    assertThat(stack.get(stack.webUi() + "/api/agent/sessions/" + session).status()).isEqualTo(502);
    control("start", "agent");

    String url = stack.webUi() + "/api/agent/sessions/" + session;
    assertThat(stack.get(url).status()).isEqualTo(404);
    // The run in flight was told to end before the agent did, and said so.
    List<JsonNode> events = stack.messages(session);
    assertThat(events.getLast().path("step").asText()).isEqualTo("cancelled");
    stack.run(session, "What is water?");
    List<JsonNode> all = stack.untilEnded(session, 3);
    assertThat(all.subList(0, events.size())).isEqualTo(events);
    assertThat(all).hasSize(events.size() + 4);
  }

  /// Stops or starts a role, and returns when that has happened.
  private static void control(String verb, String role) {
    try {
      Path log = Files.createTempFile("stack", ".log");
      int exitCode =
          new ProcessBuilder("../ci/stack", verb, role)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start()
              .waitFor();
      assertThat(exitCode).as(() -> verb + " " + role + ": " + read(log)).isZero();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int port(String variable) {
    String port = System.getenv(variable);
    assertThat(port).as(variable + ", which ci/integration sets").isNotNull();
    return Integer.parseInt(port);
  }
}
