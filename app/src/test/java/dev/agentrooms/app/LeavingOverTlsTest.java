package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A client that leaves while a run is waited for. The run goes on; what its connection held is let
/// go.
@Tag("wire")
@Timeout(90)
class LeavingOverTlsTest {

  @Test
  void whoLeavesWhileAnAnswerIsOutstandingIsLetGoAndTheRunGoesOn(@TempDir Path folder) {
    TestCertificate certificate = TestCertificate.in(folder);
    try (TestTool tool = TestTool.within(1, "for ever");
        Stack held =
            Stack.start(
                tool.settings(
                    "http.tls.cert", certificate.certificate().toString(),
                    "http.tls.key", certificate.key().toString()))) {
      String url = held.agent().replace("http:", "https:");
      int runs = 0;
      for (String more : List.of("", "Connection: close\r\n")) {
        int calls = ++runs;
        String session = "leaving" + more.length();
        String question = Stack.question(session, "What lasts for ever?");
        try (RawHttp client = new RawHttp(url)) {
          client.write(
              "POST /api/agent/run?wait=300 HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(more, question.length(), question));
          Stack.await(tool::connections, count -> count == calls);
        }
        try (RawHttp metrics = new RawHttp(url)) {
          Stack.await(() -> connections(metrics), count -> count == 1);
        }
        assertThat(tool.connections()).isEqualTo(calls);
      }
    }
  }

  private static double connections(RawHttp connection) {
    connection.write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return connection
        .read()
        .text()
        .lines()
        .filter(line -> line.startsWith("agentrooms_http_connections "))
        .mapToDouble(line -> Double.parseDouble(line.substring(28)))
        .sum();
  }
}
