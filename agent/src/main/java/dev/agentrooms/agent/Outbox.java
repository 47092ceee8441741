package dev.agentrooms.agent;

import dev.agentrooms.agent.session.SessionSnapshot.Telling;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.StepWords;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The progress of one session that is not delivered yet, in order. Bounded: when it overflows, the
/// oldest events that end no run make room, and one `events_lost` event stands in their place.
///
/// Only the head is ever under way. Once it was tried it stays what it is, because it may have
/// arrived.
final class Outbox {

  private final String sessionId;
  private final int capacity;
  private final InstantSource clock;
  private final Deque<Telling> events = new ArrayDeque<>();
  private boolean headTried;

  Outbox(String sessionId, int capacity, InstantSource clock) {
    this.sessionId = sessionId;
    this.capacity = capacity;
    this.clock = clock;
  }

  /// @return how many events were lost to make room
  int add(Telling telling) {
    events.add(telling);
    return events.size() > capacity ? makeRoom() : 0;
  }

  /// The event to deliver now, which from here on counts as tried.
  @Nullable Telling tryHead() {
    headTried = !events.isEmpty();
    return events.peek();
  }

  /// The head was delivered, or refused for good.
  Telling removeHead() {
    headTried = false;
    return events.remove();
  }

  /// Those that have not arrived, in order.
  List<Telling> all() {
    return List.copyOf(events);
  }

  void clear() {
    events.clear();
    headTried = false;
  }

  int size() {
    return events.size();
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  // There is one gap at most besides a tried one, where the first of those that it stands for was.
  private int makeRoom() {
    List<Telling> all = new ArrayList<>(events);
    int untried = headTried ? 1 : 0;
    int place = all.size();
    int lost = 0;
    int lostBefore = 0;
    // A gap has the number of one of those that it stands for, so that numbers still rise.
    long number = 0;
    for (int i = untried; i < all.size(); i++) {
      if (isGap(all.get(i).event())) {
        place = i;
        number = all.get(i).n();
        lostBefore = lossOf(all.remove(i).event());
        lost = lostBefore;
        break;
      }
    }
    while (all.size() >= capacity) {
      int victim = oldestLosable(all, untried);
      long gone = all.remove(victim).n();
      lost++;
      if (victim <= place) {
        place = victim;
        number = gone;
      }
    }
    all.add(place, new Telling(number, gap(lost)));
    events.clear();
    events.addAll(all);
    return lost - lostBefore;
  }

  // When there are nothing but ends of runs, the oldest of those.
  private static int oldestLosable(List<Telling> all, int from) {
    for (int i = from; i < all.size(); i++) {
      if (!StepWords.isTerminal(all.get(i).event().step())) {
        return i;
      }
    }
    return from;
  }

  private static boolean isGap(ProgressEvent event) {
    return event.step().equals(StepWords.EVENTS_LOST);
  }

  private static int lossOf(ProgressEvent event) {
    return isGap(event) && event.meta() != null ? event.meta().path("count").asInt(1) : 1;
  }

  private ProgressEvent gap(int count) {
    return new ProgressEvent(
        UUID.randomUUID().toString(),
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        sessionId,
        null,
        StepWords.EVENTS_LOST,
        null,
        Level.WARNING,
        count + " events could not be delivered",
        Json.object().put("title", "Events lost").put("count", count));
  }
}
