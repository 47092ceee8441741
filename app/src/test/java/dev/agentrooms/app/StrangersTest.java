package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.webui.watch.RoomTokens;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers to a client that may start and cancel runs, and has no token for the session.
@Tag("wire")
class StrangersTest {

  private static final String SECRET = "rooms-are-opened-by-this-very-secret";
  private static final RoomTokens TOKENS = RoomTokens.of(SECRET, InstantSource.system());

  private static Stack stack;

  @BeforeAll
  static void start() {
    stack = Stack.start("webui.room-token-secret", SECRET);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static String bearer(String sessionId) {
    return "Bearer " + TOKENS.mint(sessionId, Instant.now().plusSeconds(300));
  }

  private static Stack.Answer post(String what, String body, String... headers) {
    return stack.post(stack.webUi() + "/api/agent/" + what, body, headers);
  }

  private static String text(Stack.Answer answer) {
    return new String(answer.response().body(), UTF_8) + answer.response().headers().map();
  }

  /// As the agent's own port tells, which needs no token.
  private static void awaitEnd(String sessionId, String run) {
    String url = stack.agent() + "/api/agent/sessions/" + sessionId + "/runs/" + run;
    Stack.await(
        () -> stack.get(url).json().path("status").asText(),
        status -> status.matches("succeeded|failed|cancelled"));
  }

  @Test
  void aClientWithoutATokenIsToldItsNewRunOnly() {
    Stack.Answer answer = post("run", Stack.question("open", "What is a stranger?"));

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().path("run_id").asText()).isNotBlank();
    assertThat(answer.json().path("status").asText()).isEqualTo("accepted");
    assertThat(answer.header("Location")).endsWith(answer.json().path("run_id").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"run?wait=20", "run?%77ait=20", "run?wait=&wait=20", "cancel?wait=20"})
  void waitingNeedsAToken(String what) {
    String question = Stack.question("waited", "What is a stranger?");
    for (String[] headers :
        new String[][] {{}, {"Authorization", "Basic cjE6cjE="}, {"Authorization", "Bearer"}}) {
      Stack.Answer answer = post(what, question, headers);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
    }
    for (String wrong : List.of("Bearer x", bearer("other"))) {
      assertThat(post(what, question, "Authorization", wrong).status()).isEqualTo(403);
    }
    // Nobody can have a token for a session that is yet to be made up.
    String unnamed = "{\"question\":\"What is a stranger?\"}";
    assertThat(post(what, unnamed, "Authorization", bearer("waited")).status()).isEqualTo(401);
    assertThat(stack.get(stack.agent() + "/api/agent/sessions/waited").status()).isEqualTo(404);
  }

  @Test
  void aClientWithATokenMayWait() {
    String question = Stack.question("mine", "What is a stranger?");

    Stack.Answer answer = post("run?wait=60", question, "Authorization", bearer("mine"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("status").asText()).isEqualTo("succeeded");
    assertThat(answer.json().path("result").isMissingNode()).isFalse();
  }

  @Test
  void refusalsTellAStrangerOfNoRun() {
    String run = stack.run("secret", "What is a stranger? [rag:slow]");
    String token = bearer("secret");
    String question = Stack.question("secret", "Who?");

    Stack.Answer busy = post("run", question);
    assertThat(busy.status()).isEqualTo(409);
    assertThat(text(busy)).doesNotContain(run);
    assertThat(busy.json().path("session_id").asText()).isEqualTo("secret");
    assertThat(text(post("run", question, "Authorization", bearer("other")))).doesNotContain(run);
    assertThat(text(post("run", question, "Authorization", token))).contains(run);

    String cancel = "{\"session_id\":\"secret\"}";
    Stack.Answer cancelling = post("cancel", cancel);
    assertThat(cancelling.status()).isEqualTo(202);
    assertThat(text(cancelling)).doesNotContain(run);
    assertThat(cancelling.json().path("status").asText()).isEqualTo("cancelling");
    awaitEnd("secret", run);
    Stack.Answer cancelled = post("cancel", cancel);
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(text(cancelled)).doesNotContain(run);
    assertThat(post("cancel", cancel, "Authorization", token).json().path("run_id").asText())
        .isEqualTo(run);
    // What a stranger knows already is no news.
    String named = "{\"session_id\":\"secret\",\"run_id\":\"" + run + "\"}";
    JsonNode known = post("cancel", named).json();
    assertThat(known.path("run_id").asText()).isEqualTo(run);

    String done = stack.run("done", "What is a stranger?");
    awaitEnd("done", done);
    Stack.Answer nothing = post("cancel", "{\"session_id\":\"done\"}");
    assertThat(nothing.status()).isEqualTo(409);
    assertThat(text(nothing)).doesNotContain(done).doesNotContain("succeeded");
    assertThat(post("cancel", "{\"session_id\":\"nobody\"}").status()).isEqualTo(404);
  }

  @Test
  void aKeyThatWasUsedForAnotherBodyTellsOfNoRun() {
    String run =
        post("run", Stack.question("keyed", "What?"), "Idempotency-Key", "k")
            .json()
            .path("run_id")
            .asText();

    Stack.Answer reused = post("run", Stack.question("keyed", "Who?"), "Idempotency-Key", "k");

    assertThat(reused.status()).isEqualTo(422);
    assertThat(text(reused)).doesNotContain(run);
  }

  @Test
  void faultsOfTheRequestAreStillTold() {
    Stack.Answer bad = post("run", "{\"session_id\":\"bad\"}");
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.json().path("field").asText()).isEqualTo("question");
    assertThat(post("run", "{").status()).isEqualTo(400);
    assertThat(post("cancel", "{\"session_id\":\"-x\"}").status()).isEqualTo(400);
  }
}
