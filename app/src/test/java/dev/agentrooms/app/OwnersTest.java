package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sessions that belong to the users who ran first in them, at both servers.
@Tag("wire")
class OwnersTest {

  private static final String SECRET = "sessions-have-owners-by-this-secret";
  private static final String INTERNAL = "progress-is-taken-with-this-token";
  private static final Tokens TOKENS = Tokens.of(SECRET, InstantSource.system());

  @TempDir static Path dir;
  private static Stack stack;

  @BeforeAll
  static void start() {
    stack =
        Stack.start(
            "access.secret",
            SECRET,
            "access.trusted-proxies",
            "127.0.0.1",
            "internal-token",
            INTERNAL,
            "agent.runs.max-queued-per-user",
            2,
            "store.dir",
            dir.toString());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(600);
  }

  private static String user(String name) {
    return TOKENS.user(name, Scope.USE, soon());
  }

  private static String link(String session, Scope scope) {
    return TOKENS.link(session, scope, null, soon());
  }

  private static Stack.Answer post(String token, String what, String json, String... more) {
    String[] headers = new String[2 + more.length];
    headers[0] = "Authorization";
    headers[1] = "Bearer " + token;
    System.arraycopy(more, 0, headers, 2, more.length);
    return stack.post(stack.webUi() + "/api/agent/" + what, json, headers);
  }

  private static Stack.Answer at(
      String server, String token, String method, String path, String... more) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path))
            .header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.noBody());
    return stack.send((more.length == 0 ? request : request.headers(more)).build());
  }

  private static Stack.Answer get(String token, String path, String... more) {
    return at(stack.webUi(), token, "GET", path, more);
  }

  private static Stack.Answer run(String token, String session, String question) {
    return post(token, "run?wait=60", Stack.question(session, question));
  }

  private static List<String> listed(String token, String query) {
    return get(token, "/api/agent/sessions" + query)
        .json()
        .path("sessions")
        .findValuesAsText("session_id");
  }

  private static Stack.Answer name(String server, String token) {
    return stack.send(
        HttpRequest.newBuilder(URI.create(server + "/api/agent/sessions/ann-1"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"title\":\"Mine\"}"))
            .build());
  }

  @Test
  void theOverviewIsForOperatorsAlone() {
    String admin = TOKENS.user("root", Scope.ADMIN, soon());
    for (String path :
        List.of(stack.webUi() + "/api/admin/overview", stack.agent() + "/api/agent/overview")) {
      assertThat(stack.get(path).status()).isEqualTo(401);
      assertThat(at(path, user("ann"), "GET", "").status()).isEqualTo(403);
      assertThat(at(path, link("ann-1", Scope.USE), "GET", "").status()).isEqualTo(403);
      assertThat(at(path, admin, "GET", "").status()).isEqualTo(200);
    }
    // What the web UI is told by the agent, it is told as whoever asks.
    assertThat(get(admin, "/api/admin/overview").json().path("agent").path("nodes")).hasSize(1);
  }

  @Test
  void aSessionIsItsOwnersAndForOthersItIsNotThere() {
    assertThat(run(user("ann"), "ann-1", "What is a volcano?").status()).isEqualTo(200);
    String run =
        get(user("ann"), "/api/agent/sessions/ann-1").json().at("/last_run/run_id").asText();

    for (String server : List.of(stack.webUi(), stack.agent())) {
      for (String path : List.of("", "/messages", "/runs/" + run, "/runs/" + run + "/events")) {
        String whole = "/api/agent/sessions/ann-1" + path;
        assertThat(at(server, user("ann"), "GET", whole).status()).as(whole).isEqualTo(200);
        assertThat(at(server, user("bob"), "GET", whole).status()).as(whole).isEqualTo(404);
        assertThat(at(server, link("ann-1", Scope.WATCH), "GET", whole).status()).isEqualTo(200);
        assertThat(at(server, link("bob-1", Scope.USE), "GET", whole).status()).isEqualTo(403);
      }
      assertThat(name(server, user("bob")).status()).isEqualTo(404);
      assertThat(name(server, link("ann-1", Scope.WATCH)).status()).isEqualTo(403);
      assertThat(name(server, user("ann")).status()).isEqualTo(200);
      assertThat(at(server, user("bob"), "DELETE", "/api/agent/sessions/ann-1").status())
          .isEqualTo(404);
      assertThat(
              at(server, link("ann-1", Scope.WATCH), "DELETE", "/api/agent/sessions/ann-1")
                  .status())
          .isEqualTo(403);
    }
    assertThat(get(user("ann"), "/api/messages?session_id=ann-1").status()).isEqualTo(200);
    // Another's and one that there is not answer alike.
    Stack.Answer anothers = get(user("bob"), "/api/messages?session_id=ann-1");
    Stack.Answer unknown = get(user("bob"), "/api/messages?session_id=nobody");
    assertThat(anothers.status()).isEqualTo(404);
    assertThat(new String(unknown.response().body(), UTF_8).replace("nobody", "ann-1"))
        .isEqualTo(new String(anothers.response().body(), UTF_8));
    assertThat(post(user("bob"), "run", Stack.question("ann-1", "Mine?")).status()).isEqualTo(404);
    assertThat(post(user("bob"), "cancel", "{\"session_id\":\"ann-1\"}").status()).isEqualTo(404);
    assertThat(
            post(
                    user("bob"),
                    "answer",
                    "{\"session_id\":\"ann-1\",\"run_id\":\"r\",\"input_id\":\"r.input.1\","
                        + "\"decision\":\"approve\"}")
                .status())
        .isEqualTo(404);
    assertThat(post(user("bob"), "links", "{\"session_id\":\"ann-1\"}").status()).isEqualTo(404);
    try (Watcher watcher = new Watcher(stack.webUi())) {
      for (String who : List.of(user("bob"), user("ann"))) {
        watcher.send("{\"cmd\":\"subscribe\",\"session_id\":\"ann-1\",\"token\":\"" + who + "\"}");
      }
      List<JsonNode> told = watcher.await(messages -> messages.size() == 2);
      assertThat(told.getFirst().path("code").asText()).isEqualTo("forbidden");
      assertThat(told.getLast().path("type").asText()).isEqualTo("subscribed");
    }
  }

  @Test
  void listsAndSearchesShowOnesOwn() {
    run(user("carl"), "carl-1", "What is a rare word, xylophagous?");
    run(user("dora"), "dora-1", "What is a rare word, xylophagous?");
    String admin = TOKENS.user("root", Scope.ADMIN, soon());

    assertThat(listed(user("carl"), "")).containsExactly("carl-1");
    assertThat(listed(user("dora"), "?search=xylophagous")).containsExactly("dora-1");
    assertThat(listed(user("nobody"), "?search=xylophagous")).isEmpty();
    assertThat(listed(admin, "?search=xylophagous")).containsExactlyInAnyOrder("carl-1", "dora-1");
    assertThat(listed(link("carl-1", Scope.WATCH), "")).containsExactly("carl-1");
  }

  @Test
  void runIdsAndKeysAreEachUsersOwn() {
    String chosen = "{\"question\":\"What is mine?\",\"run_id\":\"mine\"}";
    Stack.Answer eve = post(user("eve"), "run?wait=60", chosen);
    Stack.Answer fay = post(user("fay"), "run?wait=60", chosen);
    assertThat(eve.status()).isEqualTo(200);
    assertThat(fay.status()).isEqualTo(200);
    assertThat(eve.json().path("session_id")).isNotEqualTo(fay.json().path("session_id"));
    // Asked again, it is the same run.
    assertThat(post(user("eve"), "run?wait=60", chosen).json().path("session_id"))
        .isEqualTo(eve.json().path("session_id"));

    String keyed = "{\"question\":\"What is a key?\"}";
    Stack.Answer one = post(user("eve"), "run", keyed, "Idempotency-Key", "k");
    Stack.Answer other = post(user("fay"), "run", keyed, "Idempotency-Key", "k");
    Stack.Answer again = post(user("eve"), "run", keyed, "Idempotency-Key", "k");
    assertThat(one.json().path("session_id")).isNotEqualTo(other.json().path("session_id"));
    assertThat(again.json().path("run_id")).isEqualTo(one.json().path("run_id"));
  }

  @Test
  void aRoomThatProducersFillIsForAdminsAndLinks() {
    String event =
        "{\"event_id\":\"e\",\"session_id\":\"pushed-1\",\"ts\":\"2026-11-22T10:00:00Z\","
            + "\"step\":\"s\"}";
    String progress = stack.webUi() + "/api/agent/progress";
    String admin = TOKENS.user("root", Scope.ADMIN, soon());
    assertThat(stack.post(progress, event, "Authorization", "Bearer " + admin).status())
        .isEqualTo(401);
    assertThat(stack.post(progress, event, "X-Internal-Token", INTERNAL).status()).isEqualTo(200);

    String read = "/api/messages?session_id=pushed-1";
    assertThat(get(user("ann"), read).status()).isEqualTo(404);
    assertThat(get(admin, read).status()).isEqualTo(200);
    assertThat(get(link("pushed-1", Scope.WATCH), read).status()).isEqualTo(200);
    assertThat(get(admin, "/api/agent/sessions/pushed-1").status()).isEqualTo(200);
    assertThat(get(user("ann"), "/api/agent/sessions/pushed-1").status()).isEqualTo(404);
  }

  @Test
  void aLinkIsSharedAndGoesNoFurtherThanItsMaker() {
    run(user("gus"), "gus-1", "What is shared?");
    Stack.Answer made =
        post(user("gus"), "links", "{\"session_id\":\"gus-1\",\"scope\":\"use\",\"ttl\":\"5m\"}");
    assertThat(made.status()).isEqualTo(201);
    String token = made.json().path("token").asText();
    assertThat(made.json().path("url").asText()).endsWith("/?session=gus-1#token=" + token);

    assertThat(get(token, "/api/messages?session_id=gus-1").status()).isEqualTo(200);
    assertThat(run(token, "gus-1", "Shall I run, too?").status()).isEqualTo(200);
    assertThat(post(token, "run", "{\"question\":\"Without a session?\"}").status()).isEqualTo(403);
    // It lasts no longer than the link that it was made by.
    JsonNode further = post(token, "links", "{\"session_id\":\"gus-1\",\"ttl\":\"30d\"}").json();
    assertThat(further.path("expires_at")).isEqualTo(made.json().path("expires_at"));
    String watching = further.path("token").asText();
    assertThat(post(watching, "links", "{\"session_id\":\"gus-1\"}").status()).isEqualTo(403);
    assertThat(post(watching, "run", Stack.question("gus-1", "Me?")).status()).isEqualTo(403);
    for (String wrong :
        List.of(
            "{\"session_id\":\"gus-1\",\"ttl\":\"31d\"}",
            "{\"session_id\":\"gus-1\",\"ttl\":0}",
            "{\"session_id\":\"gus-1\",\"ttl\":\"soon\"}",
            "{\"session_id\":\"gus-1\",\"scope\":\"all\"}")) {
      assertThat(post(user("gus"), "links", wrong).status()).as(wrong).isEqualTo(400);
    }
    assertThat(
            post(user("gus"), "links", "{\"session_id\":\"gus-1\",\"scope\":\"admin\"}").status())
        .isEqualTo(403);
  }

  @Test
  void aLinkThatAnAdminMakesOpensItsOwnersSessionAndNoLaterOne() {
    String admin = TOKENS.user("root", Scope.ADMIN, soon());
    run(user("ola"), "ola-1", "What is shared by an operator?");
    String link =
        post(admin, "links", "{\"session_id\":\"ola-1\",\"scope\":\"use\"}")
            .json()
            .path("token")
            .asText();
    assertThat(run(link, "ola-1", "Whose run is it?").status()).isEqualTo(200);
    assertThat(at(stack.agent(), admin, "DELETE", "/api/agent/sessions/ola-1").status())
        .isEqualTo(204);
    assertThat(run(user("pat"), "ola-1", "What is his?").status()).isEqualTo(200);

    assertThat(get(link, "/api/agent/sessions/ola-1").status()).isEqualTo(404);
    assertThat(get(link, "/api/messages?session_id=ola-1").status()).isEqualTo(404);
    assertThat(post(link, "run", Stack.question("ola-1", "Mine?")).status()).isEqualTo(404);
  }

  private static Typed typed(String token, String command, String... words) {
    return Typed.of(
        Stream.concat(
                Stream.of(command, "--url=" + stack.webUi(), "--token=" + token), Stream.of(words))
            .toArray(String[]::new));
  }

  @Test
  void theCommandLineIsWhoItsTokenSays() {
    Typed asked = typed(user("quy"), "ask", "What is a tide?", "--session", "quy-1");
    assertThat(asked.exitCode()).as(asked.err()).isZero();
    String link = TOKENS.link("quy-1", Scope.WATCH, "quy", soon());

    assertThat(typed(user("quy"), "sessions").out()).contains("quy-1", "What is a tide?");
    assertThat(typed(user("ray"), "sessions").out()).doesNotContain("quy-1");
    assertThat(typed(link, "sessions").out()).contains("quy-1");
    assertThat(typed(link, "watch", "quy-1", "--until-end").exitCode()).isZero();
    assertThat(typed(user("quy"), "watch", "quy-1", "--until-end").out()).contains("final_answer");
    for (List<String> refused :
        List.of(
            List.of(user("ray"), "cancel", "quy-1"),
            List.of(user("ray"), "ask", "Mine?", "--session", "quy-1"),
            List.of(user("ray"), "watch", "quy-1", "--until-end"),
            List.of(link, "cancel", "quy-1"),
            List.of("no-token", "sessions"))) {
      Typed typed =
          typed(
              refused.getFirst(),
              refused.get(1),
              refused.subList(2, refused.size()).toArray(String[]::new));
      assertThat(typed.exitCode()).as("%s", refused).isNotZero();
      assertThat(typed.err()).as("%s", refused).startsWith("agent-rooms: ").hasLineCount(1);
      assertThat(typed.err()).doesNotContain(refused.getFirst());
    }
  }

  @Test
  void aSessionThatALinkBeginsBelongsToTheLinksMaker() {
    String token = TOKENS.link("hal-1", Scope.USE, "hal", soon());

    assertThat(run(token, "hal-1", "Whose is it?").status()).isEqualTo(200);

    assertThat(listed(user("hal"), "")).contains("hal-1");
    assertThat(get(user("ann"), "/api/agent/sessions/hal-1").status()).isEqualTo(404);
  }

  @Test
  void theAuditLogSaysWhoDidWhatAndNothingOfWhatWasSaid() {
    String kim = user("kim");
    try (CapturedLogs logs = new CapturedLogs("audit")) {
      run(kim, "kim-1", "What is between us?");
      get(user("lou"), "/api/agent/sessions/kim-1");
      get("forged", "/api/messages?session_id=kim-1");

      List<String> audit = Stack.await(logs::lines, lines -> lines.size() >= 3);
      assertThat(audit)
          .anySatisfy(
              line ->
                  assertThat(line)
                      .contains("\"caller\":\"user\"", "\"user\":\"kim\"", "\"from\":\"127.0.0.1\"")
                      .contains(
                          "POST /api/agent/run", "\"session_id\":\"kim-1\"", "\"run_id\":\"r-")
                      .contains("\"outcome\":\"allowed\""))
          .anySatisfy(
              line ->
                  assertThat(line)
                      .contains("\"user\":\"lou\"", "\"outcome\":\"refused\"", "Unknown session"))
          .anySatisfy(
              line -> assertThat(line).contains("\"caller\":\"unknown\"", "\"status\":401"));
      assertThat(String.join("\n", logs.lines())).doesNotContain("between us", kim, "forged");
    }
  }

  @Test
  void operatorsSeeTheLatestLinesOfASessionAndNobodyElse() {
    run(user("zoe"), "zoe-1", "What is between us?");
    get(user("yan"), "/api/agent/sessions/zoe-1");
    get(user("yan"), "/api/agent/sessions/zoe-2");
    try (Watcher watcher = new Watcher(stack.webUi())) {
      watcher.send(
          "{\"cmd\":\"subscribe\",\"session_id\":\"zoe-1\",\"token\":\"" + user("yan") + "\"}");
      watcher.await(messages -> messages.size() == 1);
    }
    String path = "/api/admin/sessions/zoe-1/audit";
    for (String token : List.of(user("zoe"), link("zoe-1", Scope.USE))) {
      assertThat(get(token, path).status()).isEqualTo(403);
    }
    Stack.Answer answer = get(TOKENS.user("root", Scope.ADMIN, soon()), path);

    assertThat(answer.json().path("kept").asInt()).isPositive();
    List<JsonNode> lines = new ArrayList<>();
    answer.json().at("/nodes/0/lines").forEach(lines::add);
    // The newest first; the attempts of her own and by her link are lines, too.
    assertThat(lines).extracting(line -> line.path("session_id").asText()).containsOnly("zoe-1");
    assertThat(lines)
        .extracting(line -> line.path("user").asText() + " " + line.path("outcome").asText())
        .containsSubsequence("yan refused", "yan refused", "zoe allowed");
    assertThat(lines)
        .extracting(line -> line.path("what").asText())
        .contains("subscribe", "GET /api/agent/sessions/zoe-1", "POST /api/agent/run");
    assertThat(new String(answer.response().body(), UTF_8)).doesNotContain("between us", "eyJ");
  }

  @Test
  void theAuditLogSaysTheAddressThatATrustedProxyNames() {
    try (CapturedLogs logs = new CapturedLogs("audit")) {
      get(
          user("kim"),
          "/api/agent/sessions?search=proxied",
          "X-Forwarded-For",
          "203.0.113.1, 192.0.2.77");

      // Web UI and agent have each a line of it.
      List<String> audit = Stack.await(logs::lines, lines -> lines.size() >= 2);
      assertThat(audit).allSatisfy(line -> assertThat(line).contains("\"from\":\"192.0.2.77\""));
    }
  }

  @Test
  void runsOfOneUserThatWaitKeepNobodyElseFromWaiting() {
    assertThat(waiting("mia", "mia-1").status()).isEqualTo(202);
    for (int i = 0; i < 2; i++) {
      assertThat(waiting("mia", "mia-1").json().path("status").asText()).isEqualTo("queued");
    }
    Stack.Answer refused = waiting("mia", "mia-1");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("retry-after")).isNotBlank();
    assertThat(refused.json().path("detail").asText()).contains("of yours");
    // Those in whose name a link is count for its maker.
    String link = TOKENS.link("mia-1", Scope.USE, "mia", soon());
    assertThat(post(link, "run", QUEUED.formatted("mia-1")).status()).isEqualTo(429);

    waiting("ned", "ned-1");
    assertThat(waiting("ned", "ned-1").json().path("status").asText()).isEqualTo("queued");
    for (String session : List.of("mia-1", "ned-1")) {
      String admin = TOKENS.user("root", Scope.ADMIN, soon());
      at(stack.agent(), admin, "DELETE", "/api/agent/sessions/" + session);
    }
  }

  private static final String QUEUED =
      "{\"session_id\":\"%s\",\"question\":\"Why? [rag:slow]\",\"on_busy\":\"enqueue\"}";

  private static Stack.Answer waiting(String user, String session) {
    return post(user(user), "run", QUEUED.formatted(session));
  }

  @Test
  void anIdThatSomebodyElseHadIsAnotherSession() {
    String read = "/api/messages?session_id=used-1";
    run(user("ina"), "used-1", "What is hers?");
    String link =
        post(user("ina"), "links", "{\"session_id\":\"used-1\"}").json().path("token").asText();
    JsonNode hers = get(link, read).json();
    try (Watcher watcher = new Watcher(stack.webUi())) {
      watcher.send(
          "{\"cmd\":\"subscribe\",\"session_id\":\"used-1\",\"token\":\"" + user("ina") + "\"}");
      watcher.await(messages -> messages.size() == 1);
      assertThat(at(stack.agent(), user("ina"), "DELETE", "/api/agent/sessions/used-1").status())
          .isEqualTo(204);
      // What the room still has of it is hers.
      assertThat(get(user("ina"), read).json().path("epoch")).isEqualTo(hers.path("epoch"));
      assertThat(get(user("jon"), read).status()).isEqualTo(404);

      String run = run(user("jon"), "used-1", "What is his?").json().path("run_id").asText();

      JsonNode his = get(user("jon"), read).json();
      assertThat(his.path("epoch")).isNotEqualTo(hers.path("epoch"));
      assertThat(his.path("messages").findValuesAsText("run_id")).containsOnly(run);
      assertThat(his.path("messages").path(0).path("seq").asInt(1)).isEqualTo(1);
      for (String before : List.of(user("ina"), link)) {
        assertThat(get(before, read).status()).isEqualTo(404);
        assertThat(at(stack.agent(), before, "GET", "/api/agent/sessions/used-1").status())
            .isEqualTo(404);
      }
      List<JsonNode> told = watcher.await(messages -> messages.size() > 1);
      assertThat(told).hasSize(2);
      assertThat(told.getLast().path("code").asText()).isEqualTo("forbidden");
      assertThat(told.getLast().path("session_id").asText()).isEqualTo("used-1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Agent-Rooms-Caller", "X-Forwarded-User"})
  void nobodyBecomesAUserByAHeaderOfTheirs(String header) {
    for (String server : List.of(stack.webUi(), stack.agent())) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server + "/api/agent/sessions"))
              .header(header, "eyJ1c2VyIjoiYW5uIiwic2NvcGUiOiJhZG1pbiJ9")
              .header("X-Agent-Rooms-Trust", "guess")
              .build();
      assertThat(stack.send(request).status()).isEqualTo(401);
    }
  }

  @Test
  void ofAThousandRandomRequestsNoneIsAnsweredThatShouldNotBe() {
    Random random = new Random(18);
    List<String> users = List.of("p-1", "p-2", "p-3", "p-4", "p-5");
    List<String> tokens = users.stream().map(OwnersTest::user).toList();
    Map<String, String> owners = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      int who = random.nextInt(users.size());
      String owner = users.get(who);
      owners.put("p-session-" + i, owner);
      String question = Stack.question("p-session-" + i, "Whose? " + owner);
      assertThat(post(tokens.get(who), "run", question).status()).isEqualTo(202);
    }
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      int who = random.nextInt(users.size());
      String name = users.get(who);
      String session = "p-session-" + random.nextInt(50);
      boolean isOwn = name.equals(owners.get(session));
      String server = random.nextBoolean() ? stack.webUi() : stack.agent();
      int kind = random.nextInt(6);
      String token = tokens.get(who);
      Stack.Answer answer =
          switch (kind) {
            case 0 -> get(token, "/api/messages?session_id=" + session);
            case 1 -> at(server, token, "GET", "/api/agent/sessions/" + session);
            case 2 -> at(server, token, "GET", "/api/agent/sessions/" + session + "/messages");
            case 3 -> post(token, "cancel", "{\"session_id\":\"" + session + "\"}");
            case 4 -> post(token, "links", "{\"session_id\":\"" + session + "\"}");
            default -> at(server, token, "GET", "/api/agent/sessions?limit=200");
          };
      boolean isFine =
          kind == 5
              ? answer.json().path("sessions").findValuesAsText("session_id").stream()
                  .allMatch(each -> name.equals(owners.get(each)))
              : isOwn == (answer.status() != 404);
      if (!isFine) {
        wrong.add(name + " " + session + " " + kind + " " + answer.status());
      }
    }
    assertThat(wrong).isEmpty();
  }
}
