package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A process that has no file descriptor left for a connection.
@Tag("process")
@Timeout(120)
class DescriptorsTest {

  private static final int MAX_FILES = 500;
  private static final String FAILED = "agentrooms_http_accept_failed_total ";

  @Test
  void whenNoConnectionCanBeAcceptedOneLineSaysSoAndItRecovers() throws Exception {
    List<Socket> held = new ArrayList<>();
    try (Child child = Child.up(Spawned.jvm().maxFiles(MAX_FILES));
        RawHttp known = new RawHttp(child.stack().webUi())) {
      URI webUi = URI.create(child.stack().webUi());
      assertThat(failures(known)).isZero();
      for (int i = 0; i < MAX_FILES; i++) {
        held.add(new Socket(webUi.getHost(), webUi.getPort()));
      }

      // Several tries, and nobody else suffers.
      Stack.await(() -> failures(known), failures -> failures > 3);

      assertThat(lines(child, "no connection can be accepted"))
          .singleElement()
          .asString()
          .contains("WARN", "1 times since");
      assertThat(child.process().err()).doesNotContain("\tat ", "exceptionCaught");

      close(held);
      assertThat(child.stack().get(child.stack().webUi() + "/health").status()).isEqualTo(200);
    } finally {
      close(held);
    }
  }

  private static List<String> lines(Child child, String words) {
    return child.process().err().lines().filter(line -> line.contains(words)).toList();
  }

  private static double failures(RawHttp connection) {
    connection.write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return new String(connection.read().body(), UTF_8)
        .lines()
        .filter(line -> line.startsWith(FAILED))
        .mapToDouble(line -> Double.parseDouble(line.substring(FAILED.length())))
        .sum();
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket each : sockets) {
      each.close();
    }
  }
}
