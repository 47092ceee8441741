package dev.agentrooms.agent;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.SessionPage;
import dev.agentrooms.protocol.SessionView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// The list of this node's sessions, newest activity first. Each session keeps its own line up to
/// date; readers never disturb a session.
///
/// A session that sleeps has left itself here, packed ([SleepingSession]), and has no actor. Who
/// wakes it gets that back, once. Nobody wakes it after its ttl: then it is not here any more.
final class SessionIndex {

  // As a session's other lines, whose last one this is.
  private static final Logger LOG = LoggerFactory.getLogger(AgentSession.class);

  private record Place(Instant lastActiveAt, String sessionId) implements Comparable<Place> {

    private static final Comparator<Place> NEWEST_FIRST =
        Comparator.comparing(Place::lastActiveAt).reversed().thenComparing(Place::sessionId);

    @Override
    public int compareTo(Place other) {
      return NEWEST_FIRST.compare(this, other);
    }

    String token() {
      return lastActiveAt.toEpochMilli() + "~" + sessionId;
    }

    static Place of(String token) {
      int tilde = token.indexOf('~');
      try {
        if (tilde > 0) {
          return new Place(
              Instant.ofEpochMilli(Long.parseLong(token.substring(0, tilde))),
              token.substring(tilde + 1));
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new InvalidField("after", "after must be what an earlier page called next");
    }
  }

  /// @param asleep the session itself while it sleeps
  private record Line(SessionPage.Entry entry, @Nullable Asleep asleep) {}

  /// @param names those that the session holds
  record Asleep(byte[] packed, RunNames.Held names) {}

  private final Duration ttl;
  private final InstantSource clock;
  private final RunNames names = new RunNames();
  private final Map<String, Place> places = new ConcurrentHashMap<>();
  private final ConcurrentNavigableMap<Place, Line> lines = new ConcurrentSkipListMap<>();

  /// @param ttl how long a session is kept that nobody uses
  SessionIndex(Duration ttl, InstantSource clock) {
    this.ttl = ttl;
    this.clock = clock;
  }

  /// The line of a session that is awake.
  void put(SessionPage.Entry entry) {
    Place place = new Place(entry.lastActiveAt(), entry.sessionId());
    Place before = places.put(entry.sessionId(), place);
    if (before != null && !before.equals(place)) {
      lines.remove(before);
    }
    lines.put(place, new Line(entry, null));
  }

  /// Keeps a session that goes to sleep, behind its line.
  void putAway(String sessionId, byte[] packed, RunNames.Held names) {
    Place place = places.get(sessionId);
    if (place != null) {
      lines.computeIfPresent(
          place, (at, line) -> new Line(line.entry(), new Asleep(packed, names)));
    }
  }

  boolean isAsleep(String sessionId) {
    Place place = places.get(sessionId);
    Line line = place == null ? null : lines.get(place);
    return line != null && line.asleep() != null;
  }

  /// What was put away, for the session that begins to live again; null when nothing was.
  @Nullable Asleep wake(String sessionId) {
    forgetOld();
    Place place = places.get(sessionId);
    Line line = place == null ? null : lines.get(place);
    if (place == null || line == null || line.asleep() == null) {
      return null;
    }
    // Unless it is forgotten at this very moment.
    return lines.replace(place, line, new Line(line.entry(), null)) ? line.asleep() : null;
  }

  RunNames names() {
    return names;
  }

  void remove(String sessionId) {
    Place place = places.remove(sessionId);
    if (place != null) {
      lines.remove(place);
    }
  }

  /// Forgets those that sleep and that nobody has used for their ttl. Those that are awake know for
  /// themselves when they go.
  void forgetOld() {
    // The last of the list are those that have not been used for longest.
    for (Map.Entry<Place, Line> last : lines.descendingMap().entrySet()) {
      if (!isOver(last.getKey())) {
        return;
      }
      if (last.getValue().asleep() != null) {
        forget(last.getKey(), last.getValue(), last.getValue().asleep().names());
      }
    }
  }

  private boolean isOver(Place place) {
    return !place.lastActiveAt().plus(ttl).isAfter(clock.instant());
  }

  private void forget(Place place, Line line, RunNames.Held held) {
    if (lines.remove(place, line)) {
      held.releaseAll();
      places.remove(place.sessionId(), place);
      try (var _ = MDC.putCloseable("session_id", place.sessionId())) {
        LOG.info("session forgotten: nobody has used it for {}", ttl);
      }
    }
  }

  int size() {
    forgetOld();
    return places.size();
  }

  /// The sessions that have a run in flight or waiting.
  List<String> busy() {
    return lines.values().stream()
        .map(Line::entry)
        .filter(entry -> entry.status() != SessionView.Status.IDLE)
        .map(SessionPage.Entry::sessionId)
        .toList();
  }

  /// @param after what an earlier page called `next`; the first page when null
  /// @throws InvalidField when it was never that
  SessionPage page(int limit, @Nullable String after) {
    forgetOld();
    var rest = after == null ? lines : lines.tailMap(Place.of(after), false);
    List<SessionPage.Entry> found =
        rest.values().stream().limit(limit + 1L).map(Line::entry).toList();
    if (found.size() <= limit) {
      return new SessionPage(found, null);
    }
    SessionPage.Entry last = found.get(limit - 1);
    return new SessionPage(
        found.subList(0, limit), new Place(last.lastActiveAt(), last.sessionId()).token());
  }
}
