package dev.agentrooms.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class DeparturesTest {

  private static ActorSystem system;

  @BeforeAll
  static void start() {
    system = ActorSystem.create("departures");
  }

  @AfterAll
  static void stop() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private final CompletableFuture<String> cancelled = new CompletableFuture<>();

  private SourceQueueWithComplete<String> reader(Departures departures) {
    return Source.<String>queue(4, OverflowStrategy.fail())
        .via(departures.watch("t/r", "end"::equals, () -> cancelled.complete("t/r")))
        .toMat(Sink.ignore(), Keep.left())
        .run(system);
  }

  @Test
  void aRunIsCancelledWhenItsReaderHasGone() throws Exception {
    reader(new Departures(Duration.ofMillis(1))).complete();
    assertThat(cancelled.get(60, TimeUnit.SECONDS)).isEqualTo("t/r");
  }

  @Test
  void aReaderThatComesBackKeepsIt() throws Exception {
    Departures departures = new Departures(Duration.ofMillis(100));
    SourceQueueWithComplete<String> first = reader(departures);
    SourceQueueWithComplete<String> second = reader(departures);
    first.complete();
    first.watchCompletion().toCompletableFuture().get(60, TimeUnit.SECONDS);
    // Whatever the first has left behind is over by then.
    CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS)
        .execute(() -> cancelled.complete("nobody"));
    assertThat(cancelled.get(60, TimeUnit.SECONDS)).isEqualTo("nobody");
    second.complete();
  }

  @Test
  void aRunThatHasEndedIsNotCancelled() throws Exception {
    SourceQueueWithComplete<String> reader = reader(new Departures(Duration.ofMillis(1)));
    reader.offer("end");
    reader.complete();
    reader.watchCompletion().toCompletableFuture().get(60, TimeUnit.SECONDS);
    CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
        .execute(() -> cancelled.complete("nobody"));
    assertThat(cancelled.get(60, TimeUnit.SECONDS)).isEqualTo("nobody");
  }
}
