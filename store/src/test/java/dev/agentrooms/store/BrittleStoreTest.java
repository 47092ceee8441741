package dev.agentrooms.store;

import static dev.agentrooms.store.Await.done;
import static dev.agentrooms.store.Await.failure;
import static dev.agentrooms.store.Records.of;
import static dev.agentrooms.store.Records.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.store.BrittleStore.Counted;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class BrittleStoreTest {

  private final Store real =
      Stores.open(StoreSettings.inMemory(), Clock.systemUTC(), StoreListener.NONE);
  private final List<String> heard = new ArrayList<>();
  private final BrittleStore store =
      new BrittleStore(
          real,
          new StoreListener() {
            @Override
            public void down(StoreFailure why) {
              heard.add("down");
            }

            @Override
            public void up() {
              heard.add("up");
            }
          });
  private final StoredSession owned = done(store.sessions().load("s"));

  @AfterEach
  void close() {
    real.close();
  }

  private CompletionStage<Void> record(long rev) {
    return store.sessions().record(of(owned, rev, "event " + (rev + 1)));
  }

  private List<String> found() {
    StoredSession.Kept kept = done(real.sessions().load("s")).kept();
    return kept == null ? List.of() : texts(Objects.requireNonNull(kept).events());
  }

  @Test
  void oneRecordIsRefusedAndTheNextIsStored() {
    store.failAt(2);
    done(record(0));
    assertThat(failure(record(1))).isInstanceOf(StoreFailure.Unavailable.class);
    done(record(1));
    assertThat(found()).containsExactly("event 1", "event 2");
  }

  @Test
  void whatIsInDoubtIsStored() {
    store.doubtAt(1);
    assertThat(failure(record(0))).isInstanceOf(StoreFailure.OutcomeUnknown.class);
    assertThat(found()).containsExactly("event 1");
  }

  @Test
  void aStoreThatDiesBeforeARecordHasNotStoredItAndAnswersNoMore() {
    store.dieBefore(2);
    done(record(0));
    CompletionStage<Void> second = record(1);
    done(store.died());
    assertThat(second.toCompletableFuture()).isNotDone();
    assertThat(store.sessions().load("s").toCompletableFuture()).isNotDone();
    assertThat(found()).containsExactly("event 1");
  }

  @Test
  void aStoreThatDiesAfterARecordHasStoredItAndAnswersNoMore() {
    store.counting(Set.of(Counted.SESSION_RECORD)).dieAfter(2);
    done(record(0));
    CompletionStage<Void> second = record(1);
    CompletionStage<Void> third = record(2);
    done(store.died());
    assertThat(second.toCompletableFuture()).isNotDone();
    assertThat(third.toCompletableFuture()).isNotDone();
    assertThat(found()).containsExactly("event 1", "event 2");
  }

  @Test
  void whileItIsAwayEverythingIsRefused() {
    store.away();
    assertThat(store.trouble()).isPresent();
    assertThat(failure(record(0))).isInstanceOf(StoreFailure.Unavailable.class);
    assertThat(failure(store.rooms().open("s", "e", 5)))
        .isInstanceOf(StoreFailure.Unavailable.class);
    store.back();
    done(record(0));
    assertThat(heard).containsExactly("down", "up");
  }
}
