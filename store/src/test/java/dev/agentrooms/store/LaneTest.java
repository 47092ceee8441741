package dev.agentrooms.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("unit")
@Timeout(60)
class LaneTest {

  private static final int MAX_WAITING = 2000;

  private final Engine engine = new SqliteMemory();
  private final AtomicLong nanos = new AtomicLong(1);
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> committed = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> states = new LinkedBlockingQueue<>();
  private final CountDownLatch go = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private Lane lane;

  @BeforeEach
  void start() throws SQLException {
    StoreListener listener =
        new StoreListener() {
          @Override
          public void committed(int records, long bytes, long time) {
            committed.add(records);
          }

          @Override
          public void down(StoreFailure why) {
            states.add("down");
          }

          @Override
          public void up() {
            states.add("up");
          }
        };
    StoreSettings settings = StoreSettings.inMemory().with(Duration.ofSeconds(3), MAX_WAITING);
    StoreClock clock = new StoreClock(Clock.systemUTC(), nanos::get);
    Db db = engine.writer();
    Schema.migrate(db, engine, "test");
    lane =
        new Lane(
            "lane",
            engine,
            db,
            clock,
            settings,
            new Syncer(null, settings, clock, listener),
            new Health(listener),
            null,
            listener);
    lane.start();
  }

  @AfterEach
  void close() throws InterruptedException {
    go.countDown();
    lane.close(Duration.ofSeconds(20));
  }

  private class Named extends Write {
    private final String name;

    Named(String name) {
      super(10, false);
      this.name = name;
    }

    @Override
    void apply(Transaction transaction) throws SQLException {
      transaction.db().update("insert into store_state (name, value) values (?, '')", name);
    }

    @Override
    void done() {
      heard.add(name);
    }

    @Override
    void failed(StoreFailure why) {
      heard.add(name + " " + why.getClass().getSimpleName());
    }
  }

  /// Holds the writer up until the test says go.
  private final class Long extends Named {
    Long() {
      super("long");
    }

    @Override
    void apply(Transaction transaction) {
      begun.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void holdUp() throws InterruptedException {
    lane.submit(new Long());
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private void submit(String... names) {
    for (String name : names) {
      lane.submit(new Named(name));
    }
  }

  private List<String> next(int count) throws InterruptedException {
    List<String> next = new ArrayList<>();
    while (next.size() < count) {
      next.add(String.valueOf(heard.poll(30, TimeUnit.SECONDS)));
    }
    return next;
  }

  @Test
  void whatComesWhileOneGroupIsCommittedIsTheNextGroup() throws Exception {
    holdUp();
    for (int i = 0; i < 500; i++) {
      submit("n" + i);
    }
    go.countDown();
    List<String> answers = next(501);
    assertThat(answers.getFirst()).isEqualTo("long");
    assertThat(answers.get(1)).isEqualTo("n0");
    assertThat(answers.get(500)).isEqualTo("n499");
    assertThat(committed).containsExactly(1, 500);
  }

  @Test
  void oneThatCannotBeStoredFailsAloneAndTheOthersStayInOrder() throws Exception {
    holdUp();
    submit("a", "b", "a", "c", "d");
    go.countDown();
    assertThat(next(6)).containsExactly("long", "a", "b", "a Fenced", "c", "d");
  }

  @Test
  void aBugInOneFailsThatOne() throws Exception {
    holdUp();
    submit("a");
    lane.submit(
        new Named("bug") {
          @Override
          void apply(Transaction transaction) {
            throw new IllegalStateException("a bug");
          }
        });
    submit("b");
    go.countDown();
    assertThat(next(4)).containsExactly("long", "a", "bug Unstorable", "b");
  }

  @Test
  void whoDoesNotTakeItsAnswerHoldsNobodyUp() throws Exception {
    lane.submit(
        new Named("deaf") {
          @Override
          void done() {
            throw new IllegalStateException("not now");
          }
        });
    submit("a");
    assertThat(next(1)).containsExactly("a");
  }

  @Test
  void moreThanMayWaitIsRefusedAtOnce() throws Exception {
    holdUp();
    for (int i = 0; i < MAX_WAITING + 1; i++) {
      submit("n" + i);
    }
    assertThat(next(1)).containsExactly("n" + MAX_WAITING + " Unavailable");
    go.countDown();
    assertThat(next(MAX_WAITING + 1)).startsWith("long", "n0").doesNotContainNull();
  }

  @Test
  void whatHasWaitedLongerThanAnybodyWaitsIsNotStored() throws Exception {
    holdUp();
    submit("early");
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    submit("late");
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    go.countDown();
    assertThat(next(3)).containsExactly("long", "early Unavailable", "late");
  }

  @Test
  void aTransactionThatDoesNotEndKeepsNobodyWaiting() throws Exception {
    holdUp();
    submit("behind");
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    lane.watch();
    assertThat(next(1)).containsExactly("behind Unavailable");
    assertThat(states.poll(30, TimeUnit.SECONDS)).isEqualTo("down");
    submit("meanwhile");
    assertThat(next(1)).containsExactly("meanwhile Unavailable");

    go.countDown();
    assertThat(next(1)).as("it did end, after all").containsExactly("long");
    assertThat(states.poll(30, TimeUnit.SECONDS)).isEqualTo("up");
    submit("after");
    assertThat(next(1)).containsExactly("after");
  }

  @Test
  void whatWaitsWhenItIsClosedIsStored() throws Exception {
    holdUp();
    submit("a", "b");
    Thread closing =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    lane.close(Duration.ofSeconds(20));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    go.countDown();
    closing.join();
    assertThat(next(3)).containsExactly("long", "a", "b");
    submit("c");
    assertThat(next(1)).containsExactly("c Unavailable");
  }
}
