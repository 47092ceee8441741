package dev.agentrooms.agent;

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
  private final Deque<ProgressEvent> events = new ArrayDeque<>();
  private boolean headTried;

  Outbox(String sessionId, int capacity, InstantSource clock) {
    this.sessionId = sessionId;
    this.capacity = capacity;
    this.clock = clock;
  }

  /// @return how many events were lost to make room
  int add(ProgressEvent event) {
    events.add(event);
    return events.size() > capacity ? makeRoom() : 0;
  }

  /// The event to deliver now, which from here on counts as tried.
  @Nullable ProgressEvent tryHead() {
    headTried = !events.isEmpty();
    return events.peek();
  }

  /// The head was delivered, or refused for good.
  void removeHead() {
    events.remove();
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
    List<ProgressEvent> all = new ArrayList<>(events);
    int untried = headTried ? 1 : 0;
    int place = all.size();
    int lost = 0;
    int lostBefore = 0;
    for (int i = untried; i < all.size(); i++) {
      if (isGap(all.get(i))) {
        place = i;
        lostBefore = lossOf(all.remove(i));
        lost = lostBefore;
        break;
      }
    }
    while (all.size() >= capacity) {
      int victim = oldestLosable(all, untried);
      all.remove(victim);
      lost++;
      place = Math.min(place, victim);
    }
    all.add(place, gap(lost));
    events.clear();
    events.addAll(all);
    return lost - lostBefore;
  }

  // When there are nothing but ends of runs, the oldest of those.
  private static int oldestLosable(List<ProgressEvent> all, int from) {
    for (int i = from; i < all.size(); i++) {
      if (!StepWords.isTerminal(all.get(i).step())) {
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
