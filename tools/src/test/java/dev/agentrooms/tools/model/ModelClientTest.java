package dev.agentrooms.tools.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.Schema;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.model.ModelAnswer.Answered;
import dev.agentrooms.tools.model.ModelAnswer.Failed;
import dev.agentrooms.tools.model.ModelAnswer.Phase;
import dev.agentrooms.tools.model.ModelAnswer.ToolWish;
import dev.agentrooms.tools.model.ModelAnswer.Usage;
import dev.agentrooms.tools.model.ModelSettings.StructuredOutput;
import dev.agentrooms.tools.model.ModelStub.Script;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("wire")
class ModelClientTest {

  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Schema KIND =
      Asking.schema(
          "{\"type\":\"object\",\"required\":[\"kind\"],\"properties\":{\"kind\":{\"enum\":[\"bug\",\"billing\"]}}}");
  private static final ModelQuery CLASSIFY = ModelQuery.json("Be brief.", "Classify", KIND);

  private final StringBuilder text = new StringBuilder();

  private ModelAnswer ask(Script script) throws Exception {
    try (ModelStub stub = new ModelStub(script)) {
      return Asking.ask(Asking.client(stub.uri()), ModelQuery.text(null, "Hello?"), text);
    }
  }

  private ModelAnswer classify(Script script) throws Exception {
    try (ModelStub stub = new ModelStub(script)) {
      return Asking.ask(Asking.client(stub.uri()), CLASSIFY, text);
    }
  }

  private static void isFailure(ModelAnswer answer, Reason reason) {
    assertThat(answer).isInstanceOf(Failed.class);
    assertThat(((Failed) answer).reason()).isEqualTo(reason);
  }

  @Test
  void theTextOfAStreamArrivesAsItIsWrittenAndIsTheAnswer() throws Exception {
    ModelAnswer answer = ask(ModelStub.says("Plants ", "eat ", "light 🌿."));

    assertThat(answer)
        .isEqualTo(new Answered("Plants eat light 🌿.", null, List.of(), new Usage(7, 3)));
    assertThat(text).hasToString("Plants eat light 🌿.");
  }

  @Test
  void aRequestNamesTheModelAndCarriesTheKeyInItsHeaderAlone() throws Exception {
    try (ModelStub stub = new ModelStub(ModelStub.says("Hi"))) {
      Asking.ask(Asking.client(stub.uri()), ModelQuery.text("Be kind.", "Hello?"), text);

      assertThat(stub.exchanges().getFirst().head())
          .startsWith("post /v1/chat/completions http/1.1")
          .contains("authorization: bearer " + Asking.KEY);
      assertThat(stub.request(1).toString()).doesNotContain(Asking.KEY);
      assertThat(stub.request(1).path("model").asText()).isEqualTo("test-model");
      assertThat(stub.request(1).path("stream").asBoolean()).isTrue();
      assertThat(stub.request(1).path("messages").toString())
          .isEqualTo(
              "[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"Hello?\"}]");
    }
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        row("401", Reason.MODEL_AUTH, e -> e.answer(401, "text/plain", "no")),
        row("403", Reason.MODEL_AUTH, e -> e.answer(403, "text/plain", "no")),
        row("404", Reason.MODEL_REJECTED, e -> e.answer(404, "text/plain", "no model")),
        row("422", Reason.MODEL_REJECTED, e -> e.answer(422, "application/json", "{}")),
        row("429", Reason.HTTP_STATUS, e -> e.answer(429, "text/plain", "slow down")),
        row("500", Reason.HTTP_STATUS, e -> e.answer(500, "text/plain", "oops")),
        row("503", Reason.HTTP_STATUS, e -> e.answer(503, "text/html", "<html>")),
        row(
            "redirect",
            Reason.HTTP_STATUS,
            e -> e.answer(302, "Location: http://127.0.0.1:1/\r\n", "", "")),
        row("closed before a token", Reason.CONNECTION_LOST, e -> e.begin()),
        row("reset before the head", Reason.CONNECTION_LOST, ModelStub.Exchange::reset),
        row(
            "closed between tokens",
            Reason.CONNECTION_LOST,
            e -> {
              e.begin();
              e.token("Half");
            }),
        row(
            "cut off in a line",
            Reason.CONNECTION_LOST,
            e -> {
              e.begin();
              e.token("Half");
              e.raw("data: " + ModelStub.chunk(Json.object(), "stop"));
            }),
        row(
            "chunks that never end",
            Reason.CONNECTION_LOST,
            e -> {
              e.raw(
                  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
              e.raw("6\r\ndata: \r\n");
            }),
        row(
            "an error in the stream",
            Reason.MODEL_FAILED,
            e -> {
              e.begin();
              e.token("Half");
              e.event("{\"error\":{\"message\":\"out of memory\"}}");
            }),
        row(
            "an event called error",
            Reason.MODEL_FAILED,
            e -> {
              e.begin();
              e.raw("event: error\ndata: out of memory\n\n");
            }),
        row(
            "an error in place of an answer",
            Reason.MODEL_FAILED,
            e -> e.answer(200, "application/json", "{\"error\":\"x\"}")),
        row("html", Reason.INVALID_ANSWER, e -> e.answer(200, "text/html", "<html>Welcome</html>")),
        row(
            "html as a stream",
            Reason.INVALID_ANSWER,
            e -> {
              e.begin();
              e.event("<html>");
            }),
        row("no JSON", Reason.INVALID_ANSWER, e -> e.answer(200, "application/json", "hello")),
        row("an empty body", Reason.INVALID_ANSWER, e -> e.answer(200, "application/json", "")),
        row(
            "no choices",
            Reason.INVALID_ANSWER,
            e -> e.answer(200, "application/json", "{\"choices\":[]}")),
        row(
            "a stream without choices",
            Reason.INVALID_ANSWER,
            e -> {
              e.begin();
              e.event("{\"choices\":[]}");
              e.done();
            }),
        row("null", Reason.INVALID_ANSWER, e -> e.text(null)),
        row("empty", Reason.INVALID_ANSWER, e -> e.text("")),
        row("blank", Reason.INVALID_ANSWER, e -> e.text(" \n")),
        row(
            "an empty stream",
            Reason.INVALID_ANSWER,
            e -> {
              e.begin();
              e.finish("stop");
              e.done();
            }),
        row(
            "nested too deep",
            Reason.INVALID_ANSWER,
            e -> e.answer(200, "application/json", "[".repeat(100_000))),
        row(
            "no UTF-8",
            Reason.INVALID_ANSWER,
            e -> {
              e.begin();
              e.raw(new byte[] {'d', 'a', 't', 'a', ':', (byte) 0xc3, '\n', '\n'});
            }),
        row(
            "length",
            Reason.TRUNCATED,
            e -> e.answer(200, "application/json", ModelStub.whole("Half a", "length"))),
        row(
            "length in a stream",
            Reason.TRUNCATED,
            e -> {
              e.begin();
              e.token("Half a");
              e.finish("length");
              e.done();
            }),
        row(
            "filter",
            Reason.REFUSED,
            e -> e.answer(200, "application/json", ModelStub.whole("", "content_filter"))),
        row(
            "refusal",
            Reason.REFUSED,
            e -> {
              e.begin();
              e.event(ModelStub.chunk(Json.object().put("refusal", "I will not."), null));
              e.finish("stop");
              e.done();
            }));
  }

  private static Arguments row(String what, Reason reason, Script script) {
    return Arguments.argumentSet(what, reason, script);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void eachFailureHasItsReason(Reason reason, Script script) throws Exception {
    isFailure(ask(script), reason);
  }

  @Test
  void aServerThatIsNotThereIsUnreachable() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0)) {
      port = gone.getLocalPort();
    }

    isFailure(
        Asking.ask(Asking.client(URI.create("http://127.0.0.1:" + port))),
        Reason.MODEL_UNREACHABLE);
  }

  @Test
  void whatHasComeOfAnAnswerIsKeptWhenItFails() throws Exception {
    ModelAnswer answer =
        ask(
            e -> {
              e.begin();
              e.token("Half ");
              e.token("an answer");
            });

    assertThat(((Failed) answer).partial()).isEqualTo("Half an answer");
  }

  @Test
  void aRefusedRequestSaysWhyInAFewWords() throws Exception {
    ObjectNode body = Json.object();
    body.putObject("error").put("message", "No such model. " + "x".repeat(1000));

    Failed failed = (Failed) ask(e -> e.answer(404, "application/json", body.toString()));

    assertThat(failed.status()).isEqualTo(404);
    assertThat(failed.detail()).contains("(404): No such model. xxx").hasSizeLessThan(360);
  }

  @Test
  void theKeyIsInNoDetailEvenIfTheServerRepeatsIt() throws Exception {
    String error = "{\"error\":{\"message\":\"Bad key " + Asking.KEY + " here\"}}";

    for (int status : new int[] {400, 401, 403, 404, 429, 500}) {
      assertThat(ask(e -> e.answer(status, "application/json", error)).toString())
          .doesNotContain(Asking.KEY);
    }
    ModelAnswer failed =
        ask(
            e -> {
              e.begin();
              e.event(error);
            });
    assertThat(failed.toString()).doesNotContain(Asking.KEY).contains("Bad key *** here");
    assertThat(Asking.settings(URI.create("http://127.0.0.1")).toString())
        .doesNotContain(Asking.KEY)
        .contains("***");
  }

  @Test
  void aWantedPauseIsKnown() throws Exception {
    Failed failed = (Failed) ask(e -> e.answer(429, "Retry-After: 7\r\n", "", ""));

    assertThat(failed.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(failed.status()).isEqualTo(429);
  }

  @Test
  void aFinishReasonIsEnoughWithoutDone() throws Exception {
    ModelAnswer answer =
        ask(
            e -> {
              e.begin();
              e.token("All of it.");
              e.finish("stop");
            });

    assertThat(((Answered) answer).text()).isEqualTo("All of it.");
  }

  @Test
  void doneIsEnoughWithoutAFinishReason() throws Exception {
    ModelAnswer answer =
        ask(
            e -> {
              e.begin();
              e.token("All of it.");
              e.done();
              e.waitForClose();
            });

    assertThat(((Answered) answer).text()).isEqualTo("All of it.");
  }

  @Test
  void commentsCarriageReturnsUnknownFieldsAndUnknownMembersAreNoTrouble() throws Exception {
    ModelAnswer answer =
        ask(
            e -> {
              e.begin();
              e.raw("\uFEFF: hello\r\n\r\nid: 1\r\nretry: 5\r\n");
              e.raw("data: {\"prompt_filter_results\":[],\"choices\":[]}\r\n\r\n");
              e.raw(
                  "data:"
                      + ModelStub.chunk(Json.object().put("content", "Yes"), null)
                      + "\r\n\r\n");
              e.raw(": ping\r\r");
              e.raw("data: " + ModelStub.chunk(Json.object(), "stop") + "\r\rdata: [DONE]\r\r");
            });

    assertThat(((Answered) answer).text()).isEqualTo("Yes");
  }

  @Test
  void aStreamMayComeByteByByte() throws Exception {
    String all =
        "data: "
            + ModelStub.chunk(Json.object().put("content", "Grüße 🌿 "), null)
            + "\r\n\r\ndata: "
            + ModelStub.chunk(Json.object().put("content", "Ёлка"), "stop")
            + "\r\n\r\ndata: [DONE]\r\n\r\n";

    ModelAnswer answer =
        ask(
            e -> {
              e.begin();
              for (byte b : all.getBytes(UTF_8)) {
                e.raw(new byte[] {b});
              }
            });

    assertThat(((Answered) answer).text()).isEqualTo("Grüße 🌿 Ёлка");
    assertThat(text).hasToString("Grüße 🌿 Ёлка");
  }

  @Test
  void aCharacterThatIsCutIntoTwoChunksComesWhole() throws Exception {
    ModelAnswer answer =
        ask(
            e -> {
              e.begin();
              e.raw("data: {\"choices\":[{\"delta\":{\"content\":\"a\\ud83c\"}}]}\n\n");
              e.raw("data: {\"choices\":[{\"delta\":{\"content\":\"\\udf3fb\\ud83c\"}}]}\n\n");
              e.finish("stop");
              e.done();
            });

    assertThat(((Answered) answer).text()).isEqualTo("a🌿b\uFFFD");
    assertThat(text).hasToString("a🌿b\uFFFD");
  }

  @Test
  void aWholeAnswerIsTakenWhereAStreamWasAskedFor() throws Exception {
    ModelAnswer answer = ask(e -> e.text("All at once."));

    assertThat(((Answered) answer).text()).isEqualTo("All at once.");
    assertThat(text).hasToString("All at once.");
  }

  @Test
  void toolCallsAreJoinedFromTheirPieces() throws Exception {
    ModelAnswer answer =
        ask(
            e -> {
              e.begin();
              call(e, 0, "c1", "find", "");
              call(e, 0, null, null, "{\"em");
              call(e, 1, "c2", "send", "{\"text\":");
              call(e, 0, null, null, "ail\":\"a@b\"}");
              call(e, 1, null, null, "\"hi\"}");
              e.finish("tool_calls");
              e.done();
            });

    assertThat(((Answered) answer).calls())
        .containsExactly(
            new ToolWish("c1", "find", "{\"email\":\"a@b\"}"),
            new ToolWish("c2", "send", "{\"text\":\"hi\"}"));
  }

  private static void call(
      ModelStub.Exchange e, int index, @Nullable String id, @Nullable String name, String piece)
      throws Exception {
    ObjectNode delta = Json.object();
    ObjectNode call = delta.putArray("tool_calls").addObject().put("index", index);
    if (id != null) {
      call.put("id", id).put("type", "function");
    }
    ObjectNode function = call.putObject("function");
    if (name != null) {
      function.put("name", name);
    }
    function.put("arguments", piece);
    e.event(ModelStub.chunk(delta, null));
  }

  @Test
  void anAnswerLongerThanAllowedEndsAtOnce() throws Exception {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    ModelAnswer answer =
        ask(
            e -> {
              e.begin();
              for (int i = 0; i < 40; i++) {
                e.token("x".repeat(10_000));
              }
              e.waitForClose();
              closed.complete(true);
            });

    isFailure(answer, Reason.ANSWER_TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FIRST_TOKEN", "IDLE", "TOTAL"})
  void eachTimeLimitClosesTheConnectionAndSaysWhichItWas(Phase phase) throws Exception {
    Script script =
        e -> {
          e.begin();
          if (phase == Phase.FIRST_TOKEN) {
            // Signs of life of a proxy are none of the model.
            e.raw(": waiting\n\n");
          } else {
            e.token("Well");
          }
          e.waitForClose();
        };
    try (ModelStub stub = new ModelStub(script)) {
      ModelClient client =
          Asking.client(
              Asking.limits(
                  stub.uri(),
                  phase == Phase.FIRST_TOKEN ? SHORT : Asking.LONG,
                  phase == Phase.IDLE ? SHORT : Asking.LONG,
                  phase == Phase.TOTAL ? SHORT : Asking.LONG));

      Failed failed = (Failed) Asking.ask(client);

      assertThat(failed.reason()).isEqualTo(Reason.TIMED_OUT);
      assertThat(failed.phase()).isEqualTo(phase);
      assertThat(failed.partial()).isEqualTo(phase == Phase.FIRST_TOKEN ? "" : "Well");
      stub.awaitEnd();
    }
  }

  @Test
  void anAnswerThatIsCompleteIsNotLostToASilentServer() throws Exception {
    Script script =
        e -> {
          e.begin();
          e.token("All of it.");
          e.finish("stop");
          e.waitForClose();
        };
    try (ModelStub stub = new ModelStub(script)) {
      ModelClient client =
          Asking.client(Asking.limits(stub.uri(), Asking.LONG, SHORT, Asking.LONG));

      assertThat(((Answered) Asking.ask(client)).text()).isEqualTo("All of it.");
      stub.awaitEnd();
    }
  }

  @Test
  void aStructuredAnswerIsCheckedAndNotStreamed() throws Exception {
    try (ModelStub stub = new ModelStub(ModelStub.says("{\"kind\":\"bug\"}"))) {
      Answered answer = (Answered) Asking.ask(Asking.client(stub.uri()), CLASSIFY, text);

      assertThat(answer.json()).hasToString("{\"kind\":\"bug\"}");
      assertThat(text).isEmpty();
      assertThat(stub.request(1).path("stream").asBoolean()).isFalse();
      assertThat(stub.request(1).at("/response_format/json_schema/schema")).isEqualTo(KIND.json());
    }
  }

  @Test
  void anAnswerInABlockOfMarkdownIsRead() throws Exception {
    assertThat(((Answered) classify(e -> e.text("```json\n{\"kind\":\"bug\"}\n```"))).json())
        .hasToString("{\"kind\":\"bug\"}");
  }

  @Test
  void anAnswerThatDoesNotFitIsRepairedOnceWithTheErrorTold() throws Exception {
    Script script = e -> e.text(e.number() == 1 ? "{\"kind\":\"joke\"}" : "{\"kind\":\"bug\"}");
    try (ModelStub stub = new ModelStub(script)) {
      Answered answer = (Answered) Asking.ask(Asking.client(stub.uri()), CLASSIFY, text);

      assertThat(answer.json()).hasToString("{\"kind\":\"bug\"}");
      assertThat(answer.usage()).isEqualTo(new Usage(6, 4));
      assertThat(stub.request(2).at("/messages/2/content").asText())
          .isEqualTo("{\"kind\":\"joke\"}");
      assertThat(stub.request(2).at("/messages/3/content").asText()).contains("kind");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"kind\":\"joke\"}", "a bug, I think", "[]", "{\"kind\":\"bug\"} {}"})
  void whatDoesNotFitAfterOneRepairIsInvalid(String answered) throws Exception {
    try (ModelStub stub = new ModelStub(e -> e.text(answered))) {
      isFailure(Asking.ask(Asking.client(stub.uri()), CLASSIFY, text), Reason.INVALID_ANSWER);
      assertThat(stub.requests()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null"})
  void anEmptyStructuredAnswerIsNotRepaired(String content) throws Exception {
    try (ModelStub stub = new ModelStub(e -> e.text(content.equals("null") ? null : content))) {
      isFailure(Asking.ask(Asking.client(stub.uri()), CLASSIFY, text), Reason.INVALID_ANSWER);
      assertThat(stub.requests()).isEqualTo(1);
    }
  }

  @Test
  void aServerThatRefusesSchemasIsToldThemInThePromptFromThenOn() throws Exception {
    Script script =
        e -> {
          if (e.request().at("/response_format/type").asText().equals("json_schema")) {
            e.answer(400, "application/json", "{\"error\":{\"message\":\"unknown format\"}}");
          } else {
            e.text("{\"kind\":\"bug\"}");
          }
        };
    try (ModelStub stub = new ModelStub(script)) {
      ModelClient client = Asking.client(stub.uri());
      Asking.ask(client, CLASSIFY, text);
      ModelAnswer second = Asking.ask(client, CLASSIFY, text);

      assertThat(((Answered) second).json()).hasToString("{\"kind\":\"bug\"}");
      assertThat(stub.requests()).isEqualTo(3);
      assertThat(stub.request(3).at("/response_format/type").asText()).isEqualTo("json_object");
      assertThat(stub.request(3).path("messages").toString()).contains("billing");
    }
  }

  @Test
  void aRequestThatIsWrongInItselfIsNotTakenForARefusalOfSchemas() throws Exception {
    AtomicInteger bad = new AtomicInteger(2);
    Script script =
        e -> {
          if (bad.getAndDecrement() > 0) {
            e.answer(400, "application/json", "{\"error\":{\"message\":\"too long\"}}");
          } else {
            e.text("{\"kind\":\"bug\"}");
          }
        };
    try (ModelStub stub = new ModelStub(script)) {
      ModelClient client = Asking.client(stub.uri());
      isFailure(Asking.ask(client, CLASSIFY, text), Reason.MODEL_REJECTED);
      Asking.ask(client, CLASSIFY, text);

      assertThat(stub.request(3).at("/response_format/type").asText()).isEqualTo("json_schema");
    }
  }

  @Test
  void noMoreCallsThanAllowedAreMadeAtATime() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch two = new CountDownLatch(2);
    Script script =
        e -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          two.countDown();
          go.await();
          // Before the answer, since the next one may begin with it.
          now.decrementAndGet();
          e.text("Yes");
        };
    try (ModelStub stub = new ModelStub(script)) {
      ModelSettings twoAtATime =
          new ModelSettings(
              stub.uri(),
              "m",
              null,
              Asking.LONG,
              Asking.LONG,
              Asking.LONG,
              StructuredOutput.AUTO,
              1000,
              2);
      ModelClient client = Asking.client(twoAtATime);
      List<ModelCall> calls =
          Stream.generate(() -> client.call(ModelQuery.text(null, "?"), piece -> {}))
              .limit(6)
              .toList();
      two.await();
      ModelCall last = calls.getLast();
      last.cancel();
      assertThat(last.ended().toCompletableFuture())
          .isCompletedWithValue(new ModelAnswer.Stopped(""));
      go.countDown();
      for (ModelCall call : calls.subList(0, 5)) {
        assertThat(call.ended().toCompletableFuture().get()).isInstanceOf(Answered.class);
      }

      assertThat(most).hasValue(2);
      assertThat(stub.requests()).isEqualTo(5);
    }
  }
}
