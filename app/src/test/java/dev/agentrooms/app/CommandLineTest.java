package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The commands, against a server of their own.
@Tag("process")
class CommandLineTest {

  private static Stack stack;
  private static TestTool stuck;

  @BeforeAll
  static void start() {
    stuck = TestTool.stuck();
    stack = Stack.start("agent.tools.test-generator.url", stuck.url());
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
    stuck.close();
  }

  private static Typed typed(String command, String... words) {
    String[] all = new String[words.length + 2];
    all[0] = command;
    all[1] = "--url=" + stack.webUi();
    System.arraycopy(words, 0, all, 2, words.length);
    return Typed.of(all);
  }

  @Test
  void askShowsEveryStepThenTheResultAndEndsWithZero() {
    Typed ask = typed("ask", "What", "is", "photosynthesis?", "--session", "ask");

    assertThat(ask.exitCode()).as(ask.err()).isZero();
    assertThat(ask.err()).isEmpty();
    assertThat(ask.lines().subList(0, 4))
        .satisfiesExactly(
            line -> assertThat(line).contains(" intent_determined: "),
            line -> assertThat(line).contains(" start_retrieval: "),
            line -> assertThat(line).contains(" retrieval_done: "),
            line -> assertThat(line).contains(" final_answer: "));
    assertThat(ask.out()).contains("You asked: What is photosynthesis?", "Sources: ");
  }

  @Test
  void askInJsonWritesTheEventsAsTheyAreAndNothingElse() {
    Typed ask = typed("ask", "--json", "Что такое фотосинтез?", "--session", "json");

    List<JsonNode> events =
        ask.lines().stream().map(line -> Json.parse(line.getBytes(UTF_8))).toList();
    assertThat(events).isEqualTo(stack.messages("json"));
    assertThat(Stack.seqs(events)).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void askShowsOnlyItsOwnRunOfASession() {
    typed("ask", "What is fire?", "--session", "twice");
    Typed second = typed("ask", "--json", "What is water?", "--session", "twice");

    assertThat(second.lines()).hasSize(4).allSatisfy(l -> assertThat(l).doesNotContain("fire"));
  }

  @Test
  void askOfARunThatFailsEndsWithOne() {
    Typed ask = typed("ask", "What is fire? [rag:500]");

    assertThat(ask.exitCode()).isEqualTo(1);
    assertThat(ask.out()).contains(" error tool_error: ", " error final_answer: ");
  }

  @Test
  void cancelEndsAskWith130() throws Exception {
    // In a thread of its own: the HTTP clients of this JVM need the common pool.
    FutureTask<Typed> ask =
        new FutureTask<>(() -> typed("ask", "Create a quiz", "-s", "cancelled"));
    Thread.ofVirtual().start(ask);
    stack.messages("cancelled", e -> Stack.steps(e).contains("start_generate_exam"));

    Typed cancel = typed("cancel", "cancelled");
    assertThat(cancel.exitCode()).isZero();
    assertThat(cancel.out()).startsWith("cancelling r-");
    Typed asked = ask.get(60, TimeUnit.SECONDS);
    assertThat(asked.exitCode()).isEqualTo(130);
    assertThat(asked.out()).contains(" warning cancelled: ");
    assertThat(typed("cancel", "cancelled").out()).startsWith("cancelled r-");
    assertThat(typed("watch", "cancelled", "--until-end").exitCode()).isEqualTo(130);
  }

  @Test
  void secondRunOfABusySessionIsRefusedWithOneLine() {
    Typed first = typed("ask", "--detach", "Create a quiz", "-s", "busy");
    assertThat(first.out()).matches("busy r-\\S+\\s*");

    Typed second = typed("ask", "What is fire?", "-s", "busy");
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.err().lines()).hasSize(1).first().asString().startsWith("agent-rooms: ");
    Typed third = typed("ask", "What is fire?", "-s", "busy", "--on-busy", "interrupt");
    assertThat(third.exitCode()).as(third.err()).isZero();
  }

  @Test
  void sessionsAreListedNewestFirstPageByPage() {
    for (int i = 1; i <= 3; i++) {
      typed("ask", "--session", "list-" + i, "What is number " + i + "?");
    }

    Typed table = typed("sessions");
    assertThat(table.lines().getFirst()).startsWith("SESSION").contains("TITLE");
    assertThat(table.out()).containsSubsequence("list-3", "list-2", "list-1");
    assertThat(table.out()).contains("succeeded", "What is number 2?");
    assertThat(typed("sessions", "--json", "--limit", "2").lines()).hasSize(2);
    assertThat(typed("sessions", "--limit", "0").exitCode()).isEqualTo(2);
  }

  @Test
  void columnsBeginBelowEachOtherWhateverTheIdsLengthAndTimesAreLocal() {
    typed("ask", "--session", "short", "What is it?");
    typed("ask", "What is its length?");

    List<String> lines = typed("sessions").lines();
    int status = lines.getFirst().indexOf("STATUS");
    int run = lines.getFirst().indexOf("RUN");
    int title = lines.getFirst().indexOf("TITLE");
    assertThat(lines.stream().skip(1))
        .hasSizeGreaterThan(1)
        .allSatisfy(
            line -> {
              assertThat(line.substring(status - 2)).matches("  (idle|running|cancelling) .*");
              assertThat(line.substring(run - 2)).matches("  [a-z-]+ .*");
              assertThat(line.substring(title - 2)).matches("  \\S.*");
              assertThat(line).containsPattern(" \\d+ (s|min) ago ").doesNotContain("Z ");
            });
  }

  @Test
  void everyCommandFindsTheServerWhereTheSameShellPutsIt() throws Exception {
    String port = stack.webUi().substring(stack.webUi().lastIndexOf(':') + 1);
    Map<String, String> shell = Map.of("WEBUI_HTTP_PORT", port, "WEBUI_HTTP_HOST", "0.0.0.0");
    typed("ask", "What is a shell?", "-s", "shell");

    try (Spawned sessions = Spawned.main(shell, "sessions");
        Spawned ask = Spawned.main(shell, "ask", "What is a shell?", "-s", "shell");
        Spawned watch = Spawned.main(shell, "watch", "shell", "--until-end");
        Spawned cancel = Spawned.main(shell, "cancel", "nobody")) {
      assertThat(sessions.exitCode()).as(sessions.err()).isZero();
      assertThat(sessions.out()).contains("shell");
      assertThat(ask.exitCode()).as(ask.err()).isZero();
      assertThat(watch.exitCode()).as(watch.err()).isZero();
      assertThat(cancel.exitCode()).as(cancel.err()).isEqualTo(1);
    }
  }

  @Test
  void unknownSessionHasNothingToCancelOrToWaitFor() {
    assertThat(typed("cancel", "nobody").exitCode()).isEqualTo(1);
    assertThat(typed("watch", "nobody", "--until-end"))
        .isEqualTo(new Typed(1, "", "agent-rooms: there is no session nobody\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ask                                 | Missing required parameter: 'QUESTION'
          ask --on-busy=never q               | Invalid value for option '--on-busy'
          ask -n 99 q                         | num_questions
          ask -s !! q                         | session_id
          watch                               | Missing required parameter: 'SESSION'
          frobnicate                          | Unmatched argument
          sessions --url=nonsense             | --url: must be an http or https URL
          sessions --url=http://127.0.0.1:1   | http://127.0.0.1:1 cannot be reached
          watch s --url=http://127.0.0.1:1    | http://127.0.0.1:1 cannot be reached
          up kitchen                          | kitchen: there is no such role
          token                               | name a session, or a user by --user
          token !!                            | there can be no session !!
          token s --ttl=soon                  | --ttl: must be a duration, like 500ms, 30s or 15m, and is "soon"
          token s --ttl 1x                    | --ttl: must be a duration, like 500ms, 30s or 15m, and is "1x"
          token s --ttl=0s                    | --ttl: must be longer than nothing
          token s                             | access.secret: is not set
          """)
  void whatCannotBeDoneIsSaidInOneLineAndEndsWithTwo(String line, String why) {
    String[] words = line.split(" ");
    Typed typed =
        words[0].equals("ask")
            ? typed(words[0], java.util.Arrays.copyOfRange(words, 1, words.length))
            : Typed.of(words);

    assertThat(typed.exitCode()).isEqualTo(2);
    assertThat(typed.err().lines()).hasSize(1).first().asString().contains(why);
    assertThat(typed.out()).isEmpty();
  }

  @Test
  void tokenOpensItsRoomAndNothingElseIsPrinted() throws Exception {
    String secret = "the-secret-by-which-rooms-are-opened";
    try (Spawned minting =
            Spawned.main(Map.of("WEBUI_ROOM_TOKEN_SECRET", secret), "token", "r1", "--ttl=15m");
        Stack locked =
            Stack.start(EnumSet.of(Role.WEBUI), Map.of("webui.room-token-secret", secret))) {
      assertThat(minting.exitCode()).as(minting.err()).isZero();
      assertThat(minting.err()).isEmpty();
      assertThat(minting.out()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\\R");

      String messages = locked.webUi() + "/api/messages?token=" + minting.out().strip();
      assertThat(locked.get(messages + "&session_id=r1").status()).isEqualTo(200);
      assertThat(locked.get(messages + "&session_id=r2").status()).isEqualTo(403);
      String claims = minting.out().split("\\.")[1];
      assertThat(
              Json.parse(Base64.getUrlDecoder().decode(claims)).path("exp").asLong()
                  - Instant.now().getEpochSecond())
          .isBetween(600L, 901L);
    }
  }

  @Test
  void tokenNeedsASecretThatIsLongEnough() throws Exception {
    try (Spawned minting =
        Spawned.main(Map.of("WEBUI_ROOM_TOKEN_SECRET", "too-short-by-far"), "token", "r1")) {
      assertThat(minting.exitCode()).isEqualTo(2);
      assertThat(minting.out()).isEmpty();
      assertThat(minting.err())
          .isEqualTo("agent-rooms: webui.room-token-secret: must have at least 32 bytes\n");
    }
  }

  @Test
  void interruptedAskSaysThatTheRunGoesOn() throws Exception {
    Spawned ask = Spawned.main("ask", "Create a quiz", "-s", "ctrl-c", "--url", stack.webUi());
    stack.messages("ctrl-c", e -> Stack.steps(e).contains("start_generate_exam"));
    ask.awaitOut("start_generate_exam");

    assertThat(ask.interrupted()).isEqualTo(130);
    assertThat(ask.err()).contains("The run goes on.", "watch ctrl-c", "cancel ctrl-c");
    assertThat(status("ctrl-c")).isEqualTo("running");
  }

  @Test
  void interruptedAskCancelsWhenItWasToldTo() throws Exception {
    Spawned ask =
        Spawned.main(
            "ask",
            "Create a quiz",
            "-s",
            "ctrl-x",
            "--cancel-on-interrupt",
            "--url",
            stack.webUi());
    ask.awaitOut("start_generate_exam");

    assertThat(ask.interrupted()).isEqualTo(130);
    assertThat(stack.untilEnded("ctrl-x", 1).getLast().path("step").asText())
        .isEqualTo("cancelled");
  }

  @Test
  void healthProbeTellsAReadyServerFromNone() throws Exception {
    String port = stack.webUi().substring(stack.webUi().lastIndexOf(':') + 1);

    assertThat(Spawned.java(HealthProbe.class, port).exitCode()).isZero();
    assertThat(Spawned.java(HealthProbe.class, "1").exitCode()).isEqualTo(1);
  }

  private static String status(String session) {
    return stack
        .get(stack.agent() + "/api/agent/sessions/" + session)
        .json()
        .path("status")
        .asText();
  }
}
