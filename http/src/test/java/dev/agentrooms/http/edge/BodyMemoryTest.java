package dev.agentrooms.http.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.edge.Served.Client;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the bodies of many requests may take together.
@Tag("wire")
@Timeout(120)
class BodyMemoryTest {

  private static final int CONNECTIONS = 2000;
  private static final int BODY = 60 * 1024;
  private static final int MAX = 8 << 20;
  private static final String BYTES = "agentrooms_http_body_bytes";
  private static final String REFUSED = "agentrooms_http_refused_total{reason=\"bodies\"}";

  /// Gathers a body to its end, however long that takes.
  private static final class Routes extends AllDirectives {
    Route routes() {
      return extractRequest(
          request ->
              extractMaterializer(
                  materializer ->
                      onComplete(
                          request
                              .entity()
                              .getDataBytes()
                              .runWith(
                                  Sink.fold(
                                      new ByteArrayOutputStream(0),
                                      (all, part) -> {
                                        all.writeBytes(part.toArrayUnsafe());
                                        return all;
                                      }),
                                  materializer),
                          all -> complete(all.isSuccess() ? all.get().size() + "" : "failed"))));
    }
  }

  private static String head(int length) {
    return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n";
  }

  @Test
  void thousandsOfSlowBodiesTakeNoMoreTogetherThanTheyMay() throws Exception {
    String most = "x".repeat(BODY - 1);
    List<Client> clients = new ArrayList<>();
    try (Served served = Served.of(new Routes().routes(), Served.limits(MAX), null)) {
      long before = heapAfterGc();
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(served.client().say(head(BODY)).say(most));
        if (i % 100 == 0) {
          assertThat(served.metric(BYTES)).isLessThanOrEqualTo(MAX);
        }
      }
      int fitting = MAX / (BODY - 1);
      Served.await("refused", () -> served.metric(REFUSED) >= CONNECTIONS - fitting - 1);

      // Each is in an array that grows twofold, in its server; and each connection has its buffers.
      assertThat(heapAfterGc() - before).isLessThan(3L * MAX + CONNECTIONS * 8L * 1024);
      Client late = served.client().say(head(BODY)).say(most);
      clients.add(late);
      assertThat(late.answer()).startsWith("HTTP/1.1 503 ");
      int answered = 0;
      for (Client client : clients.subList(0, CONNECTIONS)) {
        client.say("x");
        String answer = client.answer();
        if (answer.startsWith("HTTP/1.1 200 ")) {
          assertThat(answer).endsWith("\r\n" + BODY);
          answered++;
        } else {
          assertThat(answer).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 1\r\n");
        }
        client.close();
      }
      System.out.printf("%d of %d bodies had room%n", answered, CONNECTIONS);
      assertThat(answered).isBetween(1, fitting);
      Served.await("given back", () -> served.metric(BYTES) == 0);
      Client next = served.client().say(head(2) + "{}");
      clients.add(next);
      assertThat(next.answer()).startsWith("HTTP/1.1 200 ");
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  @Test
  void roomIsGivenBackHoweverARequestEnds() throws Exception {
    try (Served served = Served.of(new Routes().routes(), Served.limits(MAX), null)) {
      for (int i = 0; i < 40; i++) {
        Client client = served.client().say(head(BODY)).say("x".repeat(30_000));
        Served.await("taken", () -> served.metric(BYTES) > 0);
        switch (i % 4) {
          case 0 -> client.reset();
          case 1 -> client.close();
          case 2 -> client.socket().shutdownOutput();
          default -> client.say("x".repeat(BODY - 30_000)).answer();
        }
        Served.await("given back", () -> served.metric(BYTES) == 0);
        client.close();
      }
    }
  }

  private static long heapAfterGc() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
