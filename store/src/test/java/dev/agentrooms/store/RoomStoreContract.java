package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;
import static dev.agentrooms.store.Await.failure;
import static dev.agentrooms.store.Records.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.store.RoomStore.RoomPage;
import dev.agentrooms.store.RoomStore.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every engine that records rooms does with them.
@Timeout(120)
abstract class RoomStoreContract {

  private static final int HISTORY = 100;

  private Place place;
  private Store store;
  private RoomStore rooms;

  abstract Place place() throws Exception;

  @BeforeEach
  void open() throws Exception {
    place = place();
    store = place.open();
    rooms = store.rooms();
  }

  @AfterEach
  void close() throws Exception {
    if (place != null) {
      place.close();
    }
  }

  private OpenRoom open(String sessionId) {
    return done(rooms.open(sessionId, "new", HISTORY));
  }

  private CompletionStage<Long> append(OpenRoom room, long seq) {
    return append(room, seq, 0, 0);
  }

  private CompletionStage<Long> append(OpenRoom room, long seq, long life, long n) {
    Answer answer = new Answer();
    rooms.append(
        room.handle(),
        seq,
        "id-" + seq,
        bytes("event " + seq),
        new RoomStore.Delivered(life, n, "ann"),
        null,
        answer);
    return answer.stored;
  }

  private static final class Answer implements RoomStore.Appended {
    final CompletableFuture<Long> stored = new CompletableFuture<>();

    @Override
    public void stored(long seq) {
      stored.complete(seq);
    }

    @Override
    public void failed(long seq, StoreFailure why) {
      stored.completeExceptionally(why);
    }
  }

  @Test
  void aRoomBeginsWithItsFirstEventAndKeepsItsEpoch() {
    OpenRoom room = done(rooms.open("s", "k3f9", HISTORY));
    assertThat(room.last()).isZero();
    assertThat(room.epoch()).isEqualTo("k3f9");
    assertThat(done(rooms.read("s", 0, 10))).isEmpty();

    done(append(room, 1, 7, 3));
    OpenRoom again = done(rooms.open("s", "other", HISTORY));
    assertThat(again.epoch()).isEqualTo("k3f9");
    assertThat(again.last()).isEqualTo(1);
    assertThat(again.life()).isEqualTo(7);
    assertThat(again.n()).isEqualTo(3);
    assertThat(again.events()).extracting(StoredEvent::eventId).containsExactly("id-1");
    assertThat(again.events().getFirst().body()).isEqualTo(bytes("event 1"));
  }

  @Test
  void aRoomHasItsEpochBeforeItIsThereAndANewOneInItsNextLife() {
    String fresh = done(rooms.freshEpoch("s"));
    OpenRoom room = done(rooms.open("s", null, HISTORY));
    assertThat(room.epoch()).isEqualTo(fresh);
    assertThat(done(rooms.freshEpoch("other"))).isNotEqualTo(fresh);
    store.close();
    store = place.open();
    rooms = store.rooms();
    assertThat(done(rooms.open("s", null, HISTORY)).epoch()).isEqualTo(fresh);

    OpenRoom again = done(rooms.open("s", null, HISTORY));
    done(append(again, 1));
    done(rooms.forget(again.handle()));
    String next = done(rooms.open("s", null, HISTORY)).epoch();
    assertThat(next).isNotEqualTo(fresh).isEqualTo(done(rooms.freshEpoch("s")));

    OpenRoom third = done(rooms.open("s", null, HISTORY));
    done(append(third, 1));
    place.pass(Duration.ofHours(1));
    assertThat(done(rooms.forgetUnused(Duration.ofMinutes(1)))).containsExactly("s");
    assertThat(done(rooms.freshEpoch("s"))).isNotEqualTo(next).isNotEqualTo(fresh);
  }

  @Test
  void anIdMayHaveAnyCharacter() {
    OpenRoom room = open("s");
    Answer answer = new Answer();
    rooms.append(
        room.handle(),
        1,
        "\0 ключ 😀",
        new byte[] {0, -1},
        RoomStore.Delivered.NOTHING,
        null,
        answer);
    done(answer.stored);

    assertThat(open("s").events().getFirst().eventId()).isEqualTo("\0 ключ 😀");
    assertThat(open("s").events().getFirst().body()).isEqualTo(new byte[] {0, -1});
  }

  @Test
  void manyEventsUnderWayAreAnsweredInOrder() {
    OpenRoom room = open("s");
    List<Long> answered = new ArrayList<>();
    List<CompletionStage<?>> all = new ArrayList<>();
    for (long seq = 1; seq <= 500; seq++) {
      all.add(append(room, seq).thenAccept(answered::add));
    }
    all.forEach(Await::done);

    assertThat(answered).hasSize(500).isSorted();
    assertThat(open("s").last()).isEqualTo(500);
  }

  @Test
  void eventsOfManyRoomsAreStoredTogether() {
    List<CompletionStage<?>> all = new ArrayList<>();
    List<OpenRoom> open = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      open.add(open("s" + i));
    }
    for (long seq = 1; seq <= 20; seq++) {
      for (OpenRoom room : open) {
        all.add(append(room, seq, seq, seq * 2));
      }
    }
    all.forEach(Await::done);

    for (int i = 0; i < 50; i++) {
      OpenRoom room = open("s" + i);
      assertThat(room.events()).extracting(StoredEvent::seq).hasSize(20).isSorted();
      assertThat(room.n()).isEqualTo(40);
    }
  }

  @Test
  void theHistoryIsReadAndWhatIsOlderIsDeletedInTime() {
    OpenRoom room = open("s");
    List<CompletionStage<?>> all = new ArrayList<>();
    for (long seq = 1; seq <= 1000; seq++) {
      all.add(append(room, seq));
    }
    all.forEach(Await::done);

    OpenRoom again = open("s");
    assertThat(again.events()).hasSize(HISTORY);
    assertThat(again.events().getFirst().seq()).isEqualTo(901);
    RoomPage page = done(rooms.read("s", 0, 2000)).orElseThrow();
    assertThat(page.first()).isBetween(901L - 64, 901L);
    assertThat(page.last()).isEqualTo(1000);
  }

  @Test
  void aRoomIsReadWithoutBeingOpened() {
    OpenRoom room = open("s");
    done(append(room, 1));
    done(append(room, 2));
    done(append(room, 3));

    RoomPage page = done(rooms.read("s", 1, 1)).orElseThrow();
    assertThat(page.epoch()).isEqualTo("new");
    assertThat(page.first()).isEqualTo(1);
    assertThat(page.last()).isEqualTo(3);
    assertThat(page.events()).extracting(StoredEvent::seq).containsExactly(2L);
    done(append(room, 4));
  }

  @Test
  void anEventThatLeavesAHoleIsRefusedAndSoAreThoseBehindIt() {
    OpenRoom room = open("s");
    done(append(room, 1));
    CompletionStage<Long> third = append(room, 3);
    CompletionStage<Long> fourth = append(room, 4);

    assertThat(failure(third)).isInstanceOf(StoreFailure.Unavailable.class);
    assertThat(failure(fourth)).isInstanceOf(StoreFailure.Unavailable.class);
    done(append(room, 2));
    assertThat(open("s").last()).isEqualTo(2);
  }

  @Test
  void anEarlierOwnerIsFencedUntilItOpensTheRoomAnew() {
    OpenRoom first = open("s");
    done(append(first, 1));
    OpenRoom second = open("s");

    CompletionStage<Long> late = append(first, 2);
    CompletionStage<Long> later = append(first, 3);
    assertThat(failure(late)).isInstanceOf(StoreFailure.Fenced.class);
    assertThat(failure(later)).isInstanceOf(StoreFailure.Fenced.class);
    done(append(second, 2));
    assertThat(failure(append(first, 2))).isInstanceOf(StoreFailure.Fenced.class);
    assertThat(failure(rooms.forget(first.handle()))).isInstanceOf(StoreFailure.Fenced.class);
    assertThat(open("s").last()).isEqualTo(2);
  }

  @Test
  void ofTwoThatCreateARoomOneIsFenced() {
    OpenRoom one = open("s");
    OpenRoom other = done(rooms.open("s", "other", HISTORY));
    CompletionStage<Long> ofOne = append(one, 1);
    CompletionStage<Long> ofOther = append(other, 1);

    done(ofOne);
    assertThat(failure(ofOther)).isInstanceOf(StoreFailure.Fenced.class);
    assertThat(open("s").epoch()).isEqualTo("new");
  }

  @Test
  void aForgottenRoomBeginsAnew() {
    OpenRoom room = open("s");
    done(append(room, 1));
    CompletionStage<Long> second = append(room, 2);
    done(rooms.forget(room.handle()));
    done(second);

    assertThat(done(rooms.read("s", 0, 10))).isEmpty();
    assertThat(failure(append(room, 3))).isInstanceOf(StoreFailure.Fenced.class);
    OpenRoom next = done(rooms.open("s", "next", HISTORY));
    assertThat(next.epoch()).isEqualTo("next");
    done(append(next, 1));
    assertThat(open("s").events()).hasSize(1);
  }

  @Test
  void howFarAForgottenRoomHadBeenDeliveredToIsKnownForATime() {
    OpenRoom room = open("s");
    done(append(room, 1, 5, 7));
    done(rooms.forget(room.handle()));

    OpenRoom next = open("s");
    assertThat(next.isThere()).isFalse();
    assertThat(next.life()).isZero();
    assertThat(next.before()).isEqualTo(new RoomStore.Delivered(5, 7, null));
    done(append(next, 1));
    assertThat(open("s").before()).isEqualTo(next.before());
    done(append(open("s"), 2, 5, 8));
    assertThat(open("s").before()).isEqualTo(RoomStore.Delivered.NOTHING);

    OpenRoom other = open("t");
    done(append(other, 1, 5, 1));
    done(rooms.forget(other.handle()));
    place.pass(Duration.ofHours(1));
    done(rooms.forgetUnused(Duration.ofMinutes(1)));
    assertThat(open("t").before()).isEqualTo(RoomStore.Delivered.NOTHING);
  }

  @Test
  void roomsThatAreUnusedForTheirTtlAreForgottenInSteps() {
    for (int i = 0; i < 70; i++) {
      done(append(open("old-" + i), 1));
    }
    OpenRoom watched = open("watched");
    done(append(watched, 1));
    OpenRoom busy = open("busy");
    done(append(busy, 1));
    place.pass(Duration.ofMinutes(29));
    done(rooms.touch(watched.handle()));
    done(append(busy, 2));
    place.pass(Duration.ofMinutes(2));

    List<String> gone = new ArrayList<>();
    for (List<String> step = unused(); !step.isEmpty(); step = unused()) {
      assertThat(step).hasSizeLessThanOrEqualTo(64);
      gone.addAll(step);
    }
    assertThat(gone).hasSize(70).allMatch(id -> id.startsWith("old-"));
    assertThat(open("watched").unused()).isEqualTo(Duration.ofMinutes(2));
    assertThat(open("busy").last()).isEqualTo(2);
    assertThat(open("old-5").last()).isZero();
  }

  private List<String> unused() {
    return done(rooms.forgetUnused(Duration.ofMinutes(30)));
  }

  @Test
  void itIsAllThereWhenItIsOpenedAgain() throws Exception {
    OpenRoom room = open("s");
    done(append(room, 1));
    done(append(room, 2, 5, 1));
    place.closeStores();
    place.pass(Duration.ofHours(3));
    rooms = place.open().rooms();

    OpenRoom again = open("s");
    assertThat(again.epoch()).isEqualTo("new");
    assertThat(again.last()).isEqualTo(2);
    assertThat(again.unused()).as("nobody was there to use it").isLessThan(Duration.ofMinutes(1));
    assertThat(unused()).isEmpty();
    done(append(again, 3));
  }

  @Test
  void aProducersPlaceIsRecordedWithItsEventAndGoesWithTheRoom() {
    OpenRoom room = open("s");
    Answer answer = new Answer();
    RoomProducer place = new RoomProducer("p", 3, 1024);
    rooms.append(room.handle(), 1, "id-1", bytes("a"), RoomStore.Delivered.NOTHING, place, answer);
    done(answer.stored);
    assertThat(open("s").producers()).containsExactly(place);

    OpenRoom again = open("s");
    RoomProducer next = new RoomProducer("p", 3, 2048);
    done(rooms.produced(again.handle(), next));
    assertThat(failure(rooms.produced(room.handle(), place)))
        .isInstanceOf(StoreFailure.Fenced.class);
    OpenRoom third = open("s");
    assertThat(third.producers()).containsExactly(next);

    done(rooms.forget(third.handle()));
    OpenRoom fresh = open("s");
    done(append(fresh, 1));
    assertThat(open("s").producers()).isEmpty();
  }

  @Test
  void aRoomIsMadeWithoutAnEvent() {
    OpenRoom room = open("s");
    assertThat(room.isThere()).isFalse();
    assertThat(done(rooms.make(room.handle()))).isTrue();
    assertThat(done(rooms.make(room.handle()))).isFalse();
    done(append(room, 1));
    OpenRoom again = open("s");
    assertThat(again.isThere()).isTrue();
    assertThat(again.epoch()).isEqualTo("new");
    assertThat(done(rooms.make(again.handle()))).isFalse();
    assertThat(failure(rooms.make(room.handle()))).isInstanceOf(StoreFailure.Fenced.class);
  }

  @Test
  void aSubscriptionOfRoomsHasThoseThatAreThereAndThoseToCome() {
    done(append(open("one"), 1));
    SubscriptionStore subscriptions = store.subscriptions();
    assertThat(done(subscriptions.haveRooms())).isFalse();
    List<Subscription.Link> there = done(subscriptions.streams("rooms/"));
    assertThat(there).extracting(Subscription.Link::path).containsExactly("rooms/one");
    assertThat(there.getFirst().tail()).isEqualTo(1);
    assertThat(done(subscriptions.streams("r"))).hasSize(1);
    assertThat(done(subscriptions.streams("rooms/p"))).isEmpty();
    assertThat(done(subscriptions.links(List.of("rooms/one"))).getFirst().tail()).isEqualTo(1);
    Subscription made = new Subscription("all", "{}", "rooms/*", 0, "", "", -1, 0, -1, 0, there);
    done(subscriptions.change("all", true, now -> new SubscriptionStore.Change<>(made, true)));
    assertThat(done(subscriptions.haveRooms())).isTrue();
    assertThat(done(subscriptions.missed())).isEmpty();

    OpenRoom two = open("two");
    done(append(two, 1));
    assertThat(done(subscriptions.due(0, List.of("rooms/two")))).containsExactly("all");
    assertThat(done(subscriptions.missed())).containsExactly("all");
    assertThat(links("all").stream().filter(Subscription.Link::isPending))
        .extracting(Subscription.Link::path)
        .containsExactly("rooms/two");

    done(rooms.forget(two.handle()));
    assertThat(links("all")).extracting(Subscription.Link::path).containsExactly("rooms/one");
    assertThat(done(subscriptions.missed())).isEmpty();
  }

  private List<Subscription.Link> links(String id) {
    return done(
        store
            .subscriptions()
            .change(
                id,
                List.<Subscription.Link>of(),
                now -> new SubscriptionStore.Change<>(now, now == null ? List.of() : now.links())));
  }
}
