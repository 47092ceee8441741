package dev.agentrooms.http.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.Bodies;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.HttpLimits;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.Settings;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What bodies cost that are taken in a byte at a time.
@Tag("wire")
@Timeout(300)
class TinyChunksTest {

  private static final int CONNECTIONS = 8;
  private static final int BYTES = 100_000;
  private static final byte[] CHUNK = "1\r\nx\r\n".getBytes(US_ASCII);

  private final ActorSystem<Void> system =
      ActorSystem.create(
          Behaviors.empty(),
          "chunks",
          ConfigFactory.parseString("pekko.actor.provider = local, pekko.stdout-loglevel = ERROR")
              .withFallback(Settings.load()));
  private final CountDownLatch taken = new CountDownLatch(CONNECTIONS);

  @AfterEach
  void stop() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /// Reads a body to its end, and counts those that have come as far as they will for now.
  private final class Routes extends AllDirectives {
    Route routes() {
      return extractRequest(
          request ->
              extractMaterializer(
                  materializer -> {
                    AtomicInteger bytes = new AtomicInteger();
                    var counted =
                        request.withEntity(
                            HttpEntities.createChunked(
                                request.entity().getContentType(),
                                request
                                    .entity()
                                    .getDataBytes()
                                    .map(
                                        part -> {
                                          if (bytes.addAndGet(part.size()) == BYTES) {
                                            taken.countDown();
                                          }
                                          return part;
                                        })));
                    return onSuccess(
                        Bodies.read(counted, 1 << 20, materializer),
                        body ->
                            complete(
                                body instanceof Bodies.Body.Bytes(byte[] all)
                                    ? all.length + " bytes"
                                    : "refused"));
                  }));
    }
  }

  @Test
  void aBodyInChunksOfOneByteCostsWhatItsBytesDo() throws Exception {
    InetSocketAddress address =
        HttpServer.start(
                system,
                new HttpSettings(
                    new HttpAddress("test.http", "127.0.0.1", 0), limits(), null, false, false),
                Meters.start(system),
                new Routes().routes(),
                null)
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    List<Socket> clients = new ArrayList<>();
    try {
      long before = heapAfterGc();
      byte[] chunks = chunks();
      for (int i = 0; i < CONNECTIONS; i++) {
        Socket client = new Socket(address.getAddress(), address.getPort());
        clients.add(client);
        client
            .getOutputStream()
            .write(
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(US_ASCII));
        client.getOutputStream().write(chunks);
      }
      assertThat(taken.await(180, TimeUnit.SECONDS)).isTrue();

      // A rope of such parts takes fifty bytes for each.
      assertThat(heapAbove(before, 10L * CONNECTIONS * BYTES))
          .isLessThan(10L * CONNECTIONS * BYTES);
      for (Socket client : clients) {
        client.getOutputStream().write("0\r\n\r\n".getBytes(US_ASCII));
        byte[] answer = new byte[4096];
        assertThat(new String(answer, 0, client.getInputStream().read(answer), US_ASCII))
            .startsWith("HTTP/1.1 200")
            .endsWith(BYTES + " bytes");
      }
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  private static byte[] chunks() {
    byte[] all = new byte[BYTES * CHUNK.length];
    for (int i = 0; i < all.length; i += CHUNK.length) {
      System.arraycopy(CHUNK, 0, all, i, CHUNK.length);
    }
    return all;
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

  /// How much more is in use than `before`, once that is less than `enough` or stays as it is: what
  /// other threads are about to let go of does not count.
  private static long heapAbove(long before, long enough) {
    long above = Long.MAX_VALUE;
    for (int i = 0; i < 20 && above >= enough; i++) {
      above = Math.min(above, heapAfterGc() - before);
    }
    return above;
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
