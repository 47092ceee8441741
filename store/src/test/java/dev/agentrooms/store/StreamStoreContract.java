package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;
import static dev.agentrooms.store.Records.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every engine does with streams.
@Timeout(120)
abstract class StreamStoreContract {

  private Place place;
  private Store store;
  private StreamStore streams;

  abstract Place place() throws Exception;

  @BeforeEach
  void open() throws Exception {
    place = place();
    store = place.open();
    streams = store.streams();
  }

  @AfterEach
  void close() {
    if (place != null) {
      place.close();
    }
  }

  private static StreamWish wish(String path, String... messages) {
    return new StreamWish(path, "text/plain", -1, -1, false, list(messages), null);
  }

  private static StreamWish lasting(String path, long ttl) {
    return new StreamWish(path, "text/plain", ttl, -1, false, List.of(), null);
  }

  private static StreamWish fork(String path, String source, long seq, long sub) {
    return new StreamWish(
        path, null, -1, -1, false, List.of(), new StreamWish.Fork(source, null, seq, sub));
  }

  private static List<byte[]> list(String... messages) {
    List<byte[]> all = new ArrayList<>();
    for (String message : messages) {
      all.add(bytes(message));
    }
    return all;
  }

  private static StreamAppend text(String... messages) {
    return new StreamAppend("text/plain", list(messages), false, null, null);
  }

  private static StreamAppend by(String id, long epoch, long seq, String message) {
    return new StreamAppend(
        "text/plain", list(message), false, new StreamAppend.Producer(id, epoch, seq), null);
  }

  private StreamAppended append(String path, String... messages) {
    return done(streams.append(path, text(messages)));
  }

  private @Nullable String all(String path) {
    return behind(path, 0);
  }

  private @Nullable String behind(String path, long after) {
    if (!(done(streams.read(path, after, 1 << 20)) instanceof StreamPage.Found found)) {
      return null;
    }
    StringBuilder all = new StringBuilder();
    found.messages().forEach(each -> all.append(new String(each, StandardCharsets.UTF_8)));
    return all.toString();
  }

  private void openAgain() {
    if (place.lasts()) {
      store.close();
      store = place.open();
      streams = store.streams();
    }
  }

  @Test
  void whatIsAppendedIsReadInOrderAndFromAnyPlace() {
    assertThat(done(streams.make(wish("a", "one ")))).isInstanceOf(StreamMade.Made.class);
    append("a", "two ", "three ");
    openAgain();
    append("a", "four");
    assertThat(all("a")).isEqualTo("one two three four");
    assertThat(behind("a", 2)).isEqualTo("three four");
    assertThat(behind("a", 4)).isEmpty();
    assertThat(append("b", "x")).isInstanceOf(StreamAppended.Missing.class);
  }

  @Test
  void aPageHasAtLeastOneMessageAndNotManyMoreBytesThanWereAskedFor() {
    done(streams.make(wish("a", "0123456789", "0123456789", "0123456789")));
    StreamPage.Found first = (StreamPage.Found) done(streams.read("a", 0, 5));
    assertThat(first.messages()).hasSize(1);
    assertThat(first.isAtTail()).isFalse();
    StreamPage.Found rest = (StreamPage.Found) done(streams.read("a", first.last(), 20));
    assertThat(rest.messages()).hasSize(2);
    assertThat(rest.isAtTail()).isTrue();
  }

  @Test
  void aStreamOfManyMessagesIsReadPageByPage() {
    done(streams.make(wish("a")));
    for (int i = 0; i < 5; i++) {
      String[] messages = new String[1000];
      java.util.Arrays.fill(messages, "m");
      append("a", messages);
    }
    long after = 0;
    int count = 0;
    StreamPage.Found page;
    do {
      page = (StreamPage.Found) done(streams.read("a", after, 1 << 20));
      assertThat(page.messages()).hasSizeLessThanOrEqualTo(1000);
      count += page.messages().size();
      after = page.last();
    } while (!page.isAtTail());
    assertThat(count).isEqualTo(5000);
  }

  @Test
  void makingAStreamTwiceIsFineOnlyWhenItIsTheSame() {
    done(streams.make(wish("a", "one")));
    assertThat(done(streams.make(wish("a")))).isInstanceOf(StreamMade.Exists.class);
    assertThat(done(streams.make(lasting("a", 5)))).isInstanceOf(StreamMade.Taken.class);
    StreamWish json = new StreamWish("a", "application/json", -1, -1, false, List.of(), null);
    assertThat(done(streams.make(json))).isInstanceOf(StreamMade.Taken.class);
  }

  @Test
  void aClosedStreamTakesNothingMoreAndStaysClosed() {
    done(streams.make(wish("a")));
    done(streams.append("a", new StreamAppend("text/plain", list("end"), true, null, null)));
    openAgain();
    assertThat(append("a", "more")).isInstanceOf(StreamAppended.Closed.class);
    StreamAppend close = new StreamAppend(null, List.of(), true, null, null);
    assertThat(done(streams.append("a", close))).isInstanceOf(StreamAppended.Done.class);
    assertThat(all("a")).isEqualTo("end");
  }

  @Test
  void aProducersRequestIsTakenOnceHoweverOftenItComes() {
    done(streams.make(wish("a")));
    for (int i = 0; i < 3; i++) {
      done(streams.append("a", by("p", 0, i, "m" + i)));
    }
    openAgain();
    for (int i = 0; i < 3; i++) {
      StreamAppended.Done again =
          (StreamAppended.Done) done(streams.append("a", by("p", 0, i, "m" + i)));
      assertThat(again.isNew()).isFalse();
      assertThat(again.highest()).isEqualTo(2);
    }
    assertThat(done(streams.append("a", by("p", 0, 5, "x"))))
        .isEqualTo(new StreamAppended.Gap(3, 5));
    assertThat(all("a")).isEqualTo("m0m1m2");
  }

  @Test
  void aLaterEpochOfAProducerShutsOutTheEarlierOne() {
    done(streams.make(wish("a")));
    done(streams.append("a", by("p", 0, 0, "old ")));
    assertThat(done(streams.append("a", by("p", 1, 3, "x"))))
        .isInstanceOf(StreamAppended.NotAtZero.class);
    done(streams.append("a", by("p", 1, 0, "new")));
    assertThat(done(streams.append("a", by("p", 0, 1, "x"))))
        .isEqualTo(new StreamAppended.StaleProducer(1));
    assertThat(all("a")).isEqualTo("old new");
  }

  @Test
  void manyAtOnceAreStoredInOneOrderWithoutALoss() {
    done(streams.make(wish("a")));
    List<CompletionStage<StreamAppended>> answers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      answers.add(streams.append("a", by("p" + i % 5, 0, i / 5, "x")));
      answers.add(streams.append("a", by("p" + i % 5, 0, i / 5, "x")));
    }
    answers.forEach(Await::done);
    assertThat(all("a")).hasSize(500);
  }

  @Test
  void aWritersSequenceOnlyGrows() {
    done(streams.make(wish("a")));
    StreamAppend ten = new StreamAppend("text/plain", list("x"), false, null, "10");
    StreamAppend two = new StreamAppend("text/plain", list("y"), false, null, "09");
    assertThat(done(streams.append("a", ten))).isInstanceOf(StreamAppended.Done.class);
    assertThat(done(streams.append("a", two))).isInstanceOf(StreamAppended.WriterSeqTaken.class);
  }

  @Test
  void aStreamThatIsMadeAnewHasAnotherEpochAndNothingOfTheOldOne() {
    StreamMade.Made old = (StreamMade.Made) done(streams.make(wish("a", "old")));
    assertThat(done(streams.delete("a"))).isEqualTo(StreamStore.Deleted.DONE);
    assertThat(done(streams.delete("a"))).isEqualTo(StreamStore.Deleted.MISSING);
    StreamMade.Made next = (StreamMade.Made) done(streams.make(wish("a", "new")));
    assertThat(next.stream().epoch()).isGreaterThan(old.stream().epoch());
    assertThat(all("a")).isEqualTo("new");
  }

  @Test
  void aStreamEndsWhenNobodyHasUsedItForItsTime() {
    done(streams.make(lasting("a", 10)));
    place.pass(Duration.ofSeconds(8));
    done(streams.touch("a"));
    place.pass(Duration.ofSeconds(8));
    assertThat(all("a")).isEmpty();
    place.pass(Duration.ofSeconds(3));
    assertThat(all("a")).isNull();
    assertThat(append("a", "x")).isInstanceOf(StreamAppended.Missing.class);
  }

  @Test
  void whatHasExpiredIsDeletedByItself() {
    done(streams.make(lasting("a", 10)));
    done(streams.make(wish("b")));
    place.pass(Duration.ofSeconds(11));
    assertThat(done(streams.forgetExpired())).containsExactly("a");
    assertThat(done(streams.forgetExpired())).isEmpty();
    assertThat(done(streams.states(Set.of("a", "b")))).containsOnlyKeys("b");
  }

  @Test
  void aForkReadsItsSourceUpToItsPlaceAndThenItsOwn() {
    done(streams.make(wish("a", "1", "2", "3")));
    done(streams.make(fork("b", "a", 2, 0)));
    append("b", "x", "y");
    append("a", "4");
    done(streams.make(fork("c", "b", 3, 0)));
    append("c", "z");
    done(streams.make(fork("d", "c", 1, 0)));
    openAgain();
    assertThat(all("a")).isEqualTo("1234");
    assertThat(all("b")).isEqualTo("12xy");
    assertThat(behind("b", 1)).isEqualTo("2xy");
    assertThat(behind("b", 3)).isEqualTo("y");
    assertThat(all("c")).isEqualTo("12xz");
    assertThat(all("d")).isEqualTo("1");
  }

  @Test
  void aForkCanTakeAPartOfAMessage() {
    done(streams.make(wish("a", "one", "two")));
    done(streams.make(fork("b", "a", 1, 2)));
    append("b", "!");
    assertThat(all("b")).isEqualTo("onetw!");
    assertThat(done(streams.make(fork("c", "a", 1, 4))))
        .isInstanceOf(StreamMade.NoSuchOffset.class);
    assertThat(done(streams.make(fork("c", "a", 3, 0))))
        .isInstanceOf(StreamMade.NoSuchOffset.class);
  }

  @Test
  void aDeletedSourceIsKeptForItsForksAndGoesWithTheLast() {
    done(streams.make(wish("a", "1")));
    done(streams.make(fork("b", "a", 1, 0)));
    done(streams.make(fork("c", "b", 1, 0)));
    assertThat(done(streams.delete("a"))).isEqualTo(StreamStore.Deleted.DONE_BUT_KEPT);
    assertThat(done(streams.delete("b"))).isEqualTo(StreamStore.Deleted.DONE_BUT_KEPT);
    assertThat(done(streams.read("a", 0, 10))).isInstanceOf(StreamPage.Gone.class);
    assertThat(append("a", "2")).isInstanceOf(StreamAppended.Gone.class);
    assertThat(done(streams.make(wish("a")))).isInstanceOf(StreamMade.Taken.class);
    assertThat(all("c")).isEqualTo("1");
    done(streams.delete("c"));
    assertThat(done(streams.make(wish("a")))).isInstanceOf(StreamMade.Made.class);
    assertThat(done(streams.make(wish("b")))).isInstanceOf(StreamMade.Made.class);
  }

  private static Subscription subscription(String id, String pattern, Subscription.Link... links) {
    return new Subscription(id, "{}", pattern, 0, "", "", -1, 0, -1, 0, List.of(links));
  }

  private @Nullable Subscription subscribed(String id) {
    List<Subscription> seen = new ArrayList<>();
    done(
        store
            .subscriptions()
            .change(
                id,
                true,
                now -> {
                  if (now != null) {
                    seen.add(now);
                  }
                  return new SubscriptionStore.Change<>(now, true);
                }));
    return seen.isEmpty() ? null : seen.getFirst();
  }

  private void subscribe(Subscription it) {
    done(
        store
            .subscriptions()
            .change(it.id(), true, now -> new SubscriptionStore.Change<>(it, true)));
  }

  @Test
  void aStreamThatIsMadeLaterIsLinkedToItsBeginningByThePattern() {
    subscribe(subscription("s", "events/*"));
    done(streams.make(wish("events/a", "1", "2")));
    done(streams.make(wish("other", "1")));
    openAgain();
    Subscription it = Objects.requireNonNull(subscribed("s"));
    assertThat(it.links()).extracting(Subscription.Link::path).containsExactly("events/a");
    assertThat(it.links().getFirst().isPending()).isTrue();
    assertThat(done(store.subscriptions().due(0, List.of("events/a")))).containsExactly("s");
    assertThat(done(store.subscriptions().due(0, List.of("other")))).isEmpty();
  }

  @Test
  void aSubscriptionIsKeptAsItWasWrittenAndGoesWithItsLinks() {
    done(streams.make(wish("a", "1")));
    Subscription.Link link = done(store.subscriptions().links(List.of("a"))).getFirst();
    subscribe(subscription("s", "", link));
    subscribe(subscription("s", "", link).with(3, "w", "worker", 9, 2, 7, List.of(link.done(1))));
    openAgain();
    Subscription it = Objects.requireNonNull(subscribed("s"));
    assertThat(it.generation()).isEqualTo(3);
    assertThat(it.holder()).isEqualTo("worker");
    assertThat(it.isPending()).isFalse();
    append("a", "2");
    assertThat(Objects.requireNonNull(subscribed("s")).isPending()).isTrue();
    assertThat(done(store.subscriptions().due(7, List.of()))).containsExactly("s");
    assertThat(done(store.subscriptions().due(6, List.of()))).isEmpty();
    done(
        store.subscriptions().change("s", true, now -> new SubscriptionStore.Change<>(null, true)));
    assertThat(subscribed("s")).isNull();
    assertThat(done(store.subscriptions().due(7, List.of("a")))).isEmpty();
  }

  @Test
  void aSecretIsTheSameForAllWhoAskForIt() {
    assertThat(done(store.subscriptions().secret("k", "one"))).isEqualTo("one");
    openAgain();
    assertThat(done(store.subscriptions().secret("k", "two"))).isEqualTo("one");
  }
}
