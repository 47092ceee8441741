package dev.agentrooms.http.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.edge.Http2Frames.Frame;
import dev.agentrooms.http.edge.Served.Client;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the clients of a server that stops are told.
@Tag("wire")
@Timeout(60)
class StoppingTest {

  private final CompletableFuture<HttpResponse> held = new CompletableFuture<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private Served served;

  private final class Routes extends AllDirectives {
    Route routes() {
      return concat(
          path(
              "held",
              () ->
                  extractRequest(
                      request -> {
                        asked.countDown();
                        return completeWithFuture(held);
                      })),
          complete("now"));
    }
  }

  @BeforeEach
  void start() throws Exception {
    served = Served.of(new Routes().routes(), Served.LIMITS, null);
  }

  @AfterEach
  void end() {
    served.close();
  }

  /// As the coordinated shutdown does, which would wait for the rest no longer than 2 s.
  private void stop() {
    EventLoops.of(served.system()).depart(Departure.CLOSING);
  }

  @Test
  void answersOfAServerThatIsToStopEndTheirConnections() throws Exception {
    try (Client client = served.client()) {
      assertThat(client.get("/").answer()).doesNotContain("Connection:").endsWith("now");

      HttpServer.announceStop(served.system());

      assertThat(client.get("/").answer()).contains("\r\nConnection: close\r\n").endsWith("now");
      assertThat(client.isEnded()).isTrue();
    }
    try (Client another = served.client()) {
      assertThat(another.get("/").answer()).contains("\r\nConnection: close\r\n").endsWith("now");
      assertThat(another.isEnded()).isTrue();
    }
  }

  @Test
  void whatIsUnderWayIsAnsweredAndWhoeverIsIdleIsClosed() throws Exception {
    try (Client waiting = served.client();
        Client idle = served.client()) {
      assertThat(idle.get("/").answer()).endsWith("now");
      waiting.get("/held");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

      stop();

      assertThat(idle.isEnded()).isTrue();
      held.complete(HttpResponse.create().withEntity("at last"));
      assertThat(waiting.answer()).contains("\r\nConnection: close\r\n").endsWith("at last");
      assertThat(waiting.isEnded()).isTrue();
    }
  }

  @Test
  void clientsOfHttp2AreToldTwiceAndGetWhatTheyAskedFor() throws Exception {
    try (Http2Frames client = new Http2Frames(served.address(), 65_535)) {
      client.get(1, "/held");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

      HttpServer.announceStop(served.system());

      assertThat(lastStream(client.next(Http2Frames.GO_AWAY))).isEqualTo(Integer.MAX_VALUE);
      client.get(3, "/");
      assertThat(client.next(Http2Frames.DATA).text()).isEqualTo("now");

      stop();

      assertThat(lastStream(client.next(Http2Frames.GO_AWAY))).isEqualTo(3);
      held.complete(HttpResponse.create().withEntity("at last"));
      Frame answer = client.next(Http2Frames.DATA);
      assertThat(answer.stream()).isEqualTo(1);
      assertThat(answer.text()).isEqualTo("at last");
      client.readToEnd();
    }
  }

  @Test
  void anIdleConnectionOfHttp2IsEndedWithAWord() throws Exception {
    try (Http2Frames client = new Http2Frames(served.address(), 65_535)) {
      client.get(1, "/");
      assertThat(client.next(Http2Frames.DATA).text()).isEqualTo("now");

      stop();

      assertThat(lastStream(client.next(Http2Frames.GO_AWAY))).isEqualTo(1);
      client.readToEnd();
    }
  }

  private static int lastStream(Frame goAway) {
    return ByteBuffer.wrap(goAway.payload()).getInt();
  }
}
