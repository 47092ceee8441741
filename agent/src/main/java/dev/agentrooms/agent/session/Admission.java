package dev.agentrooms.agent.session;

import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Start;
import dev.agentrooms.agent.session.SessionEvent.KeyUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a session accepts a run; decided before a slot is asked for.
public sealed interface Admission {

  /// The session accepts the run.
  sealed interface Admitted extends Admission {}

  /// The session is free: the run needs a slot.
  record Free() implements Admitted {}

  /// It waits behind the session's other runs.
  record Behind() implements Admitted {}

  /// It replaces the session's run, which is cancelled.
  record Instead(String runId) implements Admitted {}

  /// Its keys belong to a run that exists: the request is a repeated one.
  ///
  /// @param more keys that are new, and are recorded for the same run
  record Known(String runId, String status, List<Key> more) implements Admission {

    public Known {
      more = List.copyOf(more);
    }
  }

  record Refused(SessionReply reply) implements Admission {}

  /// @param maxKeys how many idempotency keys and caller-chosen run ids a session remembers
  static Admission of(SessionState state, Start start, int maxKeys) {
    KeyUse known = null;
    List<Key> unused = new ArrayList<>();
    for (Key key : start.keys()) {
      KeyUse used = state.keys().get(key.key());
      if (used == null) {
        unused.add(key);
      } else if (!used.fingerprint().equals(key.fingerprint())
          || (known != null && !known.runId().equals(used.runId()))) {
        return new Refused(new SessionReply.KeyReused());
      } else {
        known = used;
      }
    }
    if (state.keys().size() + unused.size() > maxKeys && !unused.isEmpty()) {
      return new Refused(new SessionReply.TooManyKeys());
    }
    if (known != null) {
      return new Known(known.runId(), known.status(), unused);
    }
    Optional<Run> namesake = state.run(start.spec().runId());
    if (namesake.isPresent()) {
      // A run of the deleted session is still being cancelled.
      return new Refused(
          namesake.get().forgotten()
              ? new SessionReply.RunIdTaken(start.spec().runId())
              : new SessionReply.KeyReused());
    }
    return state.runs().isEmpty() ? new Free() : besideOthers(state, start);
  }

  private static Admission besideOthers(SessionState state, Start start) {
    Optional<Run> shown = state.shown();
    if (shown.isEmpty()) {
      // Only runs of the deleted session are left. They are not shown, but must end first.
      return new Behind();
    }
    return switch (start.onBusy()) {
      case REJECT -> new Refused(SessionReply.busy(shown.get()));
      case ENQUEUE -> new Behind();
      case INTERRUPT -> new Instead(shown.get().runId());
    };
  }
}
