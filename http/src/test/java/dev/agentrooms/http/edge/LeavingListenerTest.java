package dev.agentrooms.http.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.HttpLimits;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.Settings;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who listens to an event stream that is silent, and leaves.
@Tag("wire")
@Timeout(120)
class LeavingListenerTest {

  private final ActorSystem<Void> system =
      ActorSystem.create(
          Behaviors.empty(),
          "leaving",
          ConfigFactory.parseString("pekko.actor.provider = local, pekko.stdout-loglevel = ERROR")
              .withFallback(Settings.load()));
  private final CountDownLatch ended = new CountDownLatch(1);

  @AfterEach
  void stop() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void whoLeavesASilentStreamIsLetGoWithoutAWordOfIt() throws Exception {
    HttpResponse answer =
        HttpResponse.create()
            .withEntity(
                HttpEntities.createChunked(
                    MediaTypes.TEXT_EVENT_STREAM.toContentType(),
                    Source.single(ByteString.fromString(":\n\n"))
                        .concat(Source.<ByteString>maybe())
                        .watchTermination(
                            (nothing, done) -> {
                              done.whenComplete((end, failure) -> ended.countDown());
                              return nothing;
                            })));
    InetSocketAddress address =
        HttpServer.start(
                system,
                new HttpSettings(
                    new HttpAddress("test.http", "127.0.0.1", 0), limits(), null, false, false),
                Meters.start(system),
                Directives.complete(answer),
                null)
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    try (Socket client = new Socket(address.getAddress(), address.getPort())) {
      client.setSoTimeout(60_000);
      client
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      var in = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
      while (!in.readLine().equals(":")) {
        // The head, and the first comment's size.
      }

      client.shutdownOutput();

      assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static HttpLimits limits() {
    return new HttpLimits(
        Duration.ofSeconds(20),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        20,
        20,
        64 << 20);
  }
}
