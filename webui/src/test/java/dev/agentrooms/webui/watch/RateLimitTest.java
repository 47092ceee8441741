package dev.agentrooms.webui.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import dev.agentrooms.http.HttpLimits;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class RateLimitTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong clock = new AtomicLong(42);

  @Test
  void soManyAtOnceAndThenSoManyASecond() {
    RateLimit limit = new RateLimit(new RateLimit.Rate(10, 30), clock::get);

    assertThat(taken(limit, 100)).isEqualTo(30);
    clock.addAndGet(SECOND / 2);
    assertThat(taken(limit, 100)).isEqualTo(5);
    clock.addAndGet(100 * SECOND);
    assertThat(limit.isFull()).isTrue();
    assertThat(taken(limit, 100)).isEqualTo(30);
    assertThat(limit.isFull()).isFalse();
  }

  @Test
  void addressesDoNotShareALimit() throws Exception {
    HandshakeLimit limit = new HandshakeLimit(new RateLimit.Rate(1, 1), clock::get);

    assertThat(limit.take(address(1))).isTrue();
    assertThat(limit.take(address(1))).isFalse();
    assertThat(limit.take(address(2))).isTrue();
  }

  @Test
  void anAddressIsNotForgottenWhileItIsOverItsLimit() throws Exception {
    HandshakeLimit limit = new HandshakeLimit(new RateLimit.Rate(1, 1), clock::get);
    assertThat(limit.take(address(0))).isTrue();
    for (int i = 1; i < 20_000; i++) {
      limit.take(address(i));
    }

    assertThat(limit.take(address(0))).isFalse();
    clock.addAndGet(SECOND);
    assertThat(limit.take(address(0))).isTrue();
  }

  @Test
  void byDefaultTenThousandSocketsOfOneAddressComeBackInTenSeconds() throws Exception {
    Config config = Settings.load();
    Settings settings = Settings.of(config);
    for (long nanosBetween : new long[] {0, SECOND / 10_000, SECOND / 1000}) {
      HandshakeLimit limit =
          new HandshakeLimit(SocketSettings.from(settings).handshakes(), clock::get);
      InetAddress address = address(1);

      long admitted =
          IntStream.range(0, 10_000)
              .filter(
                  i -> {
                    clock.addAndGet(nanosBetween);
                    return limit.take(address);
                  })
              .count();

      assertThat(admitted).isEqualTo(10_000);
    }
    HttpLimits connections = HttpSettings.from(settings, "webui.http").limits();
    // Twice as many: the old connections may not be known to have gone.
    assertThat(connections.maxConnectionsPerAddress()).isGreaterThanOrEqualTo(20_000);
    assertThat(connections.maxConnections()).isGreaterThanOrEqualTo(20_000);
  }

  private static long taken(RateLimit limit, int tries) {
    return IntStream.range(0, tries).filter(i -> limit.take()).count();
  }

  private static InetAddress address(int number) throws UnknownHostException {
    return InetAddress.getByAddress(
        new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
  }
}
