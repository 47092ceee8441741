package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.SessionPage;
import dev.agentrooms.protocol.SessionView;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIndexTest {

  private final SessionIndex index = new SessionIndex();

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
    assertThat(new SessionIndex().page(1, null)).isEqualTo(new SessionPage(List.of(), null));
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

  /// Pages of any size, put together, are the whole list, whatever the ties.
  @Property
  void pagesLeaveNothingOutAndShowNothingTwice(
      @ForAll @IntRange(min = 1, max = 7) int limit,
      @ForAll @Size(max = 30) List<@IntRange(max = 5) Integer> times) {
    SessionIndex some = new SessionIndex();
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
        id, SessionView.Status.IDLE, Given.T0, Given.T0.plusSeconds(second), null, 0);
  }

  private static List<String> ids(@Nullable SessionPage page) {
    return page == null
        ? List.of()
        : page.sessions().stream().map(SessionPage.Entry::sessionId).toList();
  }
}
