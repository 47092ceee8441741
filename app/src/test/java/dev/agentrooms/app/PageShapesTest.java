package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.WebSocketRoute;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The page shows data of any shape from producers, tools and servers, and goes on.
@Tag("browser")
class PageShapesTest {

  private static final String LAST_WORDS = "This one is as it should be";

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  private final Set<String> runs = new HashSet<>();
  private final List<ObjectNode> waiting = new ArrayList<>();
  private int published;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.start(EnumSet.of(Role.WEBUI), Stack.settings("webui.room.history-size", 2000));
  }

  @Test
  void noMemberOfMetaEndsThePage() {
    try (Tab tab = watching("odd-steps")) {
      for (int v = 0; v < OddShapes.VALUES.size(); v++) {
        for (var each : OddShapes.READ.entrySet()) {
          for (String member : each.getValue()) {
            ObjectNode meta = Json.object();
            meta.set(member, OddShapes.VALUES.get(v));
            publish("odd-steps", "r-" + v, each.getKey(), meta);
          }
        }
      }
      assertThat(published).isGreaterThan(900);
      goesOn(tab, "odd-steps");
      tab.page.reload();
      goesOn(tab, "odd-steps");
    }
  }

  @Test
  void noMemberOfALastEventEndsThePage() {
    try (Tab tab = watching("odd-ends")) {
      for (JsonNode value : OddShapes.VALUES) {
        for (var each : OddShapes.READ_AT_THE_END.entrySet()) {
          for (String member : each.getValue()) {
            ObjectNode meta = Json.object();
            meta.set(member, value);
            publish("odd-ends", "r-" + published, each.getKey(), meta);
          }
        }
      }
      goesOn(tab, "odd-ends");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"quiz", "grade", "answer"})
  void noPartOfAResultEndsThePage(String kind) {
    String session = "odd-" + kind;
    try (Tab tab = watching(session)) {
      for (JsonNode result : OddShapes.spoilt(requireNonNull(OddShapes.RESULTS.get(kind)))) {
        ObjectNode meta = Json.object().put("status", "succeeded");
        meta.set("result", result);
        publish(session, "r-" + published, "final_answer", meta);
      }
      assertThat(published).isGreaterThan(230);
      goesOn(tab, session);
      tab.clickAll(".quiz input");
      tab.clickAll(".quiz button[type=submit]");
      publish(session, "r-last", "progress", Json.object(), "And so is this");
      send(session);
      assertThat(tab.css(".run").last().locator(".step .title").last()).hasText("And so is this");
      assertHarmless(tab);
    }
  }

  /// Times that are none, and those that the server takes and no calendar shows.
  @Test
  void noTimeEndsThePage() throws IOException, InterruptedException {
    List<String> times =
        List.of(
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "+10000-01-01T00:00:00Z",
            "+1000000000-12-31T23:59:59Z",
            "-0001-12-31T23:59:59Z",
            "-1000000000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-11-22T10:00:00+18:00",
            "tomorrow",
            "");
    try (Tab tab = watching("odd-times");
        HttpClient client = HttpClient.newHttpClient()) {
      for (String time : times) {
        for (String step : List.of("queued", "start_retrieval", "retrieval_done", "final_answer")) {
          ObjectNode event = event("odd-times", "r-" + time.hashCode(), step, Json.object());
          // Whatever of these the server refuses never gets here.
          HttpRequest request =
              HttpRequest.newBuilder(URI.create(stack.webUi() + "/api/agent/progress"))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(event.put("ts", time).toString()))
                  .build();
          assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
              .isIn(200, 400);
        }
      }
      publish("odd-times", "r-last", "progress", Json.object(), LAST_WORDS);
      send("odd-times");
      openAll(tab);
      assertThat(tab.css(".run").last().locator(".step .title").last()).hasText(LAST_WORDS);
      assertHarmless(tab);
    }
  }

  /// What no server of ours would say: every member of a message in every shape.
  @Test
  void noMessageOnTheSocketEndsThePage() {
    List<String> messages = new ArrayList<>();
    for (JsonNode value : OddShapes.VALUES) {
      messages.add(value.toString());
      for (String member :
          List.of(
              "type",
              "seq",
              "event_id",
              "ts",
              "session_id",
              "run_id",
              "step",
              "tool",
              "level",
              "message",
              "meta")) {
        ObjectNode event = event("odd-socket", "r-" + messages.size(), "progress", Json.object());
        event.put("type", "progress").put("seq", messages.size()).set(member, value);
        messages.add(event.toString());
      }
      for (String member : List.of("epoch", "seq", "recovered", "first_seq")) {
        ObjectNode subscribed = subscribed(0).put("recovered", false);
        messages.add(subscribed.<ObjectNode>set(member, value).toString());
      }
    }
    messages.addAll(List.of("", "{", "not JSON", "\u0000", "[".repeat(50_000)));
    ObjectNode deep = event("odd-socket", "r-deep", "progress", Json.object());
    String nest = "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000);
    messages.add(
        deep.put("type", "progress")
            .put("seq", 5000)
            .toString()
            .replace("{}", "{\"input\":" + nest + "}"));
    assertThat(messages).hasSizeGreaterThan(460);

    try (Tab tab = chromium.tab().withDetails().withoutAgent()) {
      tab.page.routeWebSocket(
          "**/ws",
          socket ->
              socket.onMessage(
                  frame -> {
                    if (frame.text().contains("subscribe")) {
                      socket.send(subscribed(0).toString());
                      messages.forEach(socket::send);
                      socket.send(subscribed(9000).toString());
                      last(socket);
                    }
                  }));
      tab.open(stack, "odd-socket");

      assertThat(tab.css(".run").last().locator(".step .title").last()).hasText(LAST_WORDS);
      openAll(tab);
      assertHarmless(tab);
    }
  }

  @Test
  void noAnswerOfTheAgentEndsThePage() {
    ObjectNode list = Json.object();
    ArrayNode entries = list.putArray("sessions");
    for (JsonNode value : OddShapes.VALUES) {
      entries.add(value);
      for (String member : List.of("session_id", "status", "last_active_at", "run")) {
        entries.add(Json.object().put("session_id", "s" + entries.size()).set(member, value));
      }
      for (String member : List.of("question", "status")) {
        entries
            .addObject()
            .put("session_id", "s" + entries.size())
            .putObject("run")
            .set(member, value);
      }
    }
    for (int i = 0; i < OddShapes.VALUES.size(); i++) {
      publish("odd-agent", "r-" + i, "start_retrieval", Json.object().put("trace_id", "t"));
    }
    send("odd-agent");
    try (Tab tab = chromium.tab().withDetails()) {
      tab.page.route("**/api/agent/sessions?*", route -> fulfill(route, list));
      tab.page.route(
          "**/runs/*",
          route -> {
            String url = route.request().url();
            int number = Integer.parseInt(url.substring(url.lastIndexOf('-') + 1));
            JsonNode value = OddShapes.VALUES.get(number);
            ObjectNode run = Json.object().put("status", "succeeded");
            for (String member :
                List.of("question", "intent", "result", "error", "started_at", "finished_at")) {
              run.set(member, value);
            }
            fulfill(route, number % 2 == 0 ? run : run.set("status", value));
          });
      tab.open(stack, "odd-agent");
      assertThat(tab.css("nav li")).hasCount(entries.size());
      goesOn(tab, "odd-agent");
    }
  }

  /// A mistake of the page's own, in two views that were never written so.
  @Test
  void whatCannotBeDrawnIsShownAsJsonAndTheRestGoesOn() {
    byte[] source = stack.get(stack.webUi() + "/page/app/main.js").response().body();
    String steps = new String(source, UTF_8);
    String broken =
        steps.replace(
            "function step(app, row, span, now) {",
            """
            function step(app, row, span, now) {
              if (row.step === 'thrown') { throw new Error('a view that throws'); }
              if (row.step === 'choked') { return html`<li>${{ toString: 1, nothing: 'of use' }}</li>`; }
            """);
    assertThat(broken).isNotEqualTo(steps);
    try (Tab tab = chromium.tab().withDetails().withoutAgent()) {
      tab.page.route(
          "**/app/main.js",
          route ->
              route.fulfill(
                  new Route.FulfillOptions().setContentType("text/javascript").setBody(broken)));
      tab.open(stack, "broken");
      assertThat(tab.css(".connection")).hasText("Live");
      for (String step : List.of("first", "thrown", "second", "choked", "third")) {
        publish("broken", "r-1", step, Json.object().put("secret", "of " + step));
      }
      publish("broken", "r-1", "progress", Json.object(), LAST_WORDS);
      send("broken");

      assertThat(tab.css(".step .title"))
          .hasText(new String[] {"first", "second", "third", LAST_WORDS});
      assertThat(tab.css(".step .odd")).hasCount(2);
      assertThat(tab.css(".odd").last()).containsText("\"secret\": \"of choked\"");
      // Neither mistake is hidden from those who can mend it.
      assertThat(tab.complaints).anyMatch(words -> words.contains("a view that throws"));
      assertThat(tab.complaints).anyMatch(words -> words.contains("TypeError"));
    }
  }

  private static Tab watching(String session) {
    Tab tab = chromium.tab().withDetails().withoutAgent();
    tab.page.addInitScript("window.hits = []; window.hit = () => window.hits.push('ran');");
    tab.open(stack, session);
    assertThat(tab.css(".connection")).hasText("Live");
    return tab;
  }

  /// Everything is drawn, and what happens next is too.
  private void goesOn(Tab tab, String session) {
    publish(session, "r-last", "progress", Json.object());
    send(session);
    tab.showAllRuns(runs.size());
    openAll(tab);
    publish(session, "r-last", "progress", Json.object(), LAST_WORDS);
    send(session);
    assertThat(tab.css(".run").last().locator(".step .title").last()).hasText(LAST_WORDS);
    tab.button("Русский").click();
    assertThat(tab.css(".run .state").last()).hasText("идёт");
    tab.button("English").click();
    assertHarmless(tab);
  }

  private static void openAll(Tab tab) {
    tab.clickAll(".run .fold[aria-expanded=false]");
    tab.clickAll(".step details:not([open]) summary");
    tab.clickAll(".sources details:not([open]) summary");
    assertThat(tab.css(".run .fold[aria-expanded=false]")).hasCount(0);
  }

  private static void assertHarmless(Tab tab) {
    assertThat(tab.complaints).isEmpty();
    assertThat(tab.css(".odd, #app script, #app img[src=x]")).hasCount(0);
    assertThat(tab.page.evaluate("() => window.hits ?? []")).isEqualTo(List.of());
    assertThat(tab.page.evaluate("() => document.documentElement.scrollWidth"))
        .isEqualTo(tab.page.viewportSize().width);
  }

  private void publish(String session, String run, String step, ObjectNode meta) {
    publish(session, run, step, meta, "");
  }

  private void publish(String session, String run, String step, ObjectNode meta, String message) {
    waiting.add(event(session, run, step, meta).put("message", message));
    runs.add(run);
    published++;
  }

  private static void last(WebSocketRoute socket) {
    ObjectNode event = event("odd-socket", "r-last", "progress", Json.object());
    socket.send(
        event.put("type", "progress").put("seq", 9001).put("message", LAST_WORDS).toString());
  }

  /// Hands in what was published since.
  private void send(String session) {
    stack.publish(session, waiting);
    waiting.clear();
  }

  private static int events;

  private static ObjectNode event(String session, String run, String step, ObjectNode meta) {
    ObjectNode event =
        Json.object()
            .put("event_id", "e" + events++)
            .put("ts", "2026-11-22T10:00:00Z")
            .put("session_id", session)
            .put("run_id", run)
            .put("step", step);
    event.set("meta", meta);
    return event;
  }

  private static ObjectNode subscribed(int seq) {
    return Json.object()
        .put("type", "subscribed")
        .put("session_id", "odd-socket")
        .put("epoch", "k")
        .put("seq", seq);
  }

  private static void fulfill(Route route, JsonNode body) {
    route.fulfill(
        new Route.FulfillOptions().setContentType("application/json").setBody(body.toString()));
  }
}
