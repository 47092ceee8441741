package dev.agentrooms.http.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.HttpLimits;
import dev.agentrooms.http.edge.EdgeMetrics.Cut;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How long is waited for a client, by a clock that is moved by hand.
@Tag("unit")
class WaitsTest {

  private static final HttpLimits LIMITS =
      new HttpLimits(
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          Duration.ofSeconds(40),
          10,
          10,
          64 << 20);
  // A clock of nanoseconds may begin anywhere.
  private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30);

  private final HeadWait head = new HeadWait(START);

  private static long at(long seconds) {
    return START + TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void theFirstRequestHasTheTimeOfAHead() {
    for (boolean isWithin : new boolean[] {false, true}) {
      assertThat(head.late(at(20), isWithin, LIMITS)).isNull();
      assertThat(head.late(at(21), isWithin, LIMITS)).isEqualTo(Cut.HEAD);
    }
  }

  @Test
  void betweenTwoRequestsAConnectionMayBeIdle() {
    head.end();
    head.begin(at(100));

    assertThat(head.late(at(175), false, LIMITS)).isNull();
    assertThat(head.late(at(176), false, LIMITS)).isEqualTo(Cut.IDLE);
  }

  @Test
  void aHeadThatHasBegunHasItsTimeFromItsFirstByte() {
    head.end();
    head.begin(at(100));

    assertThat(head.late(at(170), false, LIMITS)).isNull();
    assertThat(head.late(at(171), true, LIMITS)).isNull();
    assertThat(head.late(at(191), true, LIMITS)).isNull();
    assertThat(head.late(at(192), true, LIMITS)).isEqualTo(Cut.HEAD);
  }

  @Test
  void theNextHeadHasItsOwnTime() {
    head.end();
    head.begin(at(100));
    assertThat(head.late(at(110), true, LIMITS)).isNull();
    head.end();
    head.begin(at(125));

    assertThat(head.late(at(126), true, LIMITS)).isNull();
    assertThat(head.late(at(146), true, LIMITS)).isNull();
    assertThat(head.late(at(147), true, LIMITS)).isEqualTo(Cut.HEAD);
  }

  @Test
  void whereNothingIsToBeWrittenNobodyIsLate() {
    WriteWait wait = new WriteWait();
    EmbeddedChannel channel = new EmbeddedChannel();
    for (long t = 0; t < 1000; t += 10) {
      assertThat(wait.isLate(at(t), channel, LIMITS.writeTimeout())).isFalse();
    }
    channel.finishAndReleaseAll();
  }

  @Test
  void whoTakesNothingIsLateAndWhoTakesSomethingIsNot() {
    WriteWait wait = new WriteWait();
    EmbeddedChannel channel = new EmbeddedChannel();
    for (long t = 0; t < 400; t += 39) {
      // More waits each time, so something moves.
      channel.write(Unpooled.wrappedBuffer(new byte[100]));
      assertThat(wait.isLate(at(t), channel, LIMITS.writeTimeout())).isFalse();
    }
    assertThat(wait.isLate(at(430), channel, LIMITS.writeTimeout())).isFalse();
    assertThat(wait.isLate(at(431), channel, LIMITS.writeTimeout())).isTrue();
    wait.forget();
    assertThat(wait.isLate(at(432), channel, LIMITS.writeTimeout())).isFalse();
    assertThat(wait.isLate(at(473), channel, LIMITS.writeTimeout())).isTrue();
    channel.flush();
    assertThat(wait.isLate(at(474), channel, LIMITS.writeTimeout())).isFalse();
    channel.finishAndReleaseAll();
  }
}
