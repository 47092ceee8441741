package dev.agentrooms.webui.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.FrameWriter;
import dev.agentrooms.http.Loop;
import dev.agentrooms.webui.room.TestEvents;
import dev.agentrooms.webui.room.TestHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class OutgoingTest {

  private static final ByteString REPLY = FrameWriter.text("reply".getBytes(UTF_8));
  private static final ByteString LAGGED = FrameWriter.close(4008, "lagged");

  private final Outgoing outgoing = new Outgoing(false);

  /// A room of `capacity` in which somebody begins to read at the first event.
  private static final class TestRoom {

    final TestHistory history;
    final Subscription subscription;

    TestRoom(String name, int capacity) {
      history = new TestHistory(capacity);
      subscription = new Subscription(name, null, Loop.NONE, woken -> {}, true);
      history.begin(subscription.subscriber());
    }

    void publish(int count, int size) {
      for (int i = 0; i < count; i++) {
        String id = subscription.sessionId() + (history.last() + 1);
        history.append(TestEvents.event(subscription.sessionId(), id, "x".repeat(size)));
      }
    }
  }

  private static List<String> ids(ByteString batch) {
    return Pattern.compile("\"event_id\":\"(\\w+)\"")
        .matcher(batch.utf8String())
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  @Test
  void withoutAnythingToSayABatchIsEmpty() {
    assertThat(outgoing.next()).isEqualTo(ByteString.emptyByteString());
  }

  @Test
  void repliesComeInOrderAndBeforeEvents() {
    var room = new TestRoom("a", 10);
    room.publish(2, 1);
    outgoing.ready(room.subscription);
    outgoing.reply(REPLY);
    outgoing.reply(FrameWriter.text("second".getBytes(UTF_8)));

    var batch = outgoing.next();

    assertThat(batch.take(REPLY.size())).isEqualTo(REPLY);
    assertThat(batch.utf8String()).containsSubsequence("reply", "second", "a1", "a2");
    assertThat(outgoing.next().isEmpty()).isTrue();
  }

  @Test
  void roomsTakeTurns() {
    var a = new TestRoom("a", 200);
    var b = new TestRoom("b", 200);
    a.publish(100, 1);
    b.publish(100, 1);
    outgoing.ready(a.subscription);
    outgoing.ready(b.subscription);

    var ids = ids(outgoing.next());

    assertThat(ids).hasSize(200).startsWith("a1").endsWith("b100");
    assertThat(ids.indexOf("b1")).isBetween(1, 99);
  }

  @Test
  void aBatchIsBoundedWhateverARoomHolds() {
    var room = new TestRoom("a", 200);
    room.publish(100, 30_000);
    outgoing.ready(room.subscription);

    var ids = new ArrayList<String>();
    for (var batch = outgoing.next(); !batch.isEmpty(); batch = outgoing.next()) {
      assertThat(batch.size()).isLessThan(64 * 1024 + 31_000);
      ids.addAll(ids(batch));
    }
    assertThat(ids).hasSize(100);
  }

  @Test
  void aRoomThatWasLeftSaysNothingHoweverOftenItWasReady() {
    var room = new TestRoom("a", 200);
    room.publish(100, 1);
    outgoing.ready(room.subscription);
    // It is woken again while it stands in the line.
    outgoing.ready(room.subscription);
    outgoing.next();
    outgoing.ready(room.subscription);
    outgoing.ready(room.subscription);

    outgoing.drop(room.subscription);
    room.publish(10, 1);

    assertThat(outgoing.next().isEmpty()).isTrue();
  }

  @Test
  void aReaderThatLagsIsClosed() {
    var room = new TestRoom("a", 2);
    room.publish(3, 1);
    outgoing.ready(room.subscription);

    assertThat(outgoing.next()).isEqualTo(LAGGED);
    assertThat(outgoing.isOver()).isTrue();
  }

  @Test
  void aRoomThatIsGoneClosesTheSocketWhenAllIsRead() {
    var room = new TestRoom("a", 10);
    room.publish(2, 1);
    room.history.close();
    outgoing.ready(room.subscription);

    var batch = outgoing.next();

    assertThat(ids(batch)).containsExactly("a1", "a2");
    var close = FrameWriter.close(1012, "the room was restarted");
    assertThat(batch.takeRight(close.size())).isEqualTo(close);
  }

  @Test
  void nothingFollowsAClose() {
    var room = new TestRoom("a", 10);
    room.publish(2, 1);
    outgoing.reply(REPLY);
    outgoing.ready(room.subscription);
    outgoing.close(4008, "lagged");
    outgoing.close(1001, "too late");
    outgoing.reply(REPLY);
    outgoing.ready(room.subscription);

    assertThat(outgoing.isClosing()).isTrue();
    assertThat(outgoing.isOver()).isFalse();
    assertThat(outgoing.next()).isEqualTo(REPLY.concat(LAGGED));
    assertThat(outgoing.isOver()).isTrue();
    outgoing.reply(REPLY);
    assertThat(outgoing.next().isEmpty()).isTrue();
  }

  @Test
  void aCloseComesAfterAllTheRepliesBeforeIt() {
    var large = FrameWriter.text(new byte[50_000]);
    for (int i = 0; i < 5; i++) {
      outgoing.reply(large);
    }
    outgoing.close(4008, "lagged");

    var all = ByteString.emptyByteString();
    while (!outgoing.isOver()) {
      all = all.concat(outgoing.next());
    }
    assertThat(all.size()).isEqualTo(5 * large.size() + LAGGED.size());
    assertThat(all.takeRight(LAGGED.size())).isEqualTo(LAGGED);
  }

  @Test
  void thereIsNoRoomForMoreCommandsWhileTooManyRepliesWait() {
    int replies = 0;
    while (outgoing.hasRoom()) {
      outgoing.reply(REPLY);
      replies++;
    }
    assertThat(replies).isEqualTo(256);

    outgoing.next();

    assertThat(outgoing.hasRoom()).isTrue();
  }
}
