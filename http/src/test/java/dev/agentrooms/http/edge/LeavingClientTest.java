package dev.agentrooms.http.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.edge.Served.Client;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who leaves, or only stops sending, while an answer is outstanding.
@Tag("wire")
@Timeout(60)
class LeavingClientTest {

  private static final String CONNECTIONS = "agentrooms_http_connections";

  private final CompletableFuture<HttpResponse> held = new CompletableFuture<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private Served served;

  private final class Routes extends AllDirectives {
    Route routes() {
      return extractRequest(
          request -> {
            asked.countDown();
            return completeWithFuture(held);
          });
    }
  }

  @BeforeEach
  void start() throws Exception {
    served = Served.of(new Routes().routes(), Served.LIMITS, null);
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private Client asking(String head) throws Exception {
    Client client = served.client().say(head);
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    return client;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}",
      })
  void whoClosesIsLetGoThoughTheAnswerIsStillOutstanding(String head) throws Exception {
    asking(head).close();

    Served.await("let go", () -> served.metric(CONNECTIONS) == 0);

    assertThat(held).isNotDone();
  }

  @Test
  void whoResetsIsLetGo() throws Exception {
    asking("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").reset();

    Served.await("let go", () -> served.metric(CONNECTIONS) == 0);
  }

  @Test
  void whoOnlyStopsSendingIsAskedWhetherItWaitsAndGetsItsAnswer() throws Exception {
    try (Client client = asking("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      client.socket().shutdownOutput();
      assertThat(client.answer()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");

      held.complete(HttpResponse.create().withEntity("at last"));

      assertThat(client.answer()).startsWith("HTTP/1.1 200 OK").endsWith("at last");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void whoWaitsForAWhileAndThenClosesIsLetGo() throws Exception {
    try (Client client = asking("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      client.socket().shutdownOutput();
      assertThat(client.answer()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    }

    Served.await("let go", () -> served.metric(CONNECTIONS) == 0);
  }

  @Test
  void aClientOfHttp10IsNotAskedAndGetsItsAnswer() throws Exception {
    try (Client client = asking("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")) {
      client.socket().shutdownOutput();
      var _ =
          held.completeOnTimeout(HttpResponse.create().withEntity("at last"), 2, TimeUnit.SECONDS);

      assertThat(client.answer()).startsWith("HTTP/1.1 200 OK").endsWith("at last");
    }
  }

  @Test
  void whatAnAnswerHoldsOnToEndsThoughItComesTooLate() throws Exception {
    asking("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").reset();
    Served.await("let go", () -> served.metric(CONNECTIONS) == 0);
    CountDownLatch ended = new CountDownLatch(1);

    held.complete(
        HttpResponse.create()
            .withEntity(
                HttpEntities.createChunked(
                    MediaTypes.TEXT_EVENT_STREAM.toContentType(),
                    Source.<ByteString>maybe()
                        .watchTermination(
                            (nothing, done) -> {
                              done.whenComplete((end, failure) -> ended.countDown());
                              return nothing;
                            }))));

    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
  }
}
