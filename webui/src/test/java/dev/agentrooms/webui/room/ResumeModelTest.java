package dev.agentrooms.webui.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.webui.Stress;
import dev.agentrooms.webui.room.RoomModel.Claim;
import dev.agentrooms.webui.room.RoomModel.Connect;
import dev.agentrooms.webui.room.RoomModel.Cut;
import dev.agentrooms.webui.room.RoomModel.Idle;
import dev.agentrooms.webui.room.RoomModel.Publish;
import dev.agentrooms.webui.room.RoomModel.Read;
import dev.agentrooms.webui.room.RoomModel.Repeat;
import dev.agentrooms.webui.room.RoomModel.Step;
import dev.agentrooms.webui.room.RoomModel.Stop;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/// Random schedules of publishing, cutting, resuming, evicting and passivating: nobody ever sees a
/// silent hole, a duplicate or disorder.
@Tag("unit")
class ResumeModelTest {

  private static final int TRIES = 2_000;
  private static final int CLIENTS = 3;

  private static long schedules;
  private static long steps;
  private static long resumed;
  private static long refused;
  private static long lagged;
  private static long passivated;

  record Schedule(int capacity, List<Step> steps) {}

  @Provide
  Arbitrary<List<Schedule>> schedules() {
    Arbitrary<Integer> client = Arbitraries.integers().between(0, CLIENTS - 1);
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 4);
    Arbitrary<Step> step =
        Arbitraries.frequencyOf(
            Tuple.of(8, few.map(Publish::new)),
            Tuple.of(1, Arbitraries.integers().between(5, 12).map(Publish::new)),
            Tuple.of(3, Arbitraries.integers().between(0, 12).map(Repeat::new)),
            Tuple.of(9, Combinators.combine(client, Arbitraries.of(Claim.class)).as(Connect::new)),
            Tuple.of(3, client.map(who -> (Step) new Connect(who, Claim.WHAT_WAS_READ))),
            Tuple.of(9, Combinators.combine(client, few).as(Read::new)),
            Tuple.of(4, client.map(who -> (Step) new Read(who, Integer.MAX_VALUE))),
            Tuple.of(5, Combinators.combine(client, Arbitraries.of(true, false)).as(Cut::new)),
            Tuple.of(4, Arbitraries.just((Step) new Idle())),
            Tuple.of(1, Arbitraries.just((Step) new Stop())));
    return Combinators.combine(
            Arbitraries.integers().between(1, 8), step.list().ofMinSize(1).ofMaxSize(80))
        .as(Schedule::new)
        .list()
        .ofSize(Stress.FACTOR);
  }

  @Property(tries = TRIES)
  void resumingIsNeverSilentlyWrong(@ForAll("schedules") List<Schedule> several) {
    for (Schedule schedule : several) {
      var model = new RoomModel(schedule.capacity(), CLIENTS);
      model.run(schedule.steps());
      schedules++;
      steps += schedule.steps().size();
      resumed += model.resumed;
      refused += model.refused;
      lagged += model.lagged;
      passivated += model.passivated;
    }
  }

  /// A schedule in which nothing happens would show nothing.
  @AfterContainer
  static void everythingTookPlace() {
    System.out.printf(
        "%d schedules, %d steps: %d resumed, %d refused to, %d lagged, %d passivated%n",
        schedules, steps, resumed, refused, lagged, passivated);
    if (schedules < TRIES) {
      return; // one of them failed
    }
    assertThat(List.of(resumed, refused, lagged, passivated))
        .allSatisfy(count -> assertThat(count).isGreaterThan(schedules / 10));
  }
}
