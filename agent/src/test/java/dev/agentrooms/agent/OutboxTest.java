package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.session.SessionSnapshot.Telling;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
@net.jqwik.api.Tag("unit")
class OutboxTest {

  private int added;

  @Test
  void eventsLeaveInTheOrderInWhichTheyCame() {
    Outbox outbox = outbox(5);
    add(outbox, "a", "b", "c");
    assertThat(drain(outbox)).containsExactly("a", "b", "c");
    assertThat(outbox.isEmpty()).isTrue();
    assertThat(outbox.tryHead()).isNull();
  }

  @Test
  void theOldestGoAndAnEventStandsInTheirPlace() {
    Outbox outbox = outbox(4);
    add(outbox, "a", "b", "c", "d", "e", "f");
    assertThat(outbox.size()).isEqualTo(4);
    assertThat(drain(outbox)).containsExactly("lost 3", "d", "e", "f");
  }

  @Test
  void theEventThatStandsForThemIsAWarningWithTheirCount() {
    Outbox outbox = outbox(2);
    add(outbox, "a", "b", "c");
    ProgressEvent gap = Objects.requireNonNull(outbox.tryHead()).event();
    assertThat(gap.step()).isEqualTo("events_lost");
    assertThat(gap.level()).isEqualTo(Level.WARNING);
    assertThat(gap.sessionId()).isEqualTo(Given.SESSION);
    assertThat(Objects.requireNonNull(gap.meta()).path("count").asInt()).isEqualTo(2);
  }

  @Test
  void endsOfRunsStay() {
    Outbox outbox = outbox(4);
    add(outbox, "a", "b", "final_answer", "c", "d", "cancelled", "e", "f");
    assertThat(drain(outbox)).containsExactly("lost 5", "final_answer", "cancelled", "f");
  }

  @Test
  void whenNothingElseIsLeftTheOldestEndsGo() {
    Outbox outbox = outbox(3);
    add(outbox, "final_answer", "cancelled", "final_answer", "cancelled", "cancelled");
    assertThat(drain(outbox)).containsExactly("lost 3", "cancelled", "cancelled");
  }

  @Test
  void whatWasTriedStaysWhatItIs() {
    Outbox outbox = outbox(3);
    add(outbox, "a", "b", "c");
    Telling head = Objects.requireNonNull(outbox.tryHead());
    add(outbox, "d", "e", "f");
    assertThat(outbox.tryHead()).isSameAs(head);
    outbox.removeHead();
    assertThat(drain(outbox)).containsExactly("lost 4", "f");
  }

  @Test
  void aGapThatWasTriedStaysWhatItIsToo() {
    Outbox outbox = outbox(3);
    add(outbox, "a", "b", "c", "d");
    Telling gap = Objects.requireNonNull(outbox.tryHead());
    add(outbox, "e", "f");
    assertThat(outbox.tryHead()).isSameAs(gap);
    assertThat(drain(outbox)).containsExactly("lost 2", "lost 3", "f");
  }

  /// 0 adds an event, 1 one that ends a run, 2 tries the head, 3 delivers it.
  @Property(tries = 3000)
  void nothingIsLostUncountedAndNothingOutOfOrder(
      @ForAll @IntRange(min = 2, max = 8) int capacity,
      @ForAll @Size(max = 200) List<@IntRange(max = 3) Integer> acts) {
    added = 0;
    Outbox outbox = outbox(capacity);
    List<Telling> delivered = new ArrayList<>();
    Telling tried = null;
    for (int act : acts) {
      switch (act) {
        case 0 -> add(outbox, "step");
        case 1 -> add(outbox, "final_answer");
        case 2 -> tried = tryHead(outbox, tried);
        default -> {
          tried = tryHead(outbox, tried);
          if (tried != null) {
            delivered.add(tried);
            outbox.removeHead();
            tried = null;
          }
        }
      }
      assertThat(outbox.size()).isLessThanOrEqualTo(capacity);
    }
    while (!outbox.isEmpty()) {
      tried = tryHead(outbox, tried);
      delivered.add(Objects.requireNonNull(tried));
      outbox.removeHead();
      tried = null;
    }
    int accountedFor = 0;
    int last = -1;
    for (Telling telling : delivered) {
      ProgressEvent event = telling.event();
      if (event.step().equals("events_lost")) {
        accountedFor += Objects.requireNonNull(event.meta()).path("count").asInt();
      } else {
        accountedFor++;
        int number = Integer.parseInt(event.eventId());
        assertThat(number).isGreaterThan(last);
        last = number;
      }
    }
    assertThat(accountedFor).isEqualTo(added);
  }

  @Property(tries = 1000)
  void endsOfRunsStayWhileTheyFit(@ForAll @Size(max = 60) List<Boolean> ends) {
    Outbox outbox = outbox(62);
    long terminal = 0;
    for (boolean end : ends) {
      // Five events for every end, as runs have them.
      add(outbox, "a", "b", "c", "d", end ? "final_answer" : "e");
      terminal += end ? 1 : 0;
    }
    assertThat(drain(outbox))
        .filteredOn(step -> step.equals("final_answer"))
        .hasSize((int) terminal);
  }

  private static @Nullable Telling tryHead(Outbox outbox, @Nullable Telling tried) {
    Telling head = outbox.tryHead();
    if (tried != null) {
      assertThat(head).isSameAs(tried);
    }
    return head;
  }

  private static Outbox outbox(int capacity) {
    return new Outbox(Given.SESSION, capacity, () -> Given.T0);
  }

  private void add(Outbox outbox, String... steps) {
    for (String step : steps) {
      outbox.add(
          new Telling(
              added + 1,
              new ProgressEvent(
                  String.valueOf(added++),
                  Given.T0,
                  Given.SESSION,
                  "r-1",
                  step,
                  null,
                  Level.INFO,
                  null,
                  null)));
    }
  }

  private static List<String> drain(Outbox outbox) {
    List<String> steps = new ArrayList<>();
    for (Telling head = outbox.tryHead(); head != null; head = outbox.tryHead()) {
      steps.add(
          head.event().step().equals("events_lost")
              ? "lost " + Objects.requireNonNull(head.event().meta()).path("count").asInt()
              : head.event().step());
      outbox.removeHead();
    }
    return steps;
  }
}
