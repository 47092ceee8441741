package dev.agentrooms.agent.session;

import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunEvents.Numbered;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The progress events of a session that can still be read, oldest first: those of all kept runs,
/// and the session's latest.
public final class ToldEvents {

  private final int latest;
  private final List<ProgressEvent> events = new ArrayList<>();

  /// @param latest how many events [#latest] gives
  public ToldEvents(int latest) {
    this.latest = latest;
  }

  public void add(ProgressEvent event) {
    events.add(event);
  }

  public void addAll(Collection<ProgressEvent> more) {
    events.addAll(more);
  }

  public void clear() {
    events.clear();
  }

  /// Drops events that can no longer be read.
  public void keep(SessionState state) {
    int old = events.size() - latest;
    if (old > 0) {
      Set<String> kept = state.ended().stream().map(Run::runId).collect(Collectors.toSet());
      state.runs().forEach(run -> kept.add(run.runId()));
      events.subList(0, old).removeIf(event -> !kept.contains(event.runId()));
    }
  }

  public List<ProgressEvent> all() {
    return List.copyOf(events);
  }

  public List<ProgressEvent> latest() {
    return List.copyOf(events.subList(Math.max(0, events.size() - latest), events.size()));
  }

  /// How many events of this run there are.
  public int count(String runId) {
    return (int) events.stream().filter(event -> runId.equals(event.runId())).count();
  }

  /// A run's events after number `after`; the first event of a run has number 1.
  public List<Numbered> of(String runId, long after) {
    List<Numbered> found = new ArrayList<>();
    int n = 0;
    for (ProgressEvent event : events) {
      if (runId.equals(event.runId()) && ++n > after) {
        found.add(new Numbered(n, event));
      }
    }
    return found;
  }
}
