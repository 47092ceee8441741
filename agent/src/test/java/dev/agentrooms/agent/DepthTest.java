package dev.agentrooms.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.agentrooms.agent.AgentNode.Answer;
import dev.agentrooms.http.Bodies;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Nested data at every input of the agent is accepted or refused, and the agent goes on.
@Tag("wire")
class DepthTest {

  private static volatile String toolAnswer = "";
  private static HttpServer tools;
  private static AgentNode agent;
  private static int sessions;

  @BeforeAll
  static void start() throws Exception {
    tools = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    tools.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body = toolAnswer.getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    tools.start();
    String url = "http://127.0.0.1:" + tools.getAddress().getPort();
    agent =
        new AgentNode(
            "agent.tools.rag.url = \"%s\", agent.tools.test-generator.url = \"%s\""
                .formatted(url, url));
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    tools.stop(0);
  }

  @AfterEach
  void itServesOn() throws Exception {
    assertThat(agent.get("/health").status()).isEqualTo(200);
  }

  static Stream<Arguments> depths() {
    return Nested.DEPTHS.stream()
        .flatMap(depth -> Stream.of(Nested.values()).map(shape -> Arguments.of(shape, depth)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("depths")
  void aRequestIsTakenUpToTheBound(Nested shape, int depth) throws Exception {
    toolAnswer = text(Given.answer("rag_answer"));
    String ask = "{\"question\":\"Why?\"}";
    for (String[] headers : new String[][] {{}, {"Idempotency-Key", shape + "-" + depth}}) {
      assertBound(agent.run(shape.in(ask, depth), headers), shape.in(ask, depth), depth, 202);
    }
    String cancel = shape.in("{\"session_id\":\"nobody\"}", depth);
    assertBound(agent.post("/api/agent/cancel", cancel), cancel, depth, 404);
    // In place of a known field, too.
    for (String field : List.of("session_id", "submission", "on_busy")) {
      String body = "{\"question\":\"q\",\"" + field + "\":" + shape.json(depth - 1) + "}";
      assertThat(agent.run(body).status()).isIn(400, 413);
    }
  }

  @Test
  void aKeyIsComparedAtTheGreatestDepthToo() throws Exception {
    toolAnswer = text(Given.answer("rag_answer"));
    String body = Nested.OBJECTS.in("{\"question\":\"Why?\"}", 100);
    Answer first = agent.run(body, "Idempotency-Key", "deep");
    Answer same = agent.run(body.replace(":0}", ": 0.0 }"), "Idempotency-Key", "deep");
    assertThat(same.text("run_id")).isEqualTo(first.text("run_id"));
    Answer other = agent.run(body.replace(":0}", ":1}"), "Idempotency-Key", "deep");
    assertThat(other.status()).isEqualTo(422);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("depths")
  void aToolsAnswerIsTakenUpToTheBound(Nested shape, int depth) throws Exception {
    for (String tool : List.of("rag_answer", "grade_exam")) {
      String answer = shape.in(text(Given.answer(tool)), depth);
      toolAnswer = answer;
      String session = "deep-" + ++sessions;
      Answer run = agent.post("/api/agent/run?wait=60", ask(tool, session));
      assertThat(run.status()).isEqualTo(200);
      String path = RunView.path(session, run.text("run_id"));
      ProgressEvent end = agent.awaitEnd(run.text("run_id"));
      JsonNode meta = Objects.requireNonNull(end.meta());
      if (depth > Json.MAX_DEPTH) {
        assertThat(run.text("status")).isEqualTo("failed");
        assertThat(agent.steps(run.text("run_id"))).contains("tool_error");
        JsonNode error = Objects.requireNonNull(told(run, "tool_error").meta());
        assertThat(error.path("reason").asText()).isEqualTo("invalid_answer");
        assertThat(run.text("error")).contains("nested more than 100 deep");
      } else {
        assertThat(run.text("status")).isEqualTo("succeeded");
        boolean fits = depth <= Json.MAX_DEPTH - 2;
        assertThat(meta.has("result")).isEqualTo(fits);
        assertThat(meta.path("result_url").asText("")).isEqualTo(fits ? "" : path);
        int size = answer.getBytes(UTF_8).length;
        assertThat(meta.path("result_bytes").asInt(size)).isEqualTo(size);
        assertThat(agent.get(path).json().path("result"))
            .isEqualTo(Json.parse(answer.getBytes(UTF_8)));
      }
      for (ProgressEvent event : agent.told(run.text("run_id"))) {
        byte[] json = Json.encode(event);
        assertThat(Json.encode(ProgressEvent.from(Json.parseObject(json)))).isEqualTo(json);
      }
      Answer view = agent.get("/api/agent/sessions/" + session);
      assertThat(view.status()).isEqualTo(200);
      assertThat(view.text("status")).isEqualTo("idle");
    }
  }

  /// Figures beside the output are numbers, whatever the tool answers.
  @Test
  void whatShouldBeANumberAndIsNotIsNotShownAsOne() throws Exception {
    toolAnswer = "{\"answer\":\"a\",\"chunks\":[],\"top_k\":" + Nested.OBJECTS.json(99) + "}";
    Answer run = agent.post("/api/agent/run?wait=60", ask("rag_answer", "figures"));
    assertThat(run.text("status")).isEqualTo("succeeded");
    JsonNode meta = Objects.requireNonNull(told(run, "retrieval_done").meta());
    assertThat(meta.has("top_k")).isFalse();
    assertThat(meta.path("output_bytes").asInt()).isPositive();
  }

  private static ProgressEvent told(Answer run, String step) throws Exception {
    return agent.told(run.text("run_id")).stream()
        .filter(event -> event.step().equals(step))
        .findFirst()
        .orElseThrow();
  }

  private static void assertBound(Answer answer, String body, int depth, int taken) {
    if (body.length() > Bodies.MAX_BYTES) {
      assertThat(answer.status()).isEqualTo(413);
    } else if (depth > Json.MAX_DEPTH) {
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text("detail")).startsWith("It is nested more than 100 deep (line 1, ");
    } else {
      assertThat(answer.status()).isEqualTo(taken);
    }
  }

  private static String ask(String tool, String session) {
    String more =
        tool.equals("grade_exam") ? ",\"submission\":{\"exam_id\":\"e\",\"answers\":{}}" : "";
    return "{\"question\":\"Why?\",\"session_id\":\"" + session + "\"" + more + "}";
  }

  private static String text(JsonNode json) {
    return new String(Json.encode(json), UTF_8);
  }
}
