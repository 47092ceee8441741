package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The places in a room of events that it retains no longer: counted back from the oldest one that
/// it does, over what the runs say of themselves.
///
/// Runs of a session tell in turns, but a run that waits for its turn says so while another is
/// under way: so their events are put in the order of their times.
final class Places {

  /// The oldest event that the room retains.
  record Anchor(long seq, String eventId, String runId, String ts) {

    /// Whether it was before an event, so that the room retains that one, too.
    boolean isBefore(ObjectNode event) {
      return time(ts).isBefore(time(event.path("ts").asText()));
    }
  }

  private record Event(Instant at, int run, int n, String id) {}

  private static final Comparator<Event> IN_ORDER =
      Comparator.comparing(Event::at).thenComparingInt(Event::run).thenComparingInt(Event::n);

  private Places() {}

  /// @param runs the events of each run, in the order of their questions
  /// @param anchor null when the room retains nothing: then the first event had place 1
  /// @return place by event id
  static Map<String, Long> of(List<List<ObjectNode>> runs, @Nullable Anchor anchor) {
    List<Event> all = new ArrayList<>();
    for (int run = 0; run < runs.size(); run++) {
      for (int n = 0; n < runs.get(run).size(); n++) {
        ObjectNode event = runs.get(run).get(n);
        all.add(
            new Event(time(event.path("ts").asText()), run, n, event.path("event_id").asText()));
      }
    }
    all.sort(IN_ORDER);
    long first = 1;
    for (int i = 0; i < all.size() && anchor != null; i++) {
      if (all.get(i).id().equals(anchor.eventId())) {
        first = anchor.seq() - i;
      }
    }
    Map<String, Long> places = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      places.put(all.get(i).id(), Math.max(0, first + i));
    }
    return places;
  }

  private static Instant time(String ts) {
    try {
      return Instant.parse(ts);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
