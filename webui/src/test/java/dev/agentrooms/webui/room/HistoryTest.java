package dev.agentrooms.webui.room;

import static dev.agentrooms.webui.room.TestEvents.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.webui.room.History.Start;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
@net.jqwik.api.Tag("unit")
class HistoryTest {

  private static final String EPOCH = "k3f9";

  /// A history of `capacity` to which `count` events were added: `e1`, `e2` …
  private static History history(int capacity, int count) {
    var history = new History(EPOCH, capacity);
    for (int i = 1; i <= count; i++) {
      history.append(encoded("e" + i));
    }
    return history;
  }

  @Property(tries = 300)
  void exactlyTheLastEventsAreRetained(
      @ForAll @IntRange(min = 1, max = 9) int capacity,
      @ForAll @IntRange(max = 40) int count,
      @ForAll @LongRange(min = -2, max = 50) long after,
      @ForAll @IntRange(min = 1, max = 12) int limit) {
    var history = history(capacity, count);
    var model = new ArrayList<String>();
    for (int i = Math.max(1, count - capacity + 1); i <= count; i++) {
      model.add("e" + i);
    }

    assertThat(history.last()).isEqualTo(count);
    assertThat(history.first()).isEqualTo(count == 0 ? 0 : count - model.size() + 1);
    for (long seq = -1; seq <= count + 2; seq++) {
      var event = history.get(seq);
      if (seq >= 1 && seq >= history.first() && seq <= count) {
        assertThat(event)
            .extracting(RoomEvent::seq, RoomEvent::eventId)
            .containsExactly(seq, "e" + seq);
      } else {
        assertThat(event).isNull();
      }
    }
    assertThat(ids(history.retained(0, Integer.MAX_VALUE).events())).isEqualTo(model);
    assertThat(ids(history.retained(after, limit).events()))
        .isEqualTo(
            model.stream()
                .filter(id -> Long.parseLong(id.substring(1)) > after)
                .limit(limit)
                .toList());
  }

  @Property(tries = 200)
  void anEventIsEvictedWhenTheHistoryIsFullAndNotBefore(
      @ForAll @IntRange(min = 1, max = 9) int capacity, @ForAll @IntRange(max = 30) int count) {
    var history = history(capacity, count);

    assertThat(history.append(encoded("next"))).isEqualTo(count >= capacity);
  }

  /// Ids with few hashes, so that they get in each other's way.
  @Property(tries = 500)
  void anIdIsFoundForAsLongAsItsEventIsRetained(
      @ForAll @IntRange(min = 1, max = 70) int capacity,
      @ForAll @Size(max = 200) List<@IntRange(max = 99) Integer> numbers) {
    var history = new History(EPOCH, capacity);
    var retained = new LinkedHashMap<String, Long>();
    for (int number : numbers) {
      // "Aa" and "BB" have the same hash, and so has whatever is made of them.
      String id = Integer.toBinaryString(number).replace("0", "Aa").replace("1", "BB");
      if (retained.containsKey(id)) {
        continue;
      }
      history.append(encoded(id));
      retained.put(id, history.last());
      if (retained.size() > capacity) {
        String first = retained.keySet().iterator().next();
        retained.remove(first);
        assertThat(history.seqOf(first)).isZero();
      }
      retained.forEach((each, seq) -> assertThat(history.seqOf(each)).isEqualTo(seq));
    }
    assertThat(history.seqOf("never")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    // capacity 5; 3 events (1-3), 8 events (4-8 retained), none
    // the present life, by its name or by none
    "3, 0, k3f9, 1, true",
    "3, 2, k3f9, 3, true",
    "3, 2,     , 3, true",
    "3, 3, k3f9, 4, true",
    "8, 3, k3f9, 4, true",
    "8, 7,     , 8, true",
    "8, 8, k3f9, 9, true",
    // another life
    "3, 2, old, 1, false",
    "3, 3, old, 1, false",
    "8, 7, old, 4, false",
    // from the beginning, in whatever life
    "3, 0, old, 1, true",
    "3, 0,    , 1, true",
    "5, 0, old, 1, true",
    // the beginning is gone
    "6, 0, old,  2, false",
    "8, 0,    ,  4, false",
    "8, 0, k3f9, 4, false",
    // evicted
    "8, 1, k3f9, 4, false",
    "8, 2,     , 4, false",
    // beyond the last
    "3, 4, k3f9, 1, false",
    "3, 4,     , 1, false",
    "8, 9, k3f9, 4, false",
    "8, 9223372036854775807, k3f9, 4, false",
    "8, 9223372036854775807,     , 4, false",
    // a room without events
    "0, 0, k3f9, 1, true",
    "0, 0, old,  1, true",
    "0, 0,    ,  1, true",
    "0, 1, k3f9, 1, false",
    "0, 1,    ,  1, false",
    "0, 7, old,  1, false",
  })
  void aReaderBeginsWhereNothingIsMissedOrIsToldThatSomethingIs(
      int count, long after, @Nullable String epoch, long next, boolean recovered) {
    assertThat(history(5, count).startAt(new Position(after, epoch)))
        .isEqualTo(new Start(next, Math.max(Math.min(count, 1), count - 4), count, recovered));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "3, 4", "8, 9"})
  void aReaderWithoutAPositionGetsLiveEventsOnly(int count, long next) {
    assertThat(history(5, count).startAt(null))
        .isEqualTo(new Start(next, Math.max(Math.min(count, 1), count - 4), count, null));
  }

  @Test
  void whatAnEarlierOwnerHadGoesOnWhereItEnded() {
    var history = new History(EPOCH, 5);
    history.restore(17, List.of(encoded("e15"), encoded("e16"), encoded("e17")));

    assertThat(history.first()).isEqualTo(15);
    assertThat(history.seqOf("e15")).isEqualTo(15);
    assertThat(history.startAt(new Position(13, EPOCH))).isEqualTo(new Start(15, 15, 17, false));
    assertThat(history.startAt(new Position(14, EPOCH))).isEqualTo(new Start(15, 15, 17, true));
    for (int seq = 18; seq <= 20; seq++) {
      assertThat(history.append(encoded("e" + seq))).isEqualTo(seq == 20);
    }
    assertThat(ids(history.retained(0, 10).events()))
        .containsExactly("e16", "e17", "e18", "e19", "e20");
    assertThat(history.seqOf("e15")).isZero();
  }

  @Test
  void anEmptyHistoryRetainsNothingWhateverIsAsked() {
    for (long after : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
      assertThat(history(5, 0).retained(after, 10).events()).isEmpty();
    }
  }

  @Property(tries = 300)
  void recoveredMeansThatEverythingLaterIsThere(
      @ForAll @IntRange(min = 1, max = 9) int capacity,
      @ForAll @IntRange(max = 30) int count,
      @ForAll @LongRange(max = 35) long after) {
    Assume.that(after > 0);
    var history = history(capacity, count);

    var start = history.startAt(new Position(after, EPOCH));

    boolean possible = after <= count && (count == after || history.get(after + 1) != null);
    assertThat(start.recovered()).isEqualTo(possible);
    long read = 0;
    for (long seq = start.next(); seq <= count; seq++) {
      assertThat(history.get(seq)).isNotNull();
      read++;
    }
    assertThat(read).isEqualTo(possible ? count - after : Math.min(capacity, count));
  }

  @Test
  void nothingComesAfterTheGreatestNumber() {
    assertThat(history(5, 3).retained(Long.MAX_VALUE, 10).events()).isEmpty();
  }

  @Test
  void aClosedHistoryKeepsItsEvents() {
    var history = history(5, 3);
    assertThat(history.end()).isNull();

    history.close(RoomEnd.RESTARTED);

    assertThat(history.end()).isEqualTo(RoomEnd.RESTARTED);
    assertThat(ids(history.retained(1, 10).events())).containsExactly("e2", "e3");
  }

  private static List<String> ids(List<RoomEvent> events) {
    return events.stream().map(RoomEvent::eventId).toList();
  }
}
