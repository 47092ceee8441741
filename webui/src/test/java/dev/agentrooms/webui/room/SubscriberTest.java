package dev.agentrooms.webui.room;

import static dev.agentrooms.webui.room.TestEvents.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.Loop;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SubscriberTest {

  private final History history = new History("k3f9", 3);
  private final AtomicInteger wakes = new AtomicInteger();
  private final Subscriber subscriber = new Subscriber(Loop.NONE, wakes::incrementAndGet);

  private void publish(String... ids) {
    for (String id : ids) {
      history.append(encoded(id));
      subscriber.wakeUp();
    }
  }

  private String poll() {
    var event = subscriber.poll();
    return event == null ? "nothing" : event.seq() + event.eventId();
  }

  @Test
  void itReadsOneEventAfterTheOther() {
    subscriber.begin(history, 1, () -> {});
    publish("a", "b");

    assertThat(poll()).isEqualTo("1a");
    assertThat(poll()).isEqualTo("2b");
    assertThat(poll()).isEqualTo("nothing");
    assertThat(subscriber.isLagged()).isFalse();
  }

  @Test
  void itBeginsWhereItIsTold() {
    publish("a", "b", "c");
    subscriber.begin(history, 3, () -> {});

    assertThat(poll()).isEqualTo("3c");
  }

  @Test
  void itFindsNothingBeforeItBegins() {
    assertThat(poll()).isEqualTo("nothing");
    assertThat(subscriber.isLagged()).isFalse();
    assertThat(subscriber.isRoomClosed()).isFalse();
  }

  @Test
  void itIsNotWokenBeforeItParks() {
    subscriber.begin(history, 1, () -> {});
    publish("a", "b");

    assertThat(wakes).hasValue(0);
  }

  @Test
  void itIsWokenOnceForEachTimeThatItParks() {
    subscriber.begin(history, 1, () -> {});
    poll();
    publish("a", "b");
    assertThat(wakes).hasValue(1);

    poll();
    poll();
    publish("c");
    assertThat(wakes).hasValue(1);

    assertThat(poll()).isEqualTo("3c");
    poll();
    publish("d");
    assertThat(wakes).hasValue(2);
  }

  @Test
  void itHasLaggedWhenItsEventIsGone() {
    subscriber.begin(history, 1, () -> {});
    publish("a", "b", "c");
    assertThat(subscriber.isLagged()).isFalse();

    publish("d");

    assertThat(subscriber.isLagged()).isTrue();
    assertThat(poll()).isEqualTo("nothing");
    assertThat(subscriber.isLagged()).isTrue();
  }

  @Test
  void itIsWokenWhenTheRoomCloses() {
    subscriber.begin(history, 1, () -> {});
    poll();

    history.close(RoomEnd.RESTARTED);
    subscriber.wakeUp();

    assertThat(wakes).hasValue(1);
    assertThat(poll()).isEqualTo("nothing");
    assertThat(subscriber.isRoomClosed()).isTrue();
  }

  @Test
  void itReadsToTheEndOfARoomThatClosed() {
    subscriber.begin(history, 1, () -> {});
    publish("a", "b");
    history.close(RoomEnd.RESTARTED);

    assertThat(poll()).isEqualTo("1a");
    assertThat(poll()).isEqualTo("2b");
    assertThat(poll()).isEqualTo("nothing");
  }

  @Test
  void itIsGoneWhenItsHolderLeft() {
    assertThat(subscriber.isGone()).isFalse();

    subscriber.leave();

    assertThat(subscriber.isGone()).isTrue();
  }
}
