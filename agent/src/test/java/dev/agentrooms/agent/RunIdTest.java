package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.AgentNode.Answer;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.tools.RawServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A run id chosen by the caller works like an idempotency key.
@Tag("wire")
class RunIdTest {

  private static AgentNode agent;
  private static RawServer stuck;

  @BeforeAll
  static void start() throws Exception {
    // Questions fail at once there, and a quiz hangs.
    stuck = new RawServer(RawServer.Connection::waitForClose);
    agent =
        new AgentNode(
            """
            agent.tools.rag.url = "%s", agent.tools.test-generator.url = "%s"
            agent.tools.retry-delay = 1ms, agent.session.kept-runs = 2
            agent.session.max-idempotency-keys = 20
            """
                .formatted(RawServer.nobody(), stuck.uri()));
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    stuck.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "a.b_c-d",
        "R",
        "9.",
        "r-00000000-0000-0000-0000-000000000000",
        "deadbeef",
        "run"
      })
  void theRunHasTheIdThatItsCallerChose(String id) throws Exception {
    String session = "form-" + id;
    Answer accepted = agent.run(body(session, id, "Why?"));
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.text("run_id")).isEqualTo(id);
    assertThat(accepted.header("Location"))
        .isEqualTo("/api/agent/sessions/" + session + "/runs/" + id);
    assertThat(agent.awaitEnd(id).runId()).isEqualTo(id);
    assertThat(agent.get(accepted.header("Location")).text("status")).isEqualTo("failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\".a\"",
        "\"-a\"",
        "\"_a\"",
        "\"a:b\"",
        "\"a b\"",
        "\"a/b\"",
        "\"ä\"",
        "\"a\\n\"",
        "1",
        "true",
        "[]",
        "{}",
        "\"%s\""
      })
  void anotherFormIsRefusedByItsName(String id) throws Exception {
    Answer answer =
        agent.run("{\"question\":\"Why?\",\"run_id\":" + id.formatted("a".repeat(129)) + "}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("field")).isEqualTo("run_id");
  }

  @Test
  void aNullIdCountsAsAbsent() throws Exception {
    Answer first = agent.run("{\"question\":\"Why?\",\"session_id\":\"null\",\"run_id\":null}");
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.text("run_id")).startsWith("r-");
    agent.awaitEnd(first.text("run_id"));
    Answer keyed =
        agent.run("{\"question\":\"Why?\",\"session_id\":\"null\"}", "Idempotency-Key", "n");
    agent.awaitEnd(keyed.text("run_id"));
    Answer again =
        agent.run(
            "{\"question\":\"Why?\",\"session_id\":\"null\",\"run_id\":null}",
            "Idempotency-Key",
            "n");
    assertThat(again.text("run_id"))
        .isEqualTo(keyed.text("run_id"))
        .isNotEqualTo(first.text("run_id"));
  }

  @Test
  void theSameIdWithTheSameBodyIsTheSameRunAsLongAsItsSessionIsKept() throws Exception {
    String body = body("same", "same-1", "Why?");
    Answer first = agent.run(body);
    agent.awaitEnd("same-1");
    for (int i = 0; i < 3; i++) {
      agent.awaitEnd(agent.run(body("same", "more-" + i, "Why?")).text("run_id"));
    }
    assertThat(agent.get(first.header("Location")).status()).isEqualTo(404);
    Answer again = agent.run("{ \"run_id\":\"same-1\"," + body("same", null, "Why?").substring(1));
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(agent.steps("same-1")).containsOnlyOnce("intent_determined");
    assertThat(agent.run(body("same", "same-1", "Else?")).status()).isEqualTo(422);
    assertThat(agent.run(body("another", "same-1", "Why?")).status()).isEqualTo(409);
    assertThat(agent.run(body(null, "same-1", "Why?")).status()).isEqualTo(409);
    assertThat(agent.get("/api/agent/sessions/another").status()).isEqualTo(404);
  }

  @Test
  void anIdThatWeMadeUpIsTakenToo() throws Exception {
    String made = agent.run("{\"question\":\"Why?\",\"session_id\":\"made\"}").text("run_id");
    agent.awaitEnd(made);
    assertThat(agent.run(body("made", made, "Why?")).status()).isEqualTo(422);
    String quiz =
        "{\"question\":\"Grade\",\"session_id\":\"going\",\"submission\":"
            + "{\"exam_id\":\"e\",\"answers\":{\"q\":\"a\"}}}";
    String going = agent.run(quiz).text("run_id");
    assertThat(agent.run(body("elsewhere", going, "Why?")).status()).isEqualTo(409);
    assertThat(agent.send("DELETE", "/api/agent/sessions/going", "").status()).isEqualTo(204);
    agent.awaitEnd(going);
  }

  @Test
  void withoutASessionTheSameIdFindsTheSameSession() throws Exception {
    Answer first = agent.run(body(null, "alone", "Why?"));
    Answer again = agent.run(body(null, "alone", "Why?"));
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.text("session_id")).startsWith("s-");
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(agent.run(body(null, "alone", "Else?")).status()).isEqualTo(422);
    assertThat(agent.run(body(null, "alone-2", "Why?")).text("session_id"))
        .isNotEqualTo(first.text("session_id"));
    agent.awaitEnd("alone");
    agent.awaitEnd("alone-2");
  }

  @Test
  void anIdAndAKeyMeanOneRun() throws Exception {
    for (String session : new String[] {"both", null}) {
      String prefix = session == null ? "free" : session;
      String one = body(session, prefix + "-1", "Why?");
      String key = prefix + "-k";
      assertThat(agent.run(one, "Idempotency-Key", key).status()).isEqualTo(202);
      agent.awaitEnd(prefix + "-1");
      Answer first = agent.run(one, "Idempotency-Key", key);
      assertThat(first.status()).isEqualTo(202);
      // Either is enough, and a second key means the same run from now on.
      assertThat(agent.run(one).json()).isEqualTo(first.json());
      assertThat(agent.run(one, "Idempotency-Key", key + "2").json()).isEqualTo(first.json());
      String two = body(session, prefix + "-2", "Why?");
      for (String used : new String[] {key, key + "2"}) {
        assertThat(agent.run(two, "Idempotency-Key", used).status()).isEqualTo(422);
        assertThat(agent.run(body(session, null, "Why?"), "Idempotency-Key", used).status())
            .isEqualTo(422);
      }
      // The refused request used up neither id nor key.
      Answer started = agent.run(two, "Idempotency-Key", key + "3");
      assertThat(started.status()).isEqualTo(202);
      assertThat(started.text("run_id")).isEqualTo(prefix + "-2");
      agent.awaitEnd(prefix + "-2");
      assertThat(agent.run(one, "Idempotency-Key", key + "3").status()).isEqualTo(422);
    }
  }

  @Test
  void aKeyWithoutASessionIsNotFreeForAnIdsSession() throws Exception {
    Answer keyed = agent.run("{\"question\":\"Why?\"}", "Idempotency-Key", "global");
    assertThat(keyed.status()).isEqualTo(202);
    agent.awaitEnd(keyed.text("run_id"));
    assertThat(agent.run(body(null, "global-1", "Why?"), "Idempotency-Key", "global").status())
        .isEqualTo(422);
  }

  @Test
  void aRefusedRunDoesNotUseItsIdUp() throws Exception {
    String quiz =
        """
        {"question":"Grade","session_id":"refuse","run_id":"refuse-1",
         "submission":{"exam_id":"e","answers":{"q":"a"}}}""";
    assertThat(agent.run(quiz).status()).isEqualTo(202);
    assertThat(agent.run(body("refuse", "refuse-2", "Why?")).status()).isEqualTo(409);
    Answer elsewhere = agent.run(body("refuse-else", "refuse-2", "Else?"));
    assertThat(elsewhere.status()).isEqualTo(202);
    agent.awaitEnd("refuse-2");
    agent.post("/api/agent/cancel", "{\"session_id\":\"refuse\"}");
    agent.awaitEnd("refuse-1");
  }

  @Test
  void aDeletedSessionsIdsAreFreeOnceTheirRunsHaveEndedAndTheirEventsAreOthers() throws Exception {
    String body = body("gone", "gone-1", "Why?");
    agent.run(body);
    agent.awaitEnd("gone-1");
    List<String> before = ids("gone-1");
    assertThat(agent.send("DELETE", "/api/agent/sessions/gone", "").status()).isEqualTo(204);
    Answer again = agent.post("/api/agent/run?wait=60", body("gone", "gone-1", "Else?"));
    assertThat(again.status()).isEqualTo(200);
    List<String> after = ids("gone-1");
    assertThat(after).hasSize(2 * before.size()).doesNotHaveDuplicates();
    assertThat(agent.send("DELETE", "/api/agent/sessions/gone", "").status()).isEqualTo(204);
    Answer elsewhere = agent.post("/api/agent/run?wait=60", body("gone-2", "gone-1", "Else?"));
    assertThat(elsewhere.status()).isEqualTo(200);
  }

  @Test
  void theLongestIdHasEventsThatARoomTakes() throws Exception {
    String id = "x".repeat(128);
    assertThat(agent.run(body("long", id, "Why?")).status()).isEqualTo(202);
    agent.awaitEnd(id);
    assertThat(ids(id)).allMatch(event -> event.length() <= 128).doesNotHaveDuplicates();
  }

  @Test
  void manyRequestsAtOnceAreOneRun() throws Exception {
    List<Answer> answers =
        atOnce(40, i -> agent.run(body(i % 2 == 0 ? "crowd" : "crowd-b", "crowd-1", "Why?")));
    Set<String> sessions = new HashSet<>();
    for (Answer answer : answers) {
      assertThat(answer.status()).isIn(202, 409);
      if (answer.status() == 202) {
        sessions.add(answer.text("session_id"));
      }
    }
    assertThat(sessions).hasSize(1);
    agent.awaitEnd("crowd-1");
    assertThat(agent.steps("crowd-1")).containsOnlyOnce("intent_determined");
  }

  @Test
  void a503NamesTheIdAndTheSameIdTells() throws Exception {
    CountDownLatch release = agent.hold("slow-id");
    Answer first = agent.run(body("slow-id", "slow-1", "Why?"));
    // The session is in the middle of the first run's events.
    Answer late = first.status() == 503 ? first : agent.run(body("slow-id", "slow-1", "Why?"));
    release.countDown();
    assertThat(late.status()).isEqualTo(503);
    assertThat(late.text("run_id")).isEqualTo("slow-1");
    assertThat(late.json().path("may_have_started").asBoolean()).isTrue();
    assertThat(agent.run(body("slow-id", "slow-1", "Why?")).text("run_id")).isEqualTo("slow-1");
    agent.awaitEnd("slow-1");
    assertThat(agent.steps("slow-1")).containsOnlyOnce("intent_determined");
  }

  private static List<String> ids(String run) {
    return agent.told(run).stream().map(ProgressEvent::eventId).toList();
  }

  private static String body(@Nullable String session, @Nullable String run, String question) {
    return "{\"question\":\""
        + question
        + "\""
        + (session == null ? "" : ",\"session_id\":\"" + session + "\"")
        + (run == null ? "" : ",\"run_id\":\"" + run + "\"")
        + "}";
  }

  interface Request {
    Answer send(int number) throws Exception;
  }

  private static List<Answer> atOnce(int count, Request request) throws Exception {
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
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
}
