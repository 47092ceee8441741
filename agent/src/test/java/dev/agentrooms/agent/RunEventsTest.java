package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.AgentNode.Answer;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.tools.RawServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A run's events read from the agent: page by page, and as a stream to the run's end.
@Tag("wire")
class RunEventsTest {

  private static AgentNode agent;
  private static RawServer stuck;

  @BeforeAll
  static void start() throws Exception {
    // Searches fail at once, and grading hangs.
    stuck = new RawServer(RawServer.Connection::waitForClose);
    agent =
        new AgentNode(
            """
            agent.tools.rag.url = "%s", agent.tools.test-generator.url = "%s"
            agent.tools.retry-delay = 1ms, agent.session.last-events = 2
            agent.session.kept-runs = 2, agent.session.sleep-after = 1ms
            """
                .formatted(RawServer.nobody(), stuck.uri()));
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    stuck.close();
  }

  @Test
  void aRunsEventsAreNumberedFromOneAndAllThere() throws Exception {
    failedRun("all", "all-1");
    JsonNode page = get("all", "all-1", "").json();
    assertThat(page.has("next")).isFalse();
    assertThat(numbers(page)).isEqualTo(List.of(1, 2, 3, 4, 5));
    List<ProgressEvent> told = agent.told("all-1");
    for (JsonNode event : page.path("events")) {
      ObjectNode plain = event.deepCopy();
      plain.remove("n");
      assertThat(plain).isEqualTo(json(told.get(event.path("n").asInt() - 1)));
    }
  }

  @Test
  void theyAreReadPageByPage() throws Exception {
    failedRun("pages", "pages-1");
    for (int limit : new int[] {1, 2, 3, 4, 5, 6, 1000}) {
      List<Integer> seen = new ArrayList<>();
      String after = "0";
      while (!after.isEmpty()) {
        JsonNode page = get("pages", "pages-1", "?limit=" + limit + "&after=" + after).json();
        assertThat(page.path("events").size()).isBetween(1, limit);
        seen.addAll(numbers(page));
        after = page.path("next").asText("");
      }
      assertThat(seen).isEqualTo(List.of(1, 2, 3, 4, 5));
    }
    for (String beyond : new String[] {"5", "6", "9223372036854775807"}) {
      JsonNode page = get("pages", "pages-1", "?after=" + beyond).json();
      assertThat(page.path("events").isArray()).isTrue();
      assertThat(page.path("events")).isEmpty();
      assertThat(page.has("next")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "after=",
        "after=x",
        "after=-1",
        "after=1.5",
        "after=1e1",
        "after=9223372036854775808",
        "limit=0",
        "limit=1001",
        "limit=x",
        "after=1&after=2"
      })
  void aWrongNumberIsRefusedByItsName(String query) throws Exception {
    failedRun("wrong", "wrong-1");
    for (String accept : new String[] {"application/json", "text/event-stream"}) {
      Answer answer = get("wrong", "wrong-1", "?" + query, "Accept", accept);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text("field")).isEqualTo(query.substring(0, 5));
    }
  }

  @Test
  void whatIsUnknownIsNotFound() throws Exception {
    failedRun("known", "known-1");
    for (String accept : new String[] {"application/json", "text/event-stream"}) {
      assertThat(get("known", "none", "", "Accept", accept).status()).isEqualTo(404);
      assertThat(get("nobody", "known-1", "", "Accept", accept).status()).isEqualTo(404);
      assertThat(get("known", "-x", "", "Accept", accept).status()).isEqualTo(400);
    }
  }

  @Test
  void theyAreKeptAsLongAsTheirRunCanBeRead() throws Exception {
    for (int i = 1; i <= 3; i++) {
      failedRun("kept", "kept-" + i);
    }
    assertThat(get("kept", "kept-1", "").status()).isEqualTo(404);
    for (String run : new String[] {"kept-2", "kept-3"}) {
      assertThat(numbers(get("kept", run, "").json())).isEqualTo(List.of(1, 2, 3, 4, 5));
    }
    assertThat(agent.get("/api/agent/sessions/kept").json().path("last_events")).hasSize(2);
  }

  @Test
  void asAStreamTheyEndWithTheRun() throws Exception {
    failedRun("ended", "ended-1");
    assertThat(ids(stream("ended", "ended-1", ""))).containsExactly("1", "2", "3", "4", "5");
    assertThat(ids(stream("ended", "ended-1", "?after=3"))).containsExactly("4", "5");
    assertThat(ids(stream("ended", "ended-1", "", "Last-Event-ID", "4"))).containsExactly("5");
    assertThat(ids(stream("ended", "ended-1", "?after=1", "Last-Event-ID", "4")))
        .containsExactly("5");
    assertThat(ids(stream("ended", "ended-1", "?after=5"))).isEmpty();
    assertThat(get("ended", "ended-1", "", "Accept", "text/event-stream", "Last-Event-ID", "x"))
        .extracting(Answer::status)
        .isEqualTo(400);
    JsonNode page = get("ended", "ended-1", "").json();
    for (String event : stream("ended", "ended-1", "").split("\n\n")) {
      if (event.startsWith("id:")) {
        String[] lines = event.split("\n");
        int n = Integer.parseInt(lines[0].substring(4));
        assertThat(lines[1]).isEqualTo("event: progress");
        assertThat(Given.json(lines[2].substring("data: ".length())))
            .isEqualTo(page.path("events").get(n - 1));
      }
    }
  }

  @Test
  void aReaderOfARunInFlightGetsWhatThereIsAndThenTheRest() throws Exception {
    lastingRun("live", "live-1");
    CompletableFuture<String> all = streamLater("live", "live-1", "");
    CompletableFuture<String> rest = streamLater("live", "live-1", "?after=2");
    CompletableFuture<String> beyond =
        streamLater("live", "live-1", "?after=2", "Last-Event-ID", "1");
    CompletableFuture<String> later = streamLater("live", "live-1", "?after=7");
    assertThat(all).isNotDone();
    agent.post("/api/agent/cancel", "{\"session_id\":\"live\"}");
    assertThat(ids(all.get(60, TimeUnit.SECONDS))).containsExactly("1", "2", "3");
    assertThat(all.get()).contains("\"step\":\"cancelled\"");
    assertThat(ids(rest.get(60, TimeUnit.SECONDS))).containsExactly("3");
    assertThat(ids(later.get(60, TimeUnit.SECONDS))).isEmpty();
    assertThat(ids(beyond.get(60, TimeUnit.SECONDS))).containsExactly("2", "3");
  }

  @Test
  void aReaderSeesTheEndOfARunWhoseSessionIsDeleted() throws Exception {
    lastingRun("deleted", "deleted-1");
    CompletableFuture<String> all =
        agent.followTo("id: 2\n", path("deleted", "deleted-1", ""), "Accept", "text/event-stream");
    assertThat(agent.send("DELETE", "/api/agent/sessions/deleted", "").status()).isEqualTo(204);
    assertThat(ids(all.get(60, TimeUnit.SECONDS))).containsExactly("1", "2", "3");
    assertThat(get("deleted", "deleted-1", "").status()).isEqualTo(404);
  }

  @Test
  void readersThatJoinAtAnyMomentMissNothing() throws Exception {
    int runs = Given.stress(20);
    for (int i = 0; i < runs; i++) {
      String run = "race-" + i;
      agent.run(
          "{\"question\":\"Why?\",\"session_id\":\"race\",\"on_busy\":\"enqueue\",\"run_id\":\""
              + run
              + "\"}");
      CompletableFuture<String> one = streamLaterNow("race", run);
      CompletableFuture<String> two = streamLaterNow("race", run);
      List<String> seen = ids(one.get(60, TimeUnit.SECONDS));
      agent.awaitEnd(run);
      assertThat(seen)
          .isEqualTo(IntStream.rangeClosed(1, seen.size()).mapToObj(String::valueOf).toList())
          .hasSameSizeAs(agent.told(run));
      assertThat(ids(two.get(60, TimeUnit.SECONDS))).isEqualTo(seen);
      assertThat(one.get()).contains("\"step\":\"final_answer\"");
    }
  }

  private static void failedRun(String session, String run) throws Exception {
    Answer answer = agent.post("/api/agent/run?wait=60", body(session, run, "Why?", ""));
    assertThat(answer.status()).isEqualTo(200);
    agent.awaitEnd(run);
  }

  private static void lastingRun(String session, String run) throws Exception {
    String submission = ",\"submission\":{\"exam_id\":\"e\",\"answers\":{\"q\":\"a\"}}";
    assertThat(agent.run(body(session, run, "Grade", submission)).status()).isEqualTo(202);
  }

  private static String body(String session, String run, String question, String more) {
    return "{\"question\":\"%s\",\"session_id\":\"%s\",\"run_id\":\"%s\"%s}"
        .formatted(question, session, run, more);
  }

  private static String path(String session, String run, String query) {
    return "/api/agent/sessions/" + session + "/runs/" + run + "/events" + query;
  }

  private static Answer get(String session, String run, String query, String... headers)
      throws Exception {
    return agent.send("GET", path(session, run, query), "", headers);
  }

  private static String stream(String session, String run, String query, String... headers)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("Accept", "text/event-stream"));
    all.addAll(List.of(headers));
    Answer answer = get(session, run, query, all.toArray(String[]::new));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    return new String(answer.response().body(), StandardCharsets.UTF_8);
  }

  private static CompletableFuture<String> streamLater(
      String session, String run, String query, String... headers) throws Exception {
    List<String> all = new ArrayList<>(List.of("Accept", "text/event-stream"));
    all.addAll(List.of(headers));
    return agent.follow(path(session, run, query), all.toArray(String[]::new));
  }

  private static CompletableFuture<String> streamLaterNow(String session, String run) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return stream(session, run, "");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static List<String> ids(String stream) {
    return stream.lines().filter(line -> line.startsWith("id: ")).map(l -> l.substring(4)).toList();
  }

  private static List<Integer> numbers(JsonNode page) {
    List<Integer> numbers = new ArrayList<>();
    page.path("events").forEach(event -> numbers.add(event.path("n").asInt()));
    return numbers;
  }

  private static JsonNode json(ProgressEvent event) {
    return Json.parse(Json.encode(event));
  }
}
