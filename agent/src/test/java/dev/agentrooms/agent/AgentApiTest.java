package dev.agentrooms.agent;

import static com.github.tomakehurst.wiremock.client.WireMock.okForContentType;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import dev.agentrooms.agent.AgentNode.Answer;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.tools.RawServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The agent's HTTP API over real sockets.
@Tag("wire")
class AgentApiTest {

  private static final String ASK = "{\"question\":\"Why?\",\"session_id\":\"%s\"}";

  private static final WireMockServer TOOLS = new WireMockServer(wireMockConfig().dynamicPort());
  private static RawServer stuck;
  private static AgentNode agent;

  @BeforeAll
  static void start() throws Exception {
    TOOLS.start();
    answer("/search", "rag_search");
    answer("/rag", "rag_answer");
    answer("/api/grade", "grade_exam");
    // Exam generation hangs, so that a quiz run lasts.
    stuck = new RawServer(RawServer.Connection::waitForClose);
    agent =
        new AgentNode(
            "agent.tools.rag.url = \"%s\", agent.tools.test-generator.url = \"%s\""
                .formatted(TOOLS.baseUrl(), stuck.uri()));
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    stuck.close();
    TOOLS.stop();
  }

  @Test
  void aRunIsAcceptedAndShownAtItsLocation() throws Exception {
    Answer accepted = agent.run("{\"question\":\"Why is the sky blue?\"}");
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.text("status")).isEqualTo("accepted");
    String run = accepted.text("run_id");
    assertThat(accepted.header("Location"))
        .isEqualTo("/api/agent/sessions/" + accepted.text("session_id") + "/runs/" + run);
    agent.awaitEnd(run);
    assertThat(agent.steps(run))
        .containsExactly("intent_determined", "start_retrieval", "retrieval_done", "final_answer");
    JsonNode view = agent.get(accepted.header("Location")).json();
    assertThat(view.path("status").asText()).isEqualTo("succeeded");
    assertThat(view.path("result")).isEqualTo(Given.answer("rag_answer"));
    assertThat(view.path("steps")).hasSize(4);
  }

  @Test
  void aRequestThatWaitsGetsTheFinishedRun() throws Exception {
    Answer finished =
        agent.post("/api/agent/run?wait=60", "{\"question\":\"Why?\",\"session_id\":\"waiter\"}");
    assertThat(finished.status()).isEqualTo(200);
    assertThat(finished.text("status")).isEqualTo("succeeded");
    Answer tooLong = agent.post("/api/agent/run?wait=1", quiz("waiter"));
    assertThat(tooLong.status()).isEqualTo(202);
    assertThat(tooLong.text("status")).isEqualTo("accepted");
    cancelled("waiter", tooLong.text("run_id"));
  }

  @Test
  void aRunIsCancelledAndSaysSoEverAfter() throws Exception {
    String run = agent.run(quiz("c1")).text("run_id");
    stuck.awaitRequest();
    assertThat(cancel("{\"session_id\":\"c1\",\"run_id\":\"r-none\"}").status()).isEqualTo(404);
    Answer cancelling = cancel("{\"session_id\":\"c1\"}");
    assertThat(cancelling.status()).isIn(200, 202);
    assertThat(cancelling.text("run_id")).isEqualTo(run);
    assertThat(agent.awaitEnd(run).step()).isEqualTo("cancelled");
    stuck.awaitClose();
    Answer cancelled = cancel("{\"session_id\":\"c1\"}");
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.text("status")).isEqualTo("cancelled");
    String next = agent.run(ASK.formatted("c1")).text("run_id");
    assertThat(agent.awaitEnd(next).step()).isEqualTo("final_answer");
    assertThat(cancel("{\"session_id\":\"c1\"}").status()).isEqualTo(409);
    assertThat(cancel("{\"session_id\":\"never-was\"}").status()).isEqualTo(404);
  }

  @Test
  void aCancelThatWaitsIsAnsweredWhenTheRunHasEnded() throws Exception {
    String run = agent.run(quiz("cw")).text("run_id");
    for (String wrong : new String[] {"0", "31", "-1", "", "x", "1.5"}) {
      Answer answer = agent.post("/api/agent/cancel?wait=" + wrong, "{\"session_id\":\"cw\"}");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text("field")).isEqualTo("wait");
    }
    assertThat(agent.get("/api/agent/sessions/cw").text("status")).isEqualTo("running");
    Answer cancelled = agent.post("/api/agent/cancel?wait=30", "{\"session_id\":\"cw\"}");
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.text("status")).isEqualTo("cancelled");
    assertThat(cancelled.text("run_id")).isEqualTo(run);
    assertThat(agent.get("/api/agent/sessions/cw/runs/" + run).text("status"))
        .isEqualTo("cancelled");
    // There is nothing to wait for.
    assertThat(agent.post("/api/agent/cancel?wait=30", "{\"session_id\":\"cw\"}").status())
        .isEqualTo(200);
    assertThat(agent.post("/api/agent/cancel?wait=30", "{\"session_id\":\"none\"}").status())
        .isEqualTo(404);
  }

  @Test
  void aSessionAndItsLineNameTheRunInFlightAndTheOneThatEndedLast() throws Exception {
    String first = agent.run(ASK.formatted("names")).text("run_id");
    agent.awaitEnd(first);
    for (JsonNode idle : views("names")) {
      assertThat(idle.get("run").isNull()).isTrue();
      assertThat(idle.at("/last_run/run_id").asText()).isEqualTo(first);
    }
    String second = agent.run(quiz("names")).text("run_id");
    for (JsonNode busy : views("names")) {
      assertThat(busy.at("/run/run_id").asText()).isEqualTo(second);
      assertThat(busy.at("/last_run/run_id").asText()).isEqualTo(first);
    }
    cancelled("names", second);
    for (JsonNode idle : views("names")) {
      assertThat(idle.get("run").isNull()).isTrue();
      assertThat(idle.at("/last_run/run_id").asText()).isEqualTo(second);
      assertThat(idle.at("/last_run/status").asText()).isEqualTo("cancelled");
    }
  }

  private static List<JsonNode> views(String session) throws Exception {
    List<JsonNode> views = new ArrayList<>();
    views.add(agent.get("/api/agent/sessions/" + session).json());
    for (JsonNode entry : agent.get("/api/agent/sessions?limit=200").json().path("sessions")) {
      if (entry.path("session_id").asText().equals(session)) {
        views.add(entry);
      }
    }
    assertThat(views).hasSize(2);
    return views;
  }

  @Test
  void aSessionIsReadAsAConversation() throws Exception {
    assertThat(agent.get("/api/agent/sessions/talk/messages").status()).isEqualTo(404);
    Answer run = agent.post("/api/agent/run?wait=60", ASK.formatted("talk"));
    JsonNode page = agent.get("/api/agent/sessions/talk/messages").json();
    assertThat(page.has("next")).isFalse();
    JsonNode question = page.at("/messages/0");
    assertThat(question.path("id").asText()).isEqualTo("m-" + run.text("run_id") + "-q");
    assertThat(question.path("role").asText()).isEqualTo("user");
    assertThat(question.path("text").asText()).isEqualTo("Why?");
    assertThat(question.path("at").asText()).isEqualTo(run.text("created_at"));
    JsonNode answer = page.at("/messages/1");
    assertThat(answer.path("role").asText()).isEqualTo("assistant");
    assertThat(answer.path("text").asText()).isEqualTo("Rayleigh scattering.");
    JsonNode first = agent.get("/api/agent/sessions/talk/messages?limit=1").json();
    assertThat(first.path("messages")).containsExactly(question);
    JsonNode rest =
        agent.get("/api/agent/sessions/talk/messages?after=" + first.path("next").asText()).json();
    assertThat(rest.path("messages")).containsExactly(answer);
    for (String wrong : new String[] {"limit=0", "limit=201", "after=x", "after=-1"}) {
      assertThat(agent.get("/api/agent/sessions/talk/messages?" + wrong).status()).isEqualTo(400);
    }
  }

  @Test
  void aBusySessionDoesWhatTheRunSays() throws Exception {
    String first = agent.run(quiz("b1")).text("run_id");
    Answer busy = agent.run(ASK.formatted("b1"));
    assertThat(busy.status()).isEqualTo(409);
    assertThat(busy.text("session_id")).isEqualTo("b1");
    Answer queued =
        agent.run("{\"question\":\"Why?\",\"session_id\":\"b1\",\"on_busy\":\"enqueue\"}");
    assertThat(queued.status()).isEqualTo(202);
    assertThat(queued.text("status")).isEqualTo("queued");
    JsonNode session = agent.get("/api/agent/sessions/b1").json();
    assertThat(session.path("status").asText()).isEqualTo("running");
    assertThat(session.path("queued").asInt()).isEqualTo(1);
    Answer instead =
        agent.run("{\"question\":\"Why?\",\"session_id\":\"b1\",\"on_busy\":\"interrupt\"}");
    assertThat(agent.awaitEnd(first).step()).isEqualTo("cancelled");
    assertThat(agent.awaitEnd(queued.text("run_id")).step()).isEqualTo("cancelled");
    assertThat(agent.awaitEnd(instead.text("run_id")).step()).isEqualTo("final_answer");
  }

  @Test
  void aDeletedSessionIsGoneAtOnceAndItsRunsEnd() throws Exception {
    String run = agent.run(quiz("d1")).text("run_id");
    assertThat(agent.send("DELETE", "/api/agent/sessions/d1", "").status()).isEqualTo(204);
    assertThat(agent.get("/api/agent/sessions/d1").status()).isEqualTo(404);
    assertThat(agent.get("/api/agent/sessions/d1/runs/" + run).status()).isEqualTo(404);
    assertThat(agent.send("DELETE", "/api/agent/sessions/d1", "").status()).isEqualTo(404);
    assertThat(agent.awaitEnd(run).step()).isEqualTo("cancelled");
    assertThat(agent.steps(run).stream().filter(StepWords::isTerminal)).hasSize(1);
  }

  @Test
  void manyRequestsWithOneKeyAreOneRun() throws Exception {
    int before = ragCalls();
    String body = "{\"question\":\"Why?\"}";
    String other = "{ \"question\" : \"Why?\", \"num_questions\" : null }";
    List<Answer> answers =
        atOnce(40, i -> agent.run(i % 2 == 0 ? body : other, "Idempotency-Key", "the-same-key"));
    Set<String> runs = new HashSet<>();
    for (Answer answer : answers) {
      assertThat(answer.status()).isEqualTo(202);
      runs.add(answer.text("run_id"));
    }
    assertThat(runs).hasSize(1);
    agent.awaitEnd(runs.iterator().next());
    assertThat(ragCalls() - before).isEqualTo(1);
    Answer reused = agent.run("{\"question\":\"Else?\"}", "Idempotency-Key", "the-same-key");
    assertThat(reused.status()).isEqualTo(422);
  }

  @Test
  void ofManyRunsAtOnceASessionTakesOne() throws Exception {
    List<Answer> answers = atOnce(30, i -> agent.run(quiz("race")));
    assertThat(answers.stream().filter(answer -> answer.status() == 202)).hasSize(1);
    assertThat(answers.stream().filter(answer -> answer.status() == 409)).hasSize(29);
    cancelled("race", agent.get("/api/agent/sessions/race").json().at("/run/run_id").asText());
  }

  @Test
  void enqueuedRunsAtOnceAllEnd() throws Exception {
    String body = "{\"question\":\"Why?\",\"session_id\":\"line\",\"on_busy\":\"enqueue\"}";
    for (Answer answer : atOnce(30, i -> agent.run(body))) {
      assertThat(answer.status()).isEqualTo(202);
      assertThat(agent.awaitEnd(answer.text("run_id")).step()).isEqualTo("final_answer");
    }
  }

  @Test
  void interruptsAtOnceLeaveOneRun() throws Exception {
    String body = "{\"question\":\"Why?\",\"session_id\":\"storm\",\"on_busy\":\"interrupt\"}";
    int finished = 0;
    for (Answer answer : atOnce(30, i -> agent.run(body))) {
      assertThat(answer.status()).isEqualTo(202);
      finished += agent.awaitEnd(answer.text("run_id")).step().equals("final_answer") ? 1 : 0;
    }
    assertThat(finished).isPositive();
    assertThat(agent.get("/api/agent/sessions/storm").text("status")).isEqualTo("idle");
  }

  @Test
  void sessionsAreListedPageByPage() throws Exception {
    for (int i = 0; i < 5; i++) {
      agent.awaitEnd(agent.run(ASK.formatted("page-" + i)).text("run_id"));
    }
    Set<String> seen = new HashSet<>();
    String next = "";
    do {
      JsonNode page = agent.get("/api/agent/sessions?limit=2&after=" + next).json();
      page.path("sessions").forEach(entry -> seen.add(entry.path("session_id").asText()));
      next = page.path("next").asText("");
    } while (!next.isEmpty());
    assertThat(seen).contains("page-0", "page-1", "page-2", "page-3", "page-4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | POST   | /api/agent/run                       | {",
        "400 | POST   | /api/agent/run                       | []",
        "400 | POST   | /api/agent/run                       | {\"question\":\" \"}",
        "400 | POST   | /api/agent/run                       | {\"question\":\"a\",\"num_questions\":1e99999999999}",
        "400 | POST   | /api/agent/run?wait=0                | {\"question\":\"a\"}",
        "400 | POST   | /api/agent/run?wait=301              | {\"question\":\"a\"}",
        "400 | POST   | /api/agent/cancel                    | {}",
        "400 | GET    | /api/agent/sessions?limit=0          | ''",
        "400 | GET    | /api/agent/sessions?limit=201        | ''",
        "400 | GET    | /api/agent/sessions?after=x          | ''",
        "400 | GET    | /api/agent/sessions/-x               | ''",
        "400 | DELETE | /api/agent/sessions/a%20b            | ''",
        "400 | GET    | /api/agent/sessions/a/runs/-x        | ''",
        "404 | GET    | /api/agent/sessions/never            | ''",
        "404 | GET    | /api/agent/sessions/never/runs/r-1   | ''",
        "404 | GET    | /api/agent/nothing                   | ''",
        "404 | GET    | /                                    | ''",
        "405 | GET    | /api/agent/run                       | ''",
        "405 | DELETE | /api/agent/sessions                  | ''",
        "405 | POST   | /api/agent/sessions/a                | {}",
        "405 | PUT    | /health                              | {}",
      })
  void aWrongRequestIsAProblem(int status, String method, String path, String body)
      throws Exception {
    Answer answer = agent.send(method, path, body == null ? "" : body);
    assertThat(answer.status()).isEqualTo(status);
    if (status == 405) {
      assertThat(answer.header("Allow")).isNotEmpty();
    }
  }

  @Test
  void theBodyIsJsonAndNotTooLong() throws Exception {
    assertThat(agent.run("{}", "Content-Type", "text/plain").status()).isEqualTo(415);
    String large = "{\"question\":\"" + "x".repeat(70_000) + "\"}";
    assertThat(agent.run(large).status()).isEqualTo(413);
    assertThat(agent.run("{\"question\":\"a\"}", "Idempotency-Key", "k".repeat(256)).status())
        .isEqualTo(400);
  }

  @Test
  void itIsUpAndReady() throws Exception {
    for (String path : new String[] {"/health", "/health/live", "/health/ready"}) {
      assertThat(agent.get(path).text("status")).isEqualTo("UP");
    }
  }

  @Test
  void aPoliteFloodDoesNotHurt() throws Exception {
    String question = "please ".repeat(1142) + "grade";
    Answer answer = agent.run("{\"question\":\"" + question + "\"}");
    assertThat(agent.awaitEnd(answer.text("run_id")).step()).isEqualTo("final_answer");
  }

  interface Request {
    Answer send(int number) throws Exception;
  }

  private static List<Answer> atOnce(int count, Request request) throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Answer>> requests = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        requests.add(() -> request.send(number));
      }
      List<Answer> answers = new ArrayList<>();
      for (Future<Answer> answer : pool.invokeAll(requests)) {
        answers.add(answer.get(60, TimeUnit.SECONDS));
      }
      return answers;
    }
  }

  private static void cancelled(String session, String run) throws Exception {
    cancel("{\"session_id\":\"" + session + "\"}");
    assertThat(agent.awaitEnd(run).step()).isEqualTo("cancelled");
  }

  private static Answer cancel(String body) throws Exception {
    return agent.post("/api/agent/cancel", body);
  }

  private static String quiz(String session) {
    return "{\"question\":\"Create a quiz about light\",\"session_id\":\"" + session + "\"}";
  }

  private static int ragCalls() {
    return TOOLS.findAll(postRequestedFor(urlEqualTo("/rag"))).size();
  }

  private static void answer(String path, String tool) {
    TOOLS.stubFor(
        post(path)
            .willReturn(
                okForContentType(
                    "application/json",
                    new String(
                        dev.agentrooms.protocol.Json.encode(Given.answer(tool)),
                        StandardCharsets.UTF_8))));
  }
}
