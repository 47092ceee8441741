package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Spans on their way to a collector, and the ids by which runs are found elsewhere.
@Tag("wire")
class TracingTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void spansOfRunStepAndToolReachACollector() throws Exception {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          synchronized (received) {
            exchange.getRequestBody().transferTo(received);
          }
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    try {
      String url = "http://127.0.0.1:" + collector.getAddress().getPort();
      try (Stack stack = Stack.start("tracing.endpoint", url)) {
        stack.post(
            stack.webUi() + "/api/agent/run?wait=60",
            Stack.question("traced", "What is a rock?"),
            "traceparent",
            "00-" + TRACE + "-00f067aa0ba902b7-01");
      }
      // What had not been sent yet was sent when the stack stopped.
      String protobuf;
      synchronized (received) {
        protobuf = received.toString(StandardCharsets.ISO_8859_1);
      }
      assertThat(protobuf)
          .contains("agent-rooms-agent", "run", "retrieval", "rag_answer", "traced")
          .contains(new String(HexFormat.of().parseHex(TRACE), StandardCharsets.ISO_8859_1));
    } finally {
      collector.stop(0);
    }
  }

  @Test
  void callersIdsComeBackInTheAnswerAndTheEvents() {
    try (Stack stack = Stack.start()) {
      Stack.Answer named =
          stack.post(
              stack.webUi() + "/api/agent/run",
              Stack.question("named", "What is a rock?"),
              "X-Correlation-Id",
              "ticket:7",
              "traceparent",
              "00-" + TRACE + "-00f067aa0ba902b7-01");
      Stack.Answer unnamed =
          stack.post(
              stack.agent() + "/api/agent/run",
              Stack.question("unnamed", "What is a rock?"),
              "X-Correlation-Id",
              "not one of ours");

      assertThat(named.header("X-Correlation-Id")).isEqualTo("ticket:7");
      assertThat(unnamed.header("X-Correlation-Id"))
          .isEqualTo(unnamed.json().path("run_id").asText());
      List<JsonNode> events = stack.untilEnded("named", 1);
      JsonNode first = events.getFirst().path("meta");
      assertThat(first.path("correlation_id").asText()).isEqualTo("ticket:7");
      assertThat(events)
          .allSatisfy(
              event -> assertThat(event.path("meta").path("trace_id").asText()).isEqualTo(TRACE));
      assertThat(
              stack
                  .untilEnded("unnamed", 1)
                  .getFirst()
                  .path("meta")
                  .path("correlation_id")
                  .asText())
          .isEqualTo(unnamed.json().path("run_id").asText());
    }
  }
}
