package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;
import static dev.agentrooms.store.Await.failure;
import static dev.agentrooms.store.Records.naming;
import static dev.agentrooms.store.Records.of;
import static dev.agentrooms.store.Records.openSince;
import static dev.agentrooms.store.Records.row;
import static dev.agentrooms.store.Records.snapshot;
import static dev.agentrooms.store.Records.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.store.SessionStore.OpenSession;
import dev.agentrooms.store.SessionStore.SessionLines;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every engine does with sessions.
@Timeout(120)
abstract class SessionStoreContract {

  private static final Instant EVER = Instant.ofEpochMilli(Long.MAX_VALUE);

  private Place place;
  private SessionStore sessions;

  abstract Place place() throws Exception;

  @BeforeEach
  void open() throws Exception {
    place = place();
    sessions = place.open().sessions();
  }

  @AfterEach
  void close() throws Exception {
    if (place != null) {
      place.close();
    }
  }

  private StoredSession load(String sessionId) {
    return done(sessions.load(sessionId));
  }

  private StoredSession.Kept kept(String sessionId) {
    return Objects.requireNonNull(load(sessionId).kept());
  }

  private StoredSession make(String sessionId) {
    return make(sessionId, row(Records.TIME));
  }

  private StoredSession make(String sessionId, SessionRow row) {
    StoredSession owned = load(sessionId);
    done(sessions.record(of(owned, 0, row, "first")));
    return owned;
  }

  @Test
  void whatWasNeverRecordedIsNotThere() {
    assertThat(load("s").kept()).isNull();
    assertThat(done(sessions.count())).isZero();
  }

  @Test
  void recordedEventsAreReadInTheirOrderWithTheRow() {
    StoredSession owned = load("s");
    SessionRow row =
        new SessionRow(
            Records.TIME,
            Records.TIME.plusMillis(5),
            "{\"n\":1}",
            "Zellen",
            Records.TIME,
            7,
            5,
            99);
    done(sessions.record(of(owned, 0, "a", "b")));
    done(sessions.record(of(owned, 2, row, "c")));

    StoredSession.Kept kept = kept("s");
    assertThat(texts(kept.events())).containsExactly("a", "b", "c");
    assertThat(kept.rev()).isEqualTo(3);
    assertThat(kept.snapshot()).isNull();
    assertThat(kept.row().line()).isEqualTo("{\"n\":1}");
    assertThat(kept.row().lastActiveAt()).isEqualTo(row.lastActiveAt());
    assertThat(kept.row().openSince()).isEqualTo(Records.TIME);
    assertThat(kept.row().told()).isEqualTo(7);
    assertThat(kept.row().delivered()).isEqualTo(5);
    assertThat(kept.row().life()).isEqualTo(99);
  }

  @Test
  void aRecordWithoutEventsChangesTheRow() {
    StoredSession owned = make("s");
    done(sessions.record(of(owned, 1, openSince(Records.TIME))));

    assertThat(kept("s").row().openSince()).isEqualTo(Records.TIME);
    assertThat(kept("s").rev()).isEqualTo(1);
  }

  @Test
  void anEarlierOwnerIsFencedAndLeavesNothing() {
    StoredSession first = make("s");
    StoredSession second = load("s");

    assertThat(failure(sessions.record(of(first, 1, "of the first"))))
        .isInstanceOf(StoreFailure.Fenced.class);
    done(sessions.record(of(second, 1, "of the second")));
    assertThat(failure(sessions.record(of(first, 2, "of the first"))))
        .isInstanceOf(StoreFailure.Fenced.class);
    assertThat(texts(kept("s").events())).containsExactly("first", "of the second");
  }

  @Test
  void ofTwoThatCreateASessionOneIsFenced() {
    StoredSession one = load("s");
    StoredSession other = load("s");
    done(sessions.record(of(one, 0, "one")));

    assertThat(failure(sessions.record(of(other, 0, "other"))))
        .isInstanceOf(StoreFailure.Fenced.class);
    assertThat(texts(kept("s").events())).containsExactly("one");
  }

  @Test
  void whoeverLoadsWhileOthersDoGetsTheSessionAllTheSame() {
    make("s");

    List<CompletionStage<StoredSession>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(sessions.load("s"));
    }

    assertThat(all).allSatisfy(each -> assertThat(done(each).kept()).isNotNull());
  }

  @Test
  void aSessionMayBeForgottenWhileItIsLoaded() {
    for (int i = 0; i < 200; i++) {
      String id = "s" + i;
      make(id);
      CompletionStage<StoredSession> loaded = sessions.load(id);
      CompletionStage<List<String>> gone = sessions.forgetUnused(Duration.ofMillis(-1000));

      assertThat(done(loaded).sessionId()).isEqualTo(id);
      assertThat(done(gone)).containsExactly(id);
    }
  }

  @Test
  void aRecordThatIsRepeatedIsFenced() {
    StoredSession owned = make("s");
    done(sessions.record(of(owned, 1, "again")));

    assertThat(failure(sessions.record(of(owned, 1, "again"))))
        .isInstanceOf(StoreFailure.Fenced.class);
    assertThat(texts(kept("s").events())).containsExactly("first", "again");
  }

  @Test
  void anOwnerOfAnEarlierLifeIsFenced() {
    StoredSession first = make("s");
    done(sessions.forget("s", first.generation()));
    place.pass(Duration.ofMillis(5));
    make("s");

    assertThat(failure(sessions.record(of(first, 1, "of the dead"))))
        .isInstanceOf(StoreFailure.Fenced.class);
  }

  @Test
  void aSnapshotStandsForTheEventsUpToIt() {
    StoredSession owned = load("s");
    done(sessions.record(of(owned, 0, "a", "b")));
    done(sessions.record(snapshot(owned, 2, "abc", "c")));
    done(sessions.record(of(owned, 3, "d")));

    StoredSession.Kept kept = kept("s");
    assertThat(new String(Objects.requireNonNull(kept.snapshot()), UTF_8)).isEqualTo("abc");
    assertThat(texts(kept.events())).containsExactly("d");
    assertThat(kept.rev()).isEqualTo(4);

    StoredSession again = load("s");
    done(sessions.record(snapshot(again, 4, "abcd")));
    assertThat(texts(kept("s").events())).isEmpty();
    assertThat(new String(Objects.requireNonNull(kept("s").snapshot()), UTF_8)).isEqualTo("abcd");
  }

  @Test
  void aNameIsOneSessionsAtATime() {
    StoredSession one = load("one");
    StoredSession other = load("other");
    done(sessions.record(naming(one, 0, List.of("run-1", "run-2"))));

    StoreFailure failure = failure(sessions.record(naming(other, 0, List.of("run-0", "run-2"))));
    assertThat(failure)
        .isInstanceOfSatisfying(
            StoreFailure.NameTaken.class,
            taken -> {
              assertThat(taken.name()).isEqualTo("run-2");
              assertThat(taken.holder()).isEqualTo("one");
            });
    assertThat(load("other").kept()).as("nothing of what was refused is stored").isNull();
    // Nor is the other name taken by it.
    done(sessions.record(naming(one, 1, List.of("run-0"))));
  }

  @Test
  void aNameThatASessionHasItMayTakeAgain() {
    StoredSession owned = load("s");
    done(sessions.record(naming(owned, 0, List.of("run-1"))));
    done(sessions.record(naming(owned, 1, List.of("run-1"))));
  }

  @Test
  void aNameIsFreeOnceItIsReleasedOrItsSessionForgotten() {
    StoredSession one = load("one");
    StoredSession other = load("other");
    done(sessions.record(naming(one, 0, List.of("a", "b"))));
    done(sessions.record(naming(one, 1, List.of()).releasing(List.of("a"))));
    done(sessions.record(naming(other, 0, List.of("a"))));
    done(sessions.forget("one", one.generation()));
    done(sessions.record(naming(other, 1, List.of("b"))));
  }

  @Test
  void aContestedNameIsTakenOnce() {
    List<CompletionStage<Void>> asked = new ArrayList<>();
    List<StoredSession> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(load("s" + i));
    }
    for (StoredSession each : all) {
      asked.add(sessions.record(naming(each, 0, List.of("the-one", "a", "b"))));
    }
    long winners =
        asked.stream()
            .filter(stage -> winner(stage.toCompletableFuture().handle((v, e) -> e)))
            .count();

    assertThat(winners).isEqualTo(1);
  }

  private static boolean winner(CompletionStage<Throwable> outcome) {
    Throwable failure = outcome.toCompletableFuture().join();
    if (failure != null) {
      assertThat(StoreFailure.of(failure)).isInstanceOf(StoreFailure.NameTaken.class);
    }
    return failure == null;
  }

  @Test
  void theListGoesByNewestActivityThenById() {
    make("a", row(Records.TIME.plusSeconds(1)));
    make("c", row(Records.TIME.plusSeconds(2)));
    make("b", row(Records.TIME.plusSeconds(2)));
    make("d", row(Records.TIME));

    List<String> expected =
        List.of(
            line(Records.TIME.plusSeconds(2)),
            line(Records.TIME.plusSeconds(2)),
            line(Records.TIME.plusSeconds(1)),
            line(Records.TIME));
    assertThat(done(sessions.page(10, null, null)).lines()).isEqualTo(expected);
    assertThat(done(sessions.page(10, null, null)).next()).isNull();
    for (int limit = 1; limit <= 4; limit++) {
      assertThat(pages(limit, null)).as("pages of %d", limit).isEqualTo(expected);
    }
    assertThat(done(sessions.count())).isEqualTo(4);
  }

  private static String line(Instant active) {
    return Objects.requireNonNull(row(active).line());
  }

  private List<String> pages(int limit, @Nullable String search) {
    List<String> lines = new ArrayList<>();
    String after = null;
    do {
      SessionLines page = done(sessions.page(limit, after, search));
      assertThat(page.lines()).hasSizeLessThanOrEqualTo(limit);
      lines.addAll(page.lines());
      after = page.next();
    } while (after != null);
    return lines;
  }

  @Test
  void aCursorThatWasNeverGivenIsRefused() {
    for (String wrong : List.of("", "x", "~", "12", "x~y", "1~\0")) {
      assertThatThrownBy(() -> sessions.page(10, wrong, null)).isInstanceOf(InvalidField.class);
    }
  }

  @Test
  void aSearchFindsPartsOfWordsInAnyCaseAndTakesNoCharacterForAnother() {
    make("1", searchable("one", "Photosynthesis in 50% of plants"));
    make("2", searchable("two", "Что такое ФОТОСИНТЕЗ?"));
    make("3", searchable("three", "50 plants \0 snake_case"));

    assertThat(pages(10, "PHOTO")).containsExactly("one");
    assertThat(pages(10, "фотосинтез")).containsExactly("two");
    assertThat(pages(10, "50%")).containsExactly("one");
    assertThat(pages(10, "e_c")).containsExactly("three");
    assertThat(pages(10, "o_e")).isEmpty();
    assertThat(pages(1, "plants")).containsExactlyInAnyOrder("one", "three");
    assertThat(pages(10, "!")).isEmpty();
  }

  private static SessionRow searchable(String line, String text) {
    return new SessionRow(Records.TIME, Records.TIME, line, text, null, 0, 0, 1);
  }

  @Test
  void aSessionWithoutALineIsNotListedButThere() {
    StoredSession owned = make("s");
    SessionRow deleted =
        new SessionRow(Records.TIME, Records.TIME, null, "", Records.TIME, 0, 0, 1);
    done(sessions.record(of(owned, 1, deleted, "deleted")));

    assertThat(done(sessions.page(10, null, null)).lines()).isEmpty();
    assertThat(done(sessions.count())).isZero();
    assertThat(done(sessions.open(null, EVER, 64)))
        .extracting(OpenSession::sessionId)
        .containsExactly("s");
    assertThat(kept("s").row().line()).isNull();
  }

  @Test
  void sessionsThatHaveNothingToDoBeforeALaterTimeAreLeftOutAndCounted() {
    make("now", openSince(Records.TIME));
    make("later", openSince(Records.TIME.plusSeconds(60)));
    make("idle", openSince(null));

    assertThat(done(sessions.open(null, Records.TIME.plusSeconds(59), 64)))
        .extracting(OpenSession::sessionId)
        .containsExactly("now");
    assertThat(done(sessions.open(null, Records.TIME.plusSeconds(60), 64)))
        .extracting(OpenSession::sessionId)
        .containsExactly("now", "later");
    assertThat(done(sessions.waiting(Records.TIME.plusSeconds(59)))).isEqualTo(1);
    assertThat(done(sessions.waiting(Records.TIME.plusSeconds(60)))).isZero();
  }

  @Test
  void openSessionsComeOldestFirstAndInSteps() {
    make("young", openSince(Records.TIME.plusSeconds(9)));
    make("idle", openSince(null));
    make("old", openSince(Records.TIME));
    make("older-id", openSince(Records.TIME));

    List<OpenSession> first = done(sessions.open(null, EVER, 2));
    assertThat(first).extracting(OpenSession::sessionId).containsExactly("old", "older-id");
    List<OpenSession> second = done(sessions.open(first.getLast(), EVER, 2));
    assertThat(second).extracting(OpenSession::sessionId).containsExactly("young");
    assertThat(done(sessions.open(second.getLast(), EVER, 2))).isEmpty();
  }

  @Test
  void whatIsForgottenIsGone() {
    StoredSession owned = make("s");
    done(sessions.record(snapshot(owned, 1, "snapshot")));
    done(sessions.forget("s", owned.generation()));

    assertThat(load("s").kept()).isNull();
    assertThat(done(sessions.page(10, null, null)).lines()).isEmpty();
    done(sessions.forget("s", owned.generation()));
    StoredSession next = load("s");
    done(sessions.record(of(next, 0, "next life")));
    assertThat(texts(kept("s").events())).containsExactly("next life");
  }

  @Test
  void aSessionOfAnotherOwnerIsNotForgotten() {
    StoredSession first = make("s");
    load("s");

    assertThat(failure(sessions.forget("s", first.generation())))
        .isInstanceOf(StoreFailure.Fenced.class);
    assertThat(load("s").kept()).isNotNull();
  }

  @Test
  void thoseThatAreUnusedForTheirTtlAreForgottenInSteps() {
    for (int i = 0; i < 70; i++) {
      make("old-" + i);
    }
    make("busy", openSince(Records.TIME));
    place.pass(Duration.ofMinutes(20));
    make("young");
    place.pass(Duration.ofMinutes(10));

    List<String> gone = new ArrayList<>();
    for (List<String> step = unused(); !step.isEmpty(); step = unused()) {
      assertThat(step).hasSizeLessThanOrEqualTo(64);
      gone.addAll(step);
    }
    assertThat(gone).hasSize(70).allMatch(id -> id.startsWith("old-"));
    assertThat(load("busy").kept()).isNotNull();
    assertThat(load("young").kept()).isNotNull();
    assertThat(load("old-3").kept()).isNull();
  }

  private List<String> unused() {
    return done(sessions.forgetUnused(Duration.ofMinutes(30)));
  }

  @Test
  void onlyActivityCountsAsUse() {
    StoredSession owned = make("s");
    place.pass(Duration.ofMinutes(20));
    done(sessions.record(of(owned, 1, openSince(null), "of the same activity")));
    place.pass(Duration.ofMinutes(5));
    assertThat(kept("s").unused()).isEqualTo(Duration.ofMinutes(25));

    done(sessions.record(of(load("s"), 2, row(Records.TIME.plusSeconds(1)), "of another")));
    assertThat(kept("s").unused()).isZero();
  }

  @Test
  void tooMuchThatWaitsIsRefusedAndTheRestIsStored() {
    List<StoredSession> owned = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      owned.add(load("s" + i));
    }
    String large = "x".repeat(1024 * 1024);
    List<CompletionStage<Void>> asked = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      for (int rev = 0; rev < 30; rev++) {
        asked.add(sessions.record(of(owned.get(i), rev, rev % 10 == 0 ? large : "small")));
      }
    }
    long stored =
        asked.stream()
            .filter(stage -> stage.toCompletableFuture().handle((v, e) -> e == null).join())
            .count();
    long found = 0;
    for (int i = 0; i < 10; i++) {
      StoredSession.Kept kept = load("s" + i).kept();
      found += kept == null ? 0 : kept.rev();
    }
    assertThat(found).isEqualTo(stored);
  }

  @Test
  void itIsAllThereWhenItIsOpenedAgain() throws Exception {
    StoredSession owned = load("s");
    done(sessions.record(naming(owned, 0, List.of("run-1"))));
    done(sessions.record(of(owned, 1, openSince(Records.TIME), "b")));
    make("t", row(Records.TIME.plusSeconds(3)));
    String next = done(sessions.page(1, null, null)).next();
    place.closeStores();
    if (!place.lasts()) {
      return;
    }
    place.pass(Duration.ofHours(5));
    sessions = place.open().sessions();

    assertThat(texts(kept("s").events())).containsExactly("named", "b");
    assertThat(failure(sessions.record(of(owned, 2, "of the dead"))))
        .isInstanceOf(StoreFailure.Fenced.class);
    assertThat(done(sessions.open(null, EVER, 64))).hasSize(1);
    assertThat(done(sessions.page(1, next, null)).lines()).containsExactly("{}");
    assertThat(kept("s").unused())
        .as("nobody was there to use it")
        .isLessThan(Duration.ofMinutes(1));
    assertThat(failure(sessions.record(naming(load("u"), 0, List.of("run-1")))))
        .isInstanceOf(StoreFailure.NameTaken.class);
  }
}
