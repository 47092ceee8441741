package dev.agentrooms.agent;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.SessionPage;
import dev.agentrooms.protocol.SessionView;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The list of this node's sessions, newest activity first. Each session keeps its own line up to
/// date; readers never disturb a session.
final class SessionIndex {

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

  private final Map<String, Place> places = new ConcurrentHashMap<>();
  private final ConcurrentNavigableMap<Place, SessionPage.Entry> entries =
      new ConcurrentSkipListMap<>();

  void put(SessionPage.Entry entry) {
    Place place = new Place(entry.lastActiveAt(), entry.sessionId());
    Place before = places.put(entry.sessionId(), place);
    if (before != null && !before.equals(place)) {
      entries.remove(before);
    }
    entries.put(place, entry);
  }

  void remove(String sessionId) {
    Place place = places.remove(sessionId);
    if (place != null) {
      entries.remove(place);
    }
  }

  int size() {
    return places.size();
  }

  /// The sessions that have a run in flight or waiting.
  List<String> busy() {
    return entries.values().stream()
        .filter(entry -> entry.status() != SessionView.Status.IDLE)
        .map(SessionPage.Entry::sessionId)
        .toList();
  }

  /// @param after what an earlier page called `next`; the first page when null
  /// @throws InvalidField when it was never that
  SessionPage page(int limit, @Nullable String after) {
    var rest = after == null ? entries : entries.tailMap(Place.of(after), false);
    List<SessionPage.Entry> found = rest.values().stream().limit(limit + 1L).toList();
    if (found.size() <= limit) {
      return new SessionPage(found, null);
    }
    SessionPage.Entry last = found.get(limit - 1);
    return new SessionPage(
        found.subList(0, limit), new Place(last.lastActiveAt(), last.sessionId()).token());
  }
}
