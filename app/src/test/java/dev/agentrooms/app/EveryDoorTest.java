package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import dev.agentrooms.protocol.ApiDocument;
import dev.agentrooms.protocol.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What each kind of caller is answered at each route of both servers, where access is by token.
@Tag("wire")
class EveryDoorTest {

  private static final String SECRET = "every-door-is-tried-with-this-secret";
  private static final String INTERNAL = "producers-of-events-have-this-token";
  private static final Tokens TOKENS = Tokens.of(SECRET, InstantSource.system());
  private static final String SESSION = "ann-1";
  private static final String RUN = "ann-run";

  /// Who knocks, in the order of the table's columns.
  private enum Who {
    NOBODY,
    FORGED,
    EXPIRED,
    /// Whose session it is, by a token that may watch only.
    READER,
    OWNER,
    OTHER,
    ADMIN,
    /// By a link to the session.
    WATCH,
    USE,
    /// By a link to another session.
    ELSE,
    PRODUCER;

    String header() {
      Instant soon = Instant.now().plusSeconds(600);
      String token =
          switch (this) {
            case NOBODY, PRODUCER -> "";
            case FORGED ->
                Tokens.of("some-other-secret-of-the-same-length", InstantSource.system())
                    .user("ann", Scope.USE, soon);
            case EXPIRED ->
                TOKENS.user("ann", Scope.USE, Instant.now().minus(Duration.ofMinutes(5)));
            case READER -> TOKENS.user("ann", Scope.WATCH, soon);
            case OWNER -> TOKENS.user("ann", Scope.USE, soon);
            case OTHER -> TOKENS.user("bob", Scope.USE, soon);
            case ADMIN -> TOKENS.user("root", Scope.ADMIN, soon);
            case WATCH -> TOKENS.link(SESSION, Scope.WATCH, null, soon);
            case USE -> TOKENS.link(SESSION, Scope.USE, null, soon);
            case ELSE -> TOKENS.link("cid-1", Scope.USE, null, soon);
          };
      return this == PRODUCER
          ? "X-Internal-Token: " + INTERNAL + "\r\n"
          : token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
    }
  }

  private static final Set<Who> STRANGERS = Set.of(Who.NOBODY, Who.OTHER, Who.ELSE);

  // A status, or "in" for any that is no refusal of access.
  private static final String OPEN = "in  in  in  in  in  in  in  in  in  in  in";
  private static final String READ = "401 401 401 in  in  404 in  in  in  403 401";
  private static final String USED = "401 401 401 403 in  404 in  403 in  403 401";
  private static final String MADE = "401 401 401 403 in  in  in  403 403 403 401";
  private static final String LIST = "401 401 401 in  in  in  in  in  in  in  401";
  private static final String RULE = "401 401 401 403 403 403 in  403 403 403 401";
  private static final String PUSH = "401 401 401 401 401 401 401 401 401 401 in";
  private static final String POUR = "401 403 403 403 403 403 403 403 403 403 in";

  /// One route, and what it answers to each.
  ///
  /// @param route as the API document names it
  /// @param path of one request; a `*` for what is each caller's own
  record Door(String route, String path, String body, String answers) {

    Door(String route, String body, String answers) {
      this(
          route,
          route
              .substring(route.indexOf(' ') + 1)
              .replace("{session_id}", SESSION)
              .replace("{run_id}", RUN),
          body,
          answers);
    }

    String method() {
      return route.substring(0, route.indexOf(' '));
    }

    String answer(Who who) {
      return answers.strip().split(" +")[who.ordinal()];
    }

    @Override
    public String toString() {
      return route;
    }
  }

  private static String of(String members) {
    return "{\"session_id\":\"" + SESSION + "\"" + members + "}";
  }

  private static final String EVENT =
      of(",\"event_id\":\"e\",\"ts\":\"2026-11-22T10:00:00Z\",\"step\":\"s\"");
  private static final String DELTA =
      of(",\"run_id\":\"r\",\"part\":\"draft\",\"offset\":0,\"text\":\"t\"");
  private static final String ANSWER =
      of(",\"run_id\":\"ann-run\",\"input_id\":\"ann-run.input.1\",\"decision\":\"approve\"");

  static List<Door> documented() {
    return List.of(
        new Door("POST /api/agent/run", of(",\"question\":\"What is a door?\""), USED),
        new Door("POST /api/agent/cancel", of(""), USED),
        new Door("POST /api/agent/answer", ANSWER, USED),
        new Door("POST /api/agent/links", of(""), USED),
        new Door("GET /api/agent/workflows", "", LIST),
        new Door("GET /api/agent/overview", "", RULE),
        new Door("GET /api/admin/overview", "", RULE),
        new Door("GET /api/admin/sessions/{session_id}/audit", "", RULE),
        new Door("GET /admin", "", OPEN),
        new Door("GET /api/agent/notes", "", "401 401 401 in in in in 403 403 403 401"),
        new Door("GET /api/agent/sessions", "", LIST),
        new Door("GET /api/agent/sessions/{session_id}", "", READ),
        new Door("PUT /api/agent/sessions/{session_id}", "", USED),
        new Door("PATCH /api/agent/sessions/{session_id}", "{\"title\":\"Doors\"}", USED),
        new Door("DELETE /api/agent/sessions/{session_id}", "", USED),
        new Door("GET /api/agent/sessions/{session_id}/runs/{run_id}", "", READ),
        new Door("GET /api/agent/sessions/{session_id}/runs/{run_id}/events", "", READ),
        new Door("GET /api/agent/sessions/{session_id}/messages", "", READ),
        new Door("POST /api/agent/progress", EVENT, PUSH),
        new Door("POST /api/agent/deltas", DELTA, PUSH),
        new Door("GET /api/messages", "/api/messages?session_id=" + SESSION, "", READ),
        new Door("GET /api/events", "/api/events?session_id=" + SESSION, "", READ),
        new Door("PUT /v1/stream/{path}", "/v1/stream/made*", "x", POUR),
        new Door("POST /v1/stream/{path}", "/v1/stream/poured", "x", POUR),
        new Door(
            "GET /v1/stream/{path}",
            "/v1/stream/rooms/" + SESSION,
            "",
            "401 401 401 in in 404 in in in 403 in"),
        new Door("DELETE /v1/stream/{path}", "/v1/stream/gone*", "", POUR),
        // Whose rooms it may watch is asked when it subscribes.
        new Door("GET /ws", "", OPEN),
        new Door("GET /api/access", "", OPEN),
        new Door("GET /", "", OPEN),
        new Door("GET /page/{file}", "/page/page.css", "", OPEN),
        new Door("GET /health", "", OPEN),
        new Door("GET /health/live", "", OPEN),
        new Door("GET /health/ready", "", OPEN),
        new Door("GET /metrics", "", OPEN),
        new Door("GET /openapi.json", "", OPEN),
        new Door("GET /asyncapi.json", "", OPEN));
  }

  static List<Door> ofAdapters() {
    String thread = "/langgraph/threads/" + SESSION;
    String question = "\"messages\":[{\"role\":\"user\",\"content\":\"What is a roof?\"";
    String agUi =
        "{\"threadId\":\"ann-1\",\"runId\":\"ag-*\",\"state\":{},\"tools\":[],\"context\":[],"
            + "\"forwardedProps\":{},\"messages\":[{\"id\":\"m\",\"role\":\"user\","
            + "\"content\":\"What is a roof?\"}]}";
    String a2a =
        "{\"message\":{\"messageId\":\"m-*\",\"contextId\":\"ann-1\",\"role\":\"ROLE_USER\","
            + "\"parts\":[{\"text\":\"What is a roof?\"}]}}";
    String mcp =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"ask\","
            + "\"arguments\":{\"session_id\":\"ann-1\",\"question\":\"What is a roof?\"}}}";
    String chat =
        "{\"id\":\"ann-1\",\"trigger\":\"submit-message\",\"messages\":[{\"id\":\"c-*\","
            + "\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"What is a roof?\"}]}]}";
    return List.of(
        door("GET " + thread, "", READ),
        door("GET " + thread + "/state", "", READ),
        door("POST " + thread + "/history", "{}", USED),
        door("POST /langgraph/threads/search", "{}", MADE),
        door("POST /langgraph/threads", "{\"thread_id\":\"ann-1\"}", USED),
        door("GET " + thread + "/runs", "", READ),
        door("GET " + thread + "/runs/" + RUN, "", READ),
        door("GET " + thread + "/runs/" + RUN + "/join", "", READ),
        door("GET " + thread + "/runs/" + RUN + "/stream", "", READ),
        door("POST " + thread + "/runs/" + RUN + "/cancel", "{}", USED),
        door(
            "POST " + thread + "/runs/wait",
            "{\"assistant_id\":\"agent\",\"input\":{" + question + "}]}}",
            USED),
        door("POST " + thread + "/stream/events", "{\"channels\":[\"values\"]}", READ),
        door("DELETE " + thread, "", USED),
        door("GET /langgraph/assistants/agent", "", OPEN),
        door("POST /ag-ui", agUi, USED),
        door("POST /ag-ui/attach", agUi, USED),
        door("POST /a2a/message:send?A2A-Version=1.0", a2a, USED),
        door("GET /a2a/tasks?A2A-Version=1.0&contextId=" + SESSION, "", READ.replace("404", "200")),
        door("GET /.well-known/agent-card.json", "", OPEN),
        door("GET /v1/models", "", OPEN),
        door("POST /v1/responses", "{\"input\":\"What?\",\"conversation\":\"ann-1\"}", USED),
        door("GET /v1/responses/ann-1~ann-run", "", READ),
        door("POST /v1/conversations", "{}", MADE),
        door("GET /v1/conversations/ann-1", "", READ),
        door("GET /v1/conversations/ann-1/items", "", READ),
        door("POST /ai/chat", chat, USED),
        // As where nobody has asked anything.
        door("GET /ai/chat/ann-1/stream", "", READ.replace("404", "204")),
        // A tool's result says what is wrong.
        door("POST /mcp", mcp, USED.replace("404", "200")));
  }

  private static Door door(String route, String body, String answers) {
    return new Door(route, body, answers);
  }

  @ParameterizedTest
  @MethodSource("ofAdapters")
  void theAdaptersAnswerByTheSameRules(Door door) {
    assertAnswers(door, List.of(stack.webUi()));
  }

  private static Stack stack;

  @BeforeAll
  static void start() {
    stack = Stack.start("access.secret", SECRET, "internal-token", INTERNAL);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static JsonNode api() {
    return Json.parse(ApiDocument.OPENAPI.read());
  }

  /// As `METHOD /path`, and the servers that have it.
  private static Set<String> routes() {
    Set<String> routes = new TreeSet<>();
    api()
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method -> {
                          if (Set.of("get", "put", "post", "delete", "patch", "head")
                                  .contains(method.getKey())
                              && !method.getValue().has("x-protocol")) {
                            routes.add(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                          }
                        }));
    return routes;
  }

  static List<String> servers(Door door, Stack stack) {
    List<String> servers = new ArrayList<>();
    api()
        .path("paths")
        .path(door.route().substring(door.route().indexOf(' ') + 1))
        .path(door.method().toLowerCase(Locale.ROOT))
        .path("x-servers")
        .forEach(
            name -> servers.add(name.asText().equals("agent") ? stack.agent() : stack.webUi()));
    return servers;
  }

  @Test
  void everyDocumentedRouteHasARow() {
    assertThat(documented().stream().map(Door::route))
        .containsExactlyInAnyOrderElementsOf(routes());
  }

  @ParameterizedTest
  @MethodSource("documented")
  void whoKnocksIsAnsweredAsTheTableSays(Door door) {
    assertAnswers(door, servers(door, stack));
  }

  private static void assertAnswers(Door door, List<String> servers) {
    assertThat(servers).isNotEmpty();
    List<String> wrong = new ArrayList<>();
    for (String server : servers) {
      for (Who who : Who.values()) {
        exist();
        String expected = door.answer(who);
        RawHttp.Answer answer = knock(server, door, who);
        if (expected.equals("in")
            ? !isLetIn(answer)
            : answer.status() != Integer.parseInt(expected)) {
          wrong.add(who + ": " + answer.status() + " " + answer.text() + ", not " + expected);
        }
        if (answer.status() == 401 && !door.answers().equals(PUSH)) {
          assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
        }
        if (STRANGERS.contains(who)) {
          assertThat(answer.text()).as(door.route()).doesNotContain(RUN, "house");
        }
      }
    }
    assertThat(wrong).as(door.route()).isEmpty();
  }

  // What is asked for may be impossible now, or not be there in a session that one sees.
  static boolean isLetIn(RawHttp.Answer answer) {
    return switch (answer.status()) {
      case 404 -> !answer.text().contains("There is no session");
      case 409 -> true;
      default -> answer.status() < 400;
    };
  }

  /// Ann has a session with a run that has ended; some door may have deleted it.
  private static void exist() {
    String ann = Who.OWNER.header().strip().substring("Authorization: ".length());
    String run = of(",\"question\":\"What is a house?\",\"run_id\":\"" + RUN + "\"");
    // What deletes it may be sent twice where answers are slow.
    Stack.await(
        () ->
            stack
                .post(stack.agent() + "/api/agent/run?wait=60", run, "Authorization", ann)
                .status(),
        status -> status == 200);
  }

  private static RawHttp.Answer knock(String server, Door door, Who who) {
    return knock(server, door, who.name(), who.header(), STRANGERS.contains(who));
  }

  /// @param name in place of a `*`
  /// @param headers those that say who knocks
  /// @param isWhole whether the answer is read to its end, of which streams have none
  static RawHttp.Answer knock(
      String server, Door door, String name, String headers, boolean isWhole) {
    String path = door.path().replace("*", name);
    String body = door.body().replace("*", name);
    String upgrade =
        door.route().equals("GET /ws")
            ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            : "Connection: close\r\n";
    String type = door.body().startsWith("{") ? "application/json" : "text/plain";
    String head =
        door.method()
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\n"
            + upgrade
            + headers
            + (door.method().equals("GET")
                ? ""
                : "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n")
            + "\r\n";
    try (RawHttp connection = new RawHttp(server)) {
      connection.write((head + body).getBytes(ISO_8859_1));
      return isWhole ? connection.readOne() : connection.readWhyNot();
    }
  }
}
