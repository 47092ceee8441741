package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The thread stream of LangGraph's clients: commands in, events of all runs out.
@Tag("wire")
class LangGraphThreadTest {

  private static final String ALL = "[\"custom\",\"lifecycle\",\"values\"]";

  private static TestTool tool;
  private static Stack stack;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    tool = TestTool.within(20, "stuck");
    stack = Stack.start(tool.settings());
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    stack.close();
    tool.close();
  }

  private static String url(String thread, String rest) {
    return stack.webUi() + "/langgraph/threads/" + thread + rest;
  }

  private static String start(int id, String question) {
    return "{\"id\":"
        + id
        + ",\"method\":\"run.start\",\"params\":{\"assistant_id\":\"agent\",\"input\":{\"question\":\""
        + question
        + "\"}}}";
  }

  private static JsonNode command(String thread, String command) {
    Stack.Answer answer = stack.post(url(thread, "/commands"), command);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  private static String started(String thread, String question) {
    JsonNode answer = command(thread, start(7, question));
    assertThat(answer.path("type").asText()).as(answer.toString()).isEqualTo("success");
    assertThat(answer.path("id").asInt()).isEqualTo(7);
    return answer.at("/result/run_id").asText();
  }

  /// An event stream that is read as far as it is wanted.
  private static final class Reader implements AutoCloseable {

    private final BufferedReader lines;

    private Reader(String thread, String body) {
      try {
        HttpResponse<java.io.InputStream> answer =
            client.send(
                HttpRequest.newBuilder(URI.create(url(thread, "/stream/events")))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body))
                    .build(),
                BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /// The events up to the end of a run.
    private List<JsonNode> untilEnd() throws IOException {
      List<JsonNode> events = new ArrayList<>();
      while (events.isEmpty() || !isEnd(events.getLast())) {
        String line = lines.readLine();
        assertThat(line).as("the stream has ended behind " + events).isNotNull();
        if (line.startsWith("data: ")) {
          events.add(parsed(line.substring(6)));
        }
      }
      return events;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  private static JsonNode parsed(String json) {
    return Json.parseAnswer(json.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isEnd(JsonNode event) {
    return event.path("method").asText().equals("lifecycle")
        && !event.at("/params/data/event").asText().equals("started");
  }

  private static List<String> steps(List<JsonNode> events) {
    return events.stream()
        .filter(event -> event.path("method").asText().equals("custom"))
        .map(event -> event.at("/params/data/payload/step").asText())
        .toList();
  }

  @Test
  void theStreamStaysOpenOverRunsAndBeginsWithTheNewest() throws IOException {
    started("t1", "What?");
    stack.untilEnded("t1", 1);
    String second = started("t1", "Create a quiz");
    try (Reader reader = new Reader("t1", "{\"channels\":" + ALL + "}")) {
      List<JsonNode> events = reader.untilEnd();
      assertThat(events.getFirst().at("/params/data/event").asText()).isEqualTo("started");
      assertThat(events.getLast().at("/params/data/event").asText()).isEqualTo("completed");
      assertThat(events.get(1).at("/params/data/messages")).hasSize(3);
      assertThat(steps(events)).startsWith("intent_determined").endsWith("final_answer");
      assertThat(
              events.stream()
                  .filter(event -> event.path("method").asText().equals("custom"))
                  .map(event -> event.at("/params/data/payload/run_id").asText()))
          .containsOnly(second);
      assertThat(events.stream().map(event -> event.path("seq").asLong()))
          .isSorted()
          .doesNotHaveDuplicates();

      try (Reader again = new Reader("t1", "{\"channels\":" + ALL + "}")) {
        assertThat(again.untilEnd()).isEqualTo(events);
      }
      for (int i : new int[] {0, 2, events.size() - 2}) {
        String since = ",\"since\":" + events.get(i).path("seq").asLong() + "}";
        try (Reader later = new Reader("t1", "{\"channels\":" + ALL + since)) {
          assertThat(later.untilEnd()).isEqualTo(events.subList(i + 1, events.size()));
        }
      }

      String third = started("t1", "What else?");
      assertThat(reader.untilEnd().getFirst().at("/params/data/run_id").asText()).isEqualTo(third);
    }
  }

  @Test
  void aCancelledRunIsInterrupted() throws IOException {
    try (Reader reader = new Reader("t2", "{\"channels\":[\"lifecycle\"]}")) {
      String run = started("t2", "Create a quiz about stuck things");
      Stack.await(() -> tool.of(run).begun.get(), begun -> begun > 0);
      stack.post(url("t2", "/runs/" + run + "/cancel?wait=1"), "");
      List<JsonNode> events = reader.untilEnd();
      assertThat(events.stream().map(event -> event.at("/params/data/event").asText()))
          .containsExactly("started", "interrupted");
    }
  }

  @Test
  void commandsAreRefusedInTheProtocolsWords() {
    assertThat(command("t3", "{\"id\":1,\"method\":\"fly\"}").path("error").asText())
        .isEqualTo("unknown_command");
    assertThat(command("t3", "{\"id\":1,\"method\":\"state.get\"}").path("error").asText())
        .isEqualTo("not_supported");
    assertThat(command("t3", start(1, "")).path("error").asText()).isEqualTo("invalid_argument");
    String rollback = start(1, "What?").replace("\"input\"", "\"webhook\":\"x\",\"input\"");
    assertThat(command("t3", rollback).path("error").asText()).isEqualTo("not_supported");
    String answer = "{\"id\":1,\"method\":\"input.respond\",\"params\":{\"interrupt_id\":\"x\"}}";
    assertThat(command("t3", answer).path("error").asText()).isEqualTo("no_such_interrupt");
    Stack.Answer wrong = stack.post(url("t3", "/stream/events"), "{\"channels\":[]}");
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.json().path("field").asText()).isEqualTo("channels");
  }

  /// A socket whose messages wait to be taken.
  private static final class Socket implements WebSocket.Listener {

    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        messages.add(parsed(part.toString()));
        part.setLength(0);
      }
      socket.request(1);
      return java.util.concurrent.CompletableFuture.completedFuture(null);
    }

    private JsonNode next() throws InterruptedException {
      JsonNode message = messages.poll(60, TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      return message;
    }
  }

  @Test
  void aSocketHasTheSameEventsInTheSameOrder() throws Exception {
    Socket socket = new Socket();
    WebSocket open =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create(url("t4", "/stream/events").replace("http:", "ws:")), socket)
            .get(60, TimeUnit.SECONDS);
    open.sendText(start(1, "What?"), true).get(60, TimeUnit.SECONDS);
    assertThat(socket.next().path("id").asInt()).isEqualTo(1);
    open.sendText(
            "{\"id\":2,\"method\":\"subscription.subscribe\",\"params\":{\"channels\":"
                + ALL
                + "}}",
            true)
        .get(60, TimeUnit.SECONDS);
    String subscription = socket.next().at("/result/subscription_id").asText();
    List<JsonNode> events = new ArrayList<>();
    while (events.isEmpty() || !isEnd(events.getLast())) {
      events.add(socket.next());
    }
    try (Reader reader = new Reader("t4", "{\"channels\":" + ALL + "}")) {
      assertThat(events).isEqualTo(reader.untilEnd());
    }
    open.sendText(
            "{\"id\":3,\"method\":\"subscription.unsubscribe\",\"params\":{\"subscription_id\":\""
                + subscription
                + "\"}}",
            true)
        .get(60, TimeUnit.SECONDS);
    assertThat(socket.next().path("type").asText()).isEqualTo("success");
    open.sendText("{\"id\":4,\"method\":\"fly\"}", true).get(60, TimeUnit.SECONDS);
    assertThat(socket.next().path("error").asText()).isEqualTo("unknown_command");
    open.sendClose(WebSocket.NORMAL_CLOSURE, "").get(60, TimeUnit.SECONDS);
  }
}
