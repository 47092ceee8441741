package dev.agentrooms.http.edge;

import static dev.agentrooms.http.edge.Http2Frames.GO_AWAY;
import static dev.agentrooms.http.edge.Http2Frames.HEAD;
import static dev.agentrooms.http.edge.Http2Frames.HEADERS;
import static dev.agentrooms.http.edge.Http2Frames.RESET;
import static dev.agentrooms.http.edge.Http2Frames.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.HttpLimits;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.Settings;
import dev.agentrooms.http.edge.Http2Frames.Frame;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/// Clients of HTTP/2 that break its rules, leave, or read nothing, frame by frame.
@Tag("wire")
@Timeout(120)
class Http2FaultsTest {

  private static final List<String> GET =
      List.of(":method", "GET", ":path", "/", ":scheme", "http", ":authority", "localhost");

  private static final ActorSystem<Void> SYSTEM =
      ActorSystem.create(
          Behaviors.empty(),
          "http2",
          ConfigFactory.parseString("pekko.actor.provider = local, pekko.stdout-loglevel = ERROR")
              .withFallback(Settings.load()));

  private static InetSocketAddress address;

  @BeforeAll
  static void start() throws Exception {
    HttpLimits limits =
        new HttpLimits(
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1),
            20,
            20,
            64 << 20);
    address =
        HttpServer.start(
                SYSTEM,
                new HttpSettings(
                    new HttpAddress("test.http", "127.0.0.1", 0), limits, null, false, false),
                Meters.start(SYSTEM),
                Directives.complete("well"),
                null)
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() throws Exception {
    SYSTEM.terminate();
    SYSTEM.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  static Stream<List<String>> heads() {
    List<String> rest = GET.subList(2, 8);
    return Stream.of(
        rest,
        with(rest, ":method", "GE T"),
        with(rest, ":method", ""),
        with(rest, ":method", "\u0001"),
        GET.subList(0, 2),
        List.of(":method", "GET", ":path", "/a b", ":scheme", "http", ":authority", "localhost"),
        List.of(":method", "GET", ":path", "", ":scheme", "http", ":authority", "localhost"),
        with(GET, ":path", "/"),
        with(GET, ":what", "x"),
        with(GET, "host", "elsewhere"),
        with(GET, "connection", "close"),
        with(GET, "transfer-encoding", "chunked"),
        with(GET, "X-Upper", "x"),
        with(GET, "x y", "x"),
        with(GET, "x", "a\nb: c"),
        with(GET, "content-length", "abc"),
        with(GET, "content-length", "-1"),
        with(GET, "content-length", "7"));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void aHeadThatIsNoneIsRefusedAndNoMatterForTheLog(List<String> head) throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    root.addAppender(logged);
    try (Http2Frames client = new Http2Frames(address, 65_535)) {
      client.send(HEADERS, WHOLE, head);

      Frame answer = client.next(HEADERS, RESET, GO_AWAY);

      // HPACK's short form of 200.
      assertThat(answer.type() == HEADERS && answer.payload()[0] == (byte) 0x88).isFalse();
      assertThat(logged.list)
          .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
          .isEmpty();
    } finally {
      root.detachAppender(logged);
    }
  }

  @Test
  void aClientThatLeavesIsLetGoWhateverIsOpen() throws Exception {
    try (Http2Frames client = new Http2Frames(address, 65_535)) {
      client.send(HEADERS, HEAD, with(GET.subList(2, 8), ":method", "POST"));
      client.next(4);

      client.leave();

      client.readToEnd();
    }
  }

  @Test
  void aReaderThatTakesNothingOfAShortAnswerIsCut() throws Exception {
    try (Http2Frames client = new Http2Frames(address, 0)) {
      client.send(HEADERS, WHOLE, GET);

      assertThat(client.next(RESET).stream()).isEqualTo(1);
    }
  }

  private static List<String> with(List<String> head, String name, String value) {
    return Stream.concat(head.stream(), Stream.of(name, value)).toList();
  }
}
