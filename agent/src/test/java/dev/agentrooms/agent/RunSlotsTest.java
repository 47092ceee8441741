package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.RunSlots.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class RunSlotsTest {

  private final List<String> turns = new ArrayList<>();

  @Test
  void slotsAreGivenWhileThereAreSome() {
    RunSlots slots = new RunSlots(2, 1, 1);
    assertThat(enter(slots, "a")).isEqualTo(Entry.GRANTED);
    assertThat(enter(slots, "b")).isEqualTo(Entry.GRANTED);
    assertThat(enter(slots, "c")).isEqualTo(Entry.WAITING);
    assertThat(enter(slots, "d")).isEqualTo(Entry.FULL);
    assertThat(slots.running()).isEqualTo(2);
    assertThat(slots.waiting()).isEqualTo(1);
  }

  @Test
  void slotsAreGivenInOrderOfArrival() {
    RunSlots slots = new RunSlots(1, 9, 9);
    for (String run : new String[] {"a", "b", "c", "d"}) {
      enter(slots, run);
    }
    slots.leave("a");
    slots.leave("b");
    slots.leave("c");
    assertThat(turns).containsExactly("b", "c", "d");
  }

  @Test
  void aRunThatGivesUpWaitingIsSkipped() {
    RunSlots slots = new RunSlots(1, 2, 2);
    enter(slots, "a");
    enter(slots, "b");
    enter(slots, "c");
    assertThat(enter(slots, "d")).isEqualTo(Entry.FULL);
    slots.leave("b");
    assertThat(enter(slots, "d")).isEqualTo(Entry.WAITING);
    slots.leave("a");
    slots.leave("c");
    assertThat(turns).containsExactly("c", "d");
  }

  @Test
  void aRunBehindAnotherOfItsSessionGetsNoTurnBeforeItIsReady() {
    RunSlots slots = new RunSlots(2, 9, 9);
    enter(slots, "a");
    assertThat(slots.enterBehind("a2", null, turn("a2"))).isEqualTo(Entry.WAITING);
    assertThat(enter(slots, "b")).isEqualTo(Entry.GRANTED);
    assertThat(turns).isEmpty();
    slots.ready("a2");
    assertThat(turns).isEmpty();
    slots.leave("b");
    assertThat(turns).containsExactly("a2");
  }

  @Test
  void itKeepsThePlaceThatItCameWith() {
    RunSlots slots = new RunSlots(1, 9, 9);
    enter(slots, "a");
    slots.enterBehind("a2", null, turn("a2"));
    enter(slots, "b");
    slots.ready("a2");
    slots.leave("a");
    assertThat(turns).containsExactly("a2");
  }

  @Test
  void thoseThatAreNotReadyCountAsWaiting() {
    RunSlots slots = new RunSlots(9, 2, 2);
    enter(slots, "a");
    assertThat(slots.enterBehind("a2", null, turn("a2"))).isEqualTo(Entry.WAITING);
    assertThat(slots.enterBehind("a3", null, turn("a3"))).isEqualTo(Entry.WAITING);
    assertThat(slots.enterBehind("a4", null, turn("a4"))).isEqualTo(Entry.FULL);
    slots.leave("a3");
    assertThat(slots.enterBehind("a4", null, turn("a4"))).isEqualTo(Entry.WAITING);
  }

  @Test
  void anInterruptInheritsTheSlotOfTheRunThatItReplaces() {
    RunSlots slots = new RunSlots(1, 0, 0);
    enter(slots, "a");
    assertThat(slots.enterInstead("a2", "a", null, turn("a2"))).isEqualTo(Entry.WAITING);
    assertThat(turns).isEmpty();
    slots.ready("a2");
    slots.leave("a");
    assertThat(turns).containsExactly("a2");
    assertThat(slots.running()).isEqualTo(1);
  }

  @Test
  void itComesBeforeThoseThatWaitedAlready() {
    RunSlots slots = new RunSlots(1, 9, 9);
    enter(slots, "a");
    enter(slots, "b");
    slots.enterInstead("a2", "a", null, turn("a2"));
    slots.ready("a2");
    slots.leave("a");
    slots.leave("a2");
    assertThat(turns).containsExactly("a2", "b");
  }

  @Test
  void anInterruptOfARunThatWaitsTakesItsPlaceInTheCountToo() {
    RunSlots slots = new RunSlots(1, 1, 1);
    enter(slots, "a");
    assertThat(enter(slots, "b")).isEqualTo(Entry.WAITING);
    slots.enterInstead("b2", "b", null, turn("b2"));
    slots.leave("b");
    slots.ready("b2");
    assertThat(enter(slots, "c")).isEqualTo(Entry.FULL);
    slots.leave("a");
    assertThat(turns).containsExactly("b2");
    assertThat(enter(slots, "c")).isEqualTo(Entry.WAITING);
  }

  @Test
  void nobodyTakesAllPlacesAlone() {
    RunSlots slots = new RunSlots(1, 3, 2);
    assertThat(slots.enter("a", "ann", turn("a"))).isEqualTo(Entry.GRANTED);
    assertThat(slots.enter("a2", "ann", turn("a2"))).isEqualTo(Entry.WAITING);
    assertThat(slots.enterBehind("a3", "ann", turn("a3"))).isEqualTo(Entry.WAITING);
    assertThat(slots.enter("a4", "ann", turn("a4"))).isEqualTo(Entry.SHARE_FULL);
    assertThat(slots.enterBehind("a4", "ann", turn("a4"))).isEqualTo(Entry.SHARE_FULL);
    assertThat(slots.enter("b", "bob", turn("b"))).isEqualTo(Entry.WAITING);
    assertThat(slots.enter("b2", "bob", turn("b2"))).isEqualTo(Entry.FULL);
    // What no longer waits counts no longer, however that came about.
    slots.leave("a");
    assertThat(turns).containsExactly("a2");
    assertThat(slots.enter("a4", "ann", turn("a4"))).isEqualTo(Entry.WAITING);
    slots.leave("b");
    assertThat(slots.enter("a5", "ann", turn("a5"))).isEqualTo(Entry.SHARE_FULL);
    slots.leave("a3");
    assertThat(slots.enter("a5", "ann", turn("a5"))).isEqualTo(Entry.WAITING);
  }

  @Test
  void anInterruptTakesTheShareOfTheRunThatItReplaces() {
    RunSlots slots = new RunSlots(1, 9, 1);
    slots.enter("a", "ann", turn("a"));
    slots.enter("a2", "ann", turn("a2"));
    assertThat(slots.enterInstead("a3", "a2", "ann", turn("a3"))).isEqualTo(Entry.WAITING);
    slots.leave("a2");
    assertThat(slots.enter("a4", "ann", turn("a4"))).isEqualTo(Entry.SHARE_FULL);
    slots.leave("a3");
    assertThat(slots.enter("a4", "ann", turn("a4"))).isEqualTo(Entry.WAITING);
  }

  @Test
  void runsThatWaitedAtTheLastStopCountAgain() {
    RunSlots slots = new RunSlots(1, 9, 2);
    slots.enterAgain("a", true, "ann", turn("a"));
    slots.enterAgain("a2", false, "ann", turn("a2"));
    slots.enterAgain("a3", false, "ann", turn("a3"));
    assertThat(slots.enter("a4", "ann", turn("a4"))).isEqualTo(Entry.SHARE_FULL);
    assertThat(slots.enter("b", null, turn("b"))).isEqualTo(Entry.WAITING);
  }

  @Test
  void leavingTwiceOrWithoutHavingComeDoesNoHarm() {
    RunSlots slots = new RunSlots(1, 1, 1);
    enter(slots, "a");
    slots.leave("a");
    slots.leave("a");
    slots.leave("z");
    slots.ready("z");
    assertThat(slots.running()).isZero();
    assertThat(slots.waiting()).isZero();
    assertThat(enter(slots, "b")).isEqualTo(Entry.GRANTED);
    slots.ready("b");
    assertThat(slots.running()).isEqualTo(1);
  }

  @Test
  void racingRunsNeverExceedTheLimitAndLeaveNothingBehind() throws Exception {
    int threads = 8;
    int rounds = Given.stress(4000);
    RunSlots slots = new RunSlots(3, 1_000_000, 1_000_000);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger turnsTaken = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        all.add(
            pool.submit(
                () -> {
                  go.await();
                  Random random = new Random(thread);
                  for (int i = 0; i < rounds; i++) {
                    String id = thread + "-" + i;
                    CountDownLatch turn = new CountDownLatch(1);
                    Runnable onTurn =
                        () -> {
                          most.accumulateAndGet(running.incrementAndGet(), Math::max);
                          turn.countDown();
                        };
                    Entry entry = enterSomehow(slots, id, onTurn, random.nextInt(4));
                    if (entry == Entry.GRANTED) {
                      onTurn.run();
                    }
                    // One in four gives up, be its turn there or not.
                    if (random.nextInt(4) > 0) {
                      assertThat(turn.await(60, TimeUnit.SECONDS)).as(id).isTrue();
                    }
                    if (turn.getCount() == 0) {
                      turnsTaken.incrementAndGet();
                      running.decrementAndGet();
                      slots.leave(id);
                    } else {
                      slots.leave(id);
                      // Its turn may have come just before it left.
                      if (turn.getCount() == 0) {
                        running.decrementAndGet();
                      }
                    }
                  }
                  return null;
                }));
      }
      go.countDown();
      for (Future<?> each : all) {
        each.get(Given.stress(120), TimeUnit.SECONDS);
      }
    }
    assertThat(slots.running()).isZero();
    assertThat(slots.waiting()).isZero();
    assertThat(turnsTaken.get()).isGreaterThan(rounds);
    assertThat(most.get()).isPositive();
  }

  private static Entry enterSomehow(RunSlots slots, String id, Runnable onTurn, int how) {
    if (how > 0) {
      return slots.enter(id, null, onTurn);
    }
    Entry entry = slots.enterBehind(id, null, onTurn);
    slots.ready(id);
    return entry;
  }

  private Entry enter(RunSlots slots, String run) {
    return slots.enter(run, null, turn(run));
  }

  private Runnable turn(String run) {
    return () -> turns.add(run);
  }
}
