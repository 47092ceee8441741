package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One session, watched through all protocols at once.
@Tag("wire")
class EveryClientTest {

  private static final Pattern EVENT_ID = Pattern.compile("\"event_id\":\"([^\"]+)\"");
  private static final Pattern NAMED_BY_A2A = Pattern.compile("\"eventId\":\"([^\"]+)\"");
  private static final String[] A2A = {"A2A-Version", "1.0", "Last-Event-ID", "0"};
  private static final String[] MCP = {"Accept", "application/json, text/event-stream"};

  private static TestTool tool;
  private static Stack stack;
  private static ProtocolClient client;

  @BeforeAll
  static void start() {
    tool = TestTool.within(5, "stuck");
    stack = Stack.start(tool.settings());
    client = new ProtocolClient(stack.webUi());
  }

  @AfterAll
  static void stop() {
    client.close();
    stack.close();
    tool.close();
  }

  /// Who watches through a protocol.
  ///
  /// @param end what it is told of a cancelled run, once
  private record Reader(ProtocolClient.Stream stream, String end) {}

  private static Map<String, Reader> readers(String session, String run) {
    Map<String, Reader> all = new LinkedHashMap<>();
    String task = session + "~" + run;
    String named = "{\"threadId\":\"%s\",\"runId\":\"%s\"}".formatted(session, run);
    String lookedUp =
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"get_run\","
                + "\"arguments\":{\"session_id\":\"%s\",\"run_id\":\"%s\",\"wait_seconds\":60},"
                + "\"_meta\":{\"progressToken\":3}}}")
            .formatted(session, run);
    String thread = "/langgraph/threads/" + session;
    all.put(
        "OpenAI",
        new Reader(
            client.open("GET", "/v1/responses/" + task + "?stream=true", null),
            "\"type\":\"response.incomplete\""));
    all.put(
        "LangGraph run",
        new Reader(
            client.open("GET", thread + "/runs/" + run + "/stream?stream_mode=custom", null),
            "event: end"));
    all.put(
        "LangGraph thread",
        new Reader(
            client.open(
                "POST", thread + "/stream/events", "{\"channels\":[\"custom\",\"lifecycle\"]}"),
            "\"event\":\"interrupted\""));
    all.put(
        "AG-UI",
        new Reader(client.open("POST", "/ag-ui/attach", named), "\"type\":\"RUN_FINISHED\""));
    all.put(
        "AI SDK",
        new Reader(
            client.open("GET", "/ai/chat/" + session + "/stream", null), "\"type\":\"abort\""));
    all.put(
        "A2A",
        new Reader(
            client.open("GET", "/a2a/tasks/" + task + ":subscribe", null, A2A),
            "\"state\":\"TASK_STATE_CANCELED\""));
    all.put("MCP", new Reader(client.open("POST", "/mcp", lookedUp, MCP), "\"id\":7,\"result\""));
    all.put(
        "Durable Streams",
        new Reader(
            client.open("GET", "/v1/stream/rooms/" + session + "?offset=-1&live=sse", null),
            "\"step\":\"cancelled\""));
    return all;
  }

  @Test
  void allProtocolsWatchOneSessionAndACancelByOneIsSeenByAll() {
    String session = "everyone";
    String run = stack.run(session, "What is stuck?");
    Stack.await(() -> tool.of(run).begun.get(), begun -> begun == 1);
    Map<String, Reader> readers = readers(session, run);
    try (Watcher socket = new Watcher(stack.webUi())) {
      socket.send("{\"cmd\":\"subscribe\",\"session_id\":\"everyone\",\"after\":0}");
      // Each has begun before the end.
      readers.values().forEach(reader -> reader.stream().until("etriev"));

      ProtocolClient.Answer cancelled =
          client.post("/a2a/tasks/" + session + "~" + run + ":cancel", "", "A2A-Version", "1.0");
      assertThat(cancelled.status()).isEqualTo(200);
      Stack.await(() -> tool.of(run).hungUp.get(), hungUp -> hungUp == 1);

      List<String> seen =
          socket.untilEnded(1).stream().map(event -> event.path("event_id").asText()).toList();
      assertThat(seen).hasSizeGreaterThan(2).doesNotHaveDuplicates();
      readers.forEach((protocol, reader) -> saw(protocol, reader, seen));
    } finally {
      readers.values().forEach(reader -> reader.stream().close());
    }
  }

  @Test
  void aRoomThatIsMadeAndReadIsForgottenWhoeverJustReadIt(@TempDir Path folder) {
    try (Stack kept = Stack.start("store.dir", folder.toString());
        ProtocolClient writer = new ProtocolClient(kept.webUi())) {
      // Without an event it leaves memory as soon as nobody looks, which must not come between.
      for (int i = 0; i < 30; i++) {
        String room = "/v1/stream/rooms/made-" + i;
        assertThat(writer.send("PUT", room, "").status()).isEqualTo(201);
        assertThat(writer.get(room).status()).isEqualTo(200);
        assertThat(writer.send("PUT", room, "").status()).isEqualTo(200);
        assertThat(writer.send("DELETE", room, null).status()).isEqualTo(204);
        assertThat(writer.send("DELETE", room, null).status()).isEqualTo(404);
      }
    }
  }

  @Test
  void whatNobodyDoesWithAStreamIsRefusedAsStreamsRefuse() {
    ProtocolClient.Answer patched = client.send("PATCH", "/v1/stream/some", "{}");
    assertThat(patched.status()).isEqualTo(405);
    assertThat(patched.header("Content-Type")).startsWith("application/problem+json");
    assertThat(patched.header("Allow")).contains("PUT", "DELETE");
    assertThat(client.get("/v1/stream/__ds/none").header("Content-Type"))
        .startsWith("application/problem+json");
    assertThat(client.get("/v1/none").header("Content-Type")).isEqualTo("application/json");
  }

  private static void saw(String protocol, Reader reader, List<String> all) {
    boolean goesOn = protocol.equals("LangGraph thread") || protocol.equals("Durable Streams");
    String whole = goesOn ? reader.stream().untilLine(reader.end()) : reader.stream().whole();
    assertThat(whole.split(Pattern.quote(reader.end()), -1)).as(protocol + whole).hasSize(2);
    if (protocol.equals("OpenAI")) {
      // One of ours stands in each of theirs that it became.
      assertThat(new LinkedHashSet<>(ids(whole, protocol.equals("A2A"))))
          .as(protocol)
          .containsExactlyElementsOf(all);
    } else {
      assertThat(ids(whole, protocol.equals("A2A"))).as(protocol).isEqualTo(all);
    }
  }

  private static List<String> ids(String stream, boolean isA2a) {
    List<String> ids = new ArrayList<>();
    var found = (isA2a ? NAMED_BY_A2A : EVENT_ID).matcher(stream);
    while (found.find()) {
      // LangGraph's own are places.
      if (!found.group(1).contains(":")) {
        ids.add(found.group(1));
      }
    }
    return ids;
  }
}
