package dev.agentrooms.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class HeadTimeoutTest {

  private static final ActorSystem SYSTEM =
      ActorSystem.create(
          "heads",
          ConfigFactory.parseString("pekko.actor.provider = local, pekko.stdout-loglevel = ERROR")
              .withFallback(Settings.load()));
  private static final Materializer MATERIALIZER = SystemMaterializer.get(SYSTEM).materializer();
  private static final Duration LIMIT = Duration.ofMillis(300);

  @AfterAll
  static void stop() throws Exception {
    SYSTEM.terminate();
    SYSTEM.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void aConnectionThatSaysNothingIsCutOff() {
    assertThatThrownBy(() -> new Connection().receive())
        .hasRootCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void aConnectionThatStaysWithinAHeadIsCutOff() throws Exception {
    Connection connection = new Connection();
    connection.send("GET / HT");
    assertThat(connection.receive()).contains("GET / HT");
    assertThatThrownBy(connection::receive).hasRootCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void aConnectionThatStaysWithinItsSecondHeadIsCutOff() throws Exception {
    Connection connection = new Connection();
    connection.exchange("GET /1");
    connection.send("GET /2 HT");
    assertThat(connection.receive()).contains("GET /2 HT");
    assertThatThrownBy(connection::receive).hasRootCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void aConnectionMayWaitBetweenRequestsForLongerThanTheLimit() throws Exception {
    Connection connection = new Connection();
    connection.exchange("GET /1");
    // Each of these is cut off after the limit, so that the first one's time is long over.
    for (int i = 0; i < 2; i++) {
      Connection silent = new Connection();
      assertThatThrownBy(silent::receive).hasRootCauseInstanceOf(TimeoutException.class);
    }
    connection.exchange("GET /2");
  }

  @Test
  void aConnectionThatIsBusyAllTheTimeIsNotCutOff() throws Exception {
    Connection connection = new Connection();
    long until = System.nanoTime() + LIMIT.multipliedBy(3).toNanos();
    for (int i = 1; System.nanoTime() < until; i++) {
      connection.exchange("GET /" + i);
    }
  }

  /// What a client sends, and what comes through to the parser.
  private static final class Connection {
    private final HeadTimeout.State state = new HeadTimeout.State();
    private final SourceQueueWithComplete<ByteString> in;
    private final SinkQueueWithCancel<ByteString> out;

    Connection() {
      var both =
          Source.<ByteString>queue(8, OverflowStrategy.fail())
              .via(new HeadTimeout(LIMIT, state))
              .toMat(Sink.queue(), Keep.both())
              .run(MATERIALIZER);
      in = both.first();
      out = both.second();
    }

    void send(String bytes) throws Exception {
      get(in.offer(ByteString.fromString(bytes)));
    }

    Optional<String> receive() throws Exception {
      return get(out.pull()).map(ByteString::utf8String);
    }

    /// A request that comes in one piece, and its answer.
    void exchange(String head) throws Exception {
      send(head);
      assertThat(receive()).contains(head);
      state.headArrived();
      state.answered();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }
}
