package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.SessionPage;
import dev.agentrooms.protocol.SessionView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
@net.jqwik.api.Tag("unit")
class SessionIndexTest {

  private static final Duration TTL = Duration.ofMinutes(5);

  private volatile Instant now = Given.T0;
  private final SessionIndex index = new SessionIndex(TTL, () -> now);

  @Test
  void theNewestActivityComesFirst() {
    put("a", 1);
    put("b", 3);
    put("c", 2);
    assertThat(ids(index.page(10, null))).containsExactly("b", "c", "a");
    put("a", 4);
    assertThat(ids(index.page(10, null))).containsExactly("a", "b", "c");
    assertThat(index.size()).isEqualTo(3);
  }

  @Test
  void theLastPageHasNoNext() {
    put("a", 1);
    put("b", 2);
    assertThat(index.page(2, null).next()).isNull();
    assertThat(index.page(1, null).next()).isNotNull();
    assertThat(Given.index().page(1, null)).isEqualTo(new SessionPage(List.of(), null));
  }

  @Test
  void aSessionThatIsGoneIsNotListed() {
    put("a", 1);
    put("b", 2);
    index.remove("b");
    index.remove("b");
    index.remove("z");
    assertThat(ids(index.page(10, null))).containsExactly("a");
  }

  @Test
  void aPageGoesOnWhereItEndedEvenWhenThatSessionIsGone() {
    put("a", 1);
    put("b", 2);
    put("c", 3);
    String next = index.page(2, null).next();
    index.remove("b");
    assertThat(ids(index.page(2, next))).containsExactly("a");
  }

  @Test
  void wakeReturnsTheStoredBytesOnce() {
    put("a", 1);
    byte[] packed = {1, 2, 3};
    index.putAway("a", packed, index.names().none());
    assertThat(index.isAsleep("a")).isTrue();
    assertThat(ids(index.page(10, null))).containsExactly("a");
    assertThat(index.wake("a")).extracting(SessionIndex.Asleep::packed).isSameAs(packed);
    assertThat(index.isAsleep("a")).isFalse();
    assertThat(index.wake("a")).isNull();
    assertThat(index.wake("b")).isNull();
    assertThat(ids(index.page(10, null))).containsExactly("a");
  }

  @Test
  void storedBytesGoWithTheirSession() {
    put("a", 1);
    index.putAway("a", new byte[1], index.names().none());
    index.remove("a");
    index.putAway("a", new byte[1], index.names().none());
    assertThat(index.wake("a")).isNull();
    assertThat(index.size()).isZero();
  }

  @Test
  void onlyPassivatedSessionsAreForgottenHere() {
    put("a", 1);
    put("b", 2);
    put("c", 3);
    put("d", 4);
    for (String id : List.of("a", "c", "d")) {
      index.putAway(id, new byte[1], index.names().none());
    }
    now = Given.T0.plusSeconds(3).plus(TTL);
    assertThat(index.wake("c")).isNull();
    assertThat(ids(index.page(10, null))).containsExactly("d", "b");
    assertThat(index.size()).isEqualTo(2);
    now = now.plusSeconds(1);
    index.forgetOld();
    assertThat(index.wake("d")).isNull();
    assertThat(ids(index.page(10, null))).containsExactly("b");
  }

  /// Either it is woken or it is removed, and the index agrees.
  @Test
  void aSessionThatIsWokenWhenItIsDueIsWokenOrForgotten() throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < Given.stress(2_000); i++) {
        now = Given.T0;
        SessionIndex some = new SessionIndex(TTL, () -> now);
        some.put(entry("a", 0));
        some.putAway("a", new byte[1], some.names().none());
        CountDownLatch start = new CountDownLatch(1);
        Future<Boolean> woken =
            pool.submit(
                () -> {
                  start.await();
                  return some.wake("a") != null;
                });
        Future<?> swept =
            pool.submit(
                () -> {
                  start.await();
                  now = Given.T0.plus(TTL);
                  some.forgetOld();
                  return null;
                });
        start.countDown();
        swept.get(60, TimeUnit.SECONDS);
        // Waking sweeps too, so the result is only settled when both have ended.
        int left = woken.get(60, TimeUnit.SECONDS) ? 1 : 0;
        assertThat(some.size()).isEqualTo(left);
        assertThat(ids(some.page(10, null))).hasSize(left);
      }
    }
  }

  /// Pages of any size together are the complete list, also with equal times.
  @Property
  void pagesLeaveNothingOutAndShowNothingTwice(
      @ForAll @IntRange(min = 1, max = 7) int limit,
      @ForAll @Size(max = 30) List<@IntRange(max = 5) Integer> times) {
    SessionIndex some = Given.index();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      some.put(entry("s~" + i, times.get(i)));
      all.add("s~" + i);
    }
    List<String> seen = new ArrayList<>();
    String after = null;
    do {
      SessionPage page = some.page(limit, after);
      assertThat(page.sessions().size()).isLessThanOrEqualTo(limit);
      seen.addAll(ids(page));
      after = page.next();
    } while (after != null);
    assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
    assertThat(seen).isEqualTo(ids(some.page(100, null)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "~", "~a", "5", "a~b", "1.5~a", "99999999999999999999~a", "--1~a"})
  void anAfterThatNoPageGaveIsRefused(String after) {
    put("a", 1);
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> index.page(1, after))
        .satisfies(e -> assertThat(e.field()).isEqualTo("after"));
  }

  @Test
  void theExtremesOfTimeAreNoFault() {
    put("a", 1);
    assertThat(ids(index.page(5, Long.MAX_VALUE + "~a"))).containsExactly("a");
    assertThat(ids(index.page(5, Long.MIN_VALUE + "~a"))).isEmpty();
  }

  private void put(String id, int second) {
    index.put(entry(id, second));
  }

  private static SessionPage.Entry entry(String id, int second) {
    return new SessionPage.Entry(
        id, SessionView.Status.IDLE, Given.T0, Given.T0.plusSeconds(second), null, null, 0);
  }

  private static List<String> ids(@Nullable SessionPage page) {
    return page == null
        ? List.of()
        : page.sessions().stream().map(SessionPage.Entry::sessionId).toList();
  }
}
