package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.protocol.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run as it is told, put together from what the run itself says of its past and what its room
/// shows: each event once and in order, with its place in the room. A plain value over inputs.
///
/// The room is what counts, and gives each event its place. Events that it retains no longer are
/// taken from the run, and their places are counted back from the next one that it does retain.
final class Telling {

  private final String runId;
  private final Parts parts = new Parts();
  private List<ObjectNode> past = List.of();
  private final Map<String, Integer> places = new HashMap<>();
  private String epoch = "";
  private long retainedTo;
  private boolean mayBeEvicted;
  private Map<String, Long> evicted = Map.of();
  private int told;
  private boolean over;

  Telling(String runId) {
    this.runId = runId;
  }

  /// What the run says of itself, each time before its room is joined.
  ///
  /// @param events all of the run's events so far
  void past(List<ObjectNode> events) {
    past = events;
    places.clear();
    for (int i = 0; i < events.size(); i++) {
      places.put(events.get(i).path("event_id").asText(), i);
    }
  }

  /// Whether the room may not retain all that the run has told.
  ///
  /// @param oldest what the room retains first; null for nothing
  boolean mayBeEvicted(Places.@Nullable Anchor oldest) {
    return !past.isEmpty() && (oldest == null || !oldest.isBefore(past.getFirst()));
  }

  String runId() {
    return runId;
  }

  /// @param places of events that the room does not retain, by their ids
  Telling placed(Map<String, Long> places) {
    evicted = places;
    return this;
  }

  /// The room has been joined.
  ///
  /// @param last the latest event that it retains; 0 for none
  /// @param first the oldest one
  List<Happening> joined(String room, long last, long first) {
    epoch = room;
    retainedTo = last;
    mayBeEvicted = first > 1;
    return last == 0 ? caughtUp() : List.of();
  }

  /// An event of the room, of whichever run.
  List<Happening> on(long seq, ObjectNode event) {
    List<Happening> happened = new ArrayList<>();
    if (runId.equals(event.path("run_id").asText()) && !over) {
      Integer known = places.get(event.path("event_id").asText());
      int place = known == null ? Math.max(told, past.size()) : known;
      // Others have seen it before the room was joined again.
      if (place >= told) {
        fill(place, seq - place, happened);
        tell(seq, event, happened);
      }
    }
    if (seq == retainedTo) {
      happened.addAll(caughtUp());
    }
    return happened;
  }

  /// A piece of a text that is being written.
  List<Happening> on(String run, String part, long offset, String text) {
    return runId.equals(run) && !over ? List.copyOf(parts.on(part, offset, text)) : List.of();
  }

  /// All that the room retains has been seen.
  private List<Happening> caughtUp() {
    boolean hasEnded =
        !past.isEmpty() && new Told(past.size(), epoch, 0, past.getLast()).isTerminal();
    List<Happening> happened = new ArrayList<>();
    if (!over && told == 0 && (hasEnded || mayBeEvicted)) {
      fill(past.size(), 1, happened);
    }
    return happened;
  }

  /// Tells events that the room does not retain, up to `place`.
  ///
  /// @param first the place in the room of the run's first event
  private void fill(int place, long first, List<Happening> happened) {
    while (told < place) {
      long counted = Math.max(0, first + told);
      long seq = evicted.getOrDefault(past.get(told).path("event_id").asText(), counted);
      tell(seq, placed(seq), happened);
    }
  }

  private ObjectNode placed(long seq) {
    // In the order in which rooms write it, so that it is the same to the byte.
    ObjectNode event = Json.object().put("type", "progress").put("seq", seq);
    event.setAll(past.get(told));
    event.remove("n");
    return event;
  }

  private void tell(long seq, ObjectNode event, List<Happening> happened) {
    told++;
    Told one = new Told(told, epoch, seq, event);
    happened.addAll(parts.rest(one.meta()));
    happened.add(one);
    over = one.isTerminal();
  }

  boolean isOver() {
    return over;
  }

  /// How many of the run's events have been told.
  int told() {
    return told;
  }
}
