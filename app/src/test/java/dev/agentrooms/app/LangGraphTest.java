package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Threads and runs as clients of LangGraph's server know them, over HTTP.
@Tag("wire")
class LangGraphTest {

  private static final String WORKFLOWS =
      """
      workflows {
        choice {
          steps = [{ name = pick, ask { prompt = "Which one?", options = [red, blue] } }]
          result { picked = "{{steps.pick.value}}" }
        }
      }
      """;
  private static final String EVERYTHING =
      "\"stream_mode\":[\"values\",\"updates\",\"custom\",\"messages-tuple\"]";
  private static final String MODES =
      "?stream_mode=values&stream_mode=updates&stream_mode=custom&stream_mode=messages-tuple";

  @TempDir private static Path folder;
  private static TestTool tool;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    tool = TestTool.within(20, "stuck");
    Path workflows = Files.writeString(folder.resolve("workflows.conf"), WORKFLOWS);
    stack = Stack.start(tool.settings("agent.workflows.file", workflows.toString()));
  }

  @AfterAll
  static void stop() {
    stack.close();
    tool.close();
  }

  private record Event(String id, String name, JsonNode data) {}

  private static List<Event> events(String text) {
    List<Event> events = new ArrayList<>();
    // What is cut off behind the last blank line is no event.
    for (String block : text.substring(0, text.lastIndexOf("\n\n") + 2).split("\n\n", -1)) {
      List<String> lines = Arrays.asList(block.split("\n", -1));
      if (lines.size() == 3) {
        String data = lines.get(2).substring(6);
        events.add(
            new Event(
                lines.get(0).substring(4),
                lines.get(1).substring(7),
                Json.parseAnswer(data.getBytes(StandardCharsets.UTF_8))));
      }
    }
    return events;
  }

  private static String url(String path) {
    return stack.webUi() + "/langgraph" + path;
  }

  private static Stack.Answer post(String path, String body, String... headers) {
    return stack.post(url(path), body, headers);
  }

  private static String asking(String question, String... more) {
    return "{\"assistant_id\":\"agent\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\""
        + question
        + "\"}]}"
        + (more.length == 0 ? "" : "," + String.join(",", more))
        + "}";
  }

  private static String body(Stack.Answer answer) {
    return new String(answer.response().body(), StandardCharsets.UTF_8);
  }

  private static String thread(String id) {
    assertThat(post("/threads", "{\"thread_id\":\"" + id + "\"}").status()).isEqualTo(200);
    return "/threads/" + id;
  }

  private static String started(String thread, String question, String... more) {
    Stack.Answer run = post(thread + "/runs", asking(question, more));
    assertThat(run.status()).as(body(run)).isEqualTo(200);
    return run.json().path("run_id").asText();
  }

  private static Stack.Answer resumed(String url, String lastId) {
    return stack.send(
        HttpRequest.newBuilder(URI.create(url)).header("Last-Event-ID", lastId).build());
  }

  @Test
  void aStreamThatIsCutGoesOnExactlyWhereItWas() {
    String thread = thread("cut");
    Stack.Answer answer = post(thread + "/runs/stream", asking("Create a quiz", EVERYTHING));
    assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
    String whole = body(answer);
    List<Event> all = events(whole);
    assertThat(all.getFirst().name()).isEqualTo("metadata");
    assertThat(all.getLast().name()).isEqualTo("end");
    assertThat(all.getLast().data().path("status").asText()).isEqualTo("success");
    assertThat(all.stream().map(Event::id)).doesNotHaveDuplicates();
    assertThat(all.stream().map(Event::name)).contains("values", "updates", "custom", "messages");
    assertThat(
            all.stream()
                .filter(event -> event.name().equals("custom"))
                .map(event -> event.data().path("step").asText()))
        .containsExactlyElementsOf(Stack.steps(stack.messages("cut")));

    String again = stack.webUi() + "/langgraph" + answer.header("Location");
    assertThat(events(body(stack.get(again)))).isEqualTo(all);
    for (int cut : new int[] {3, whole.length() / 3, whole.length() / 2, whole.length() - 3}) {
      List<Event> seen = new ArrayList<>(events(whole.substring(0, cut)));
      seen.addAll(events(body(resumed(again, seen.isEmpty() ? "-1" : seen.getLast().id()))));
      assertThat(seen).isEqualTo(all);
    }
    assertThat(events(body(resumed(again, "other:3.1")))).isEqualTo(all);
    assertThat(resumed(again, "3").status()).isEqualTo(400);
  }

  @Test
  void aCancelStopsTheToolAndEndsTheStream() throws Exception {
    String thread = thread("cancel");
    String run = started(thread, "Create a quiz about stuck things");
    CompletableFuture<String> reader =
        CompletableFuture.supplyAsync(
            () -> body(stack.get(url(thread + "/runs/" + run + "/stream" + MODES))));
    Stack.await(() -> tool.of(run).begun.get(), begun -> begun > 0);
    assertThat(stack.get(url(thread)).json().path("status").asText()).isEqualTo("busy");
    assertThat(post(thread + "/runs/" + run + "/cancel?wait=1", "").status()).isEqualTo(204);
    Stack.await(() -> tool.of(run).hungUp.get(), hungUp -> hungUp == 1);
    Event last = events(reader.get(60, TimeUnit.SECONDS)).getLast();
    assertThat(last.data().path("status").asText()).isEqualTo("interrupted");
    assertThat(post(thread + "/runs/" + run + "/cancel?wait=1", "").status()).isEqualTo(204);
    assertThat(post(thread + "/runs/" + run + "/cancel", "").status()).isEqualTo(202);
    assertThat(post(thread + "/runs/" + run + "/cancel?action=rollback", "").status())
        .isEqualTo(422);
    JsonNode values = stack.get(url(thread + "/runs/" + run + "/join")).json();
    assertThat(values.path("messages")).hasSize(1);
    assertThat(stack.get(url(thread)).json().path("status").asText()).isEqualTo("idle");
  }

  @Test
  void aBusyThreadRefusesQueuesOrInterrupts() {
    String thread = thread("busy");
    String first = started(thread, "Create a quiz about stuck things");
    assertThat(
            post(thread + "/runs", asking("What?", "\"multitask_strategy\":\"reject\"")).status())
        .isEqualTo(409);
    String queued = started(thread, "What is it?");
    assertThat(status(thread, queued)).isEqualTo("pending");
    String last = started(thread, "What is it?", "\"multitask_strategy\":\"interrupt\"");
    assertThat(stack.get(url(thread + "/runs/" + last + "/join")).json().path("run_id").asText())
        .isEqualTo(last);
    assertThat(List.of(status(thread, first), status(thread, queued), status(thread, last)))
        .containsExactly("interrupted", "interrupted", "success");
    assertThat(ids(stack.get(url(thread + "/runs")).json(), "run_id"))
        .containsExactly(last, queued, first);
    assertThat(ids(stack.get(url(thread + "/runs?status=success")).json(), "run_id"))
        .containsExactly(last);
  }

  private static String status(String thread, String run) {
    return stack.get(url(thread + "/runs/" + run)).json().path("status").asText();
  }

  private static List<String> ids(JsonNode list, String member) {
    List<String> ids = new ArrayList<>();
    list.forEach(each -> ids.add(each.path(member).asText()));
    return ids;
  }

  @Test
  void theSameKeyIsTheSameRun() {
    String thread = thread("key");
    Stack.Answer first = post(thread + "/runs/wait", asking("What?"), "Idempotency-Key", "k1");
    Stack.Answer second = post(thread + "/runs/wait", asking("What?"), "Idempotency-Key", "k1");
    assertThat(first.json()).isEqualTo(second.json());
    assertThat(first.header("Content-Location"))
        .isEqualTo(thread + "/runs/" + first.json().path("run_id").asText());
    assertThat(post(thread + "/runs", asking("Why?"), "Idempotency-Key", "k1").status())
        .isEqualTo(422);
    assertThat(stack.get(url(thread + "/runs")).json()).hasSize(1);
  }

  @Test
  void aThreadIsThereBeforeItsFirstRun() {
    String thread = thread("early");
    assertThat(post("/threads", "{\"thread_id\":\"early\"}").status()).isEqualTo(409);
    assertThat(post("/threads", "{\"thread_id\":\"early\",\"if_exists\":\"do_nothing\"}").status())
        .isEqualTo(200);
    JsonNode state = stack.get(url(thread + "/state")).json();
    assertThat(state.at("/values/messages")).isEmpty();
    assertThat(state.at("/checkpoint/checkpoint_id").isNull()).isTrue();
    String made = post("/threads", "{}").json().path("thread_id").asText();
    assertThat(stack.get(url("/threads/" + made)).status()).isEqualTo(200);
    assertThat(ids(post("/threads/search", "{\"limit\":100}").json(), "thread_id"))
        .contains("early", made);

    assertThat(post("/threads/nobody/runs", asking("What?")).status()).isEqualTo(404);
    assertThat(
            post("/threads/later/runs/wait", asking("What?", "\"if_not_exists\":\"create\""))
                .json()
                .path("messages"))
        .hasSize(2);
    HttpRequest delete = HttpRequest.newBuilder(URI.create(url(thread))).DELETE().build();
    assertThat(stack.send(delete).status()).isEqualTo(204);
    assertThat(stack.get(url(thread)).status()).isEqualTo(404);
  }

  @Test
  void historyHasAStateForEachRunTheNewestFirst() {
    String thread = thread("past");
    String first = post(thread + "/runs/wait", asking("What?")).json().path("run_id").asText();
    String second = post(thread + "/runs/wait", asking("Why?")).json().path("run_id").asText();
    JsonNode history = post(thread + "/history", "{}").json();
    assertThat(history).hasSize(2);
    assertThat(history.at("/0/checkpoint/checkpoint_id").asText()).isEqualTo(second);
    assertThat(history.at("/0/values/messages")).hasSize(4);
    assertThat(history.at("/0/parent_checkpoint/checkpoint_id").asText()).isEqualTo(first);
    assertThat(history.at("/1/values/messages/1/id").asText()).isEqualTo("m-" + first + "-a");
    assertThat(stack.get(url(thread + "/state")).json()).isEqualTo(history.get(0));
    assertThat(
            post(thread + "/history", "{\"before\":{\"checkpoint_id\":\"" + second + "\"}}").json())
        .hasSize(1);
  }

  @Test
  void aPersonIsAskedAndTheRunGoesOn() {
    String thread = thread("person");
    String ask =
        "{\"assistant_id\":\"agent\",\"input\":{\"question\":\"?\",\"workflow\":\"choice\"}";
    List<Event> asked = events(body(post(thread + "/runs/stream", ask + "}")));
    assertThat(asked.getLast().data().path("status").asText()).isEqualTo("interrupted");
    String input = asked.get(asked.size() - 2).data().at("/__interrupt__/0/id").asText();
    JsonNode state = stack.get(url(thread + "/state")).json();
    assertThat(state.at("/tasks/0/interrupts/0/id").asText()).isEqualTo(input);
    assertThat(stack.get(url(thread)).json().path("status").asText()).isEqualTo("interrupted");

    String answer = "{\"assistant_id\":\"agent\",\"command\":{\"resume\":\"blue\"}}";
    List<Event> rest = events(body(post(thread + "/runs/stream", answer)));
    assertThat(rest.getFirst().name()).isEqualTo("metadata");
    assertThat(rest.getLast().data().path("status").asText()).isEqualTo("success");
    assertThat(rest.get(rest.size() - 2).data().at("/result/picked").asText()).isEqualTo("blue");
    assertThat(post(thread + "/runs", answer).json().path("field").asText()).isEqualTo("command");
  }

  @Test
  void whatIsNotSupportedIsNamed() {
    String thread = thread("fields");
    for (String field :
        List.of(
            "\"interrupt_before\":\"*\"",
            "\"interrupt_after\":[\"a\"]",
            "\"checkpoint\":{\"checkpoint_id\":\"c\"}",
            "\"checkpoint_id\":\"c\"",
            "\"webhook\":\"http://x\"",
            "\"after_seconds\":1",
            "\"multitask_strategy\":\"rollback\"",
            "\"command\":{\"goto\":\"x\"}",
            "\"command\":{\"resume\":1}")) {
      Stack.Answer answer = post(thread + "/runs", asking("What?", field));
      assertThat(answer.status()).as(field).isEqualTo(422);
      assertThat(field).startsWith("\"" + answer.json().path("field").asText() + "\"");
      assertThat(answer.json().path("message").asText()).isNotEmpty();
      assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }
    assertThat(post(thread + "/runs/stream", asking("?", "\"stream_mode\":\"debug\"")).status())
        .isEqualTo(422);
    assertThat(post(thread + "/runs", "{\"assistant_id\":\"other\"}").status()).isEqualTo(404);
    assertThat(post(thread + "/runs", asking("")).json().path("field").asText()).isEqualTo("input");
    assertThat(post(thread + "/runs", "{").status()).isEqualTo(400);
    assertThat(post(thread + "/runs", "{\"assistant_id\":\"agent\"}").status()).isEqualTo(422);
    assertThat(post(thread + "/state", "{}").status()).isEqualTo(405);
    assertThat(post("/runs", asking("What?")).status()).isEqualTo(404);
    assertThat(post("/store/items", "{}").status()).isEqualTo(404);
    assertThat(post(thread + "/copy", "{}").status()).isEqualTo(404);
    assertThat(stack.get(url("/assistants/other")).status()).isEqualTo(404);
    assertThat(stack.get(url(thread + "/runs/nobody")).status()).isEqualTo(404);
    HttpRequest plain =
        HttpRequest.newBuilder(URI.create(url(thread + "/runs")))
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString("{}"))
            .build();
    assertThat(stack.send(plain).status()).isEqualTo(415);
  }
}
