package dev.agentrooms.agent.session;

import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Start;
import dev.agentrooms.agent.session.SessionEvent.KeyUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a session takes a run on, before anybody asks for a slot.
public sealed interface Admission {

  /// It does.
  sealed interface Admitted extends Admission {}

  /// The session is free: the run needs a slot.
  record Free() implements Admitted {}

  /// It waits behind the session's other runs.
  record Behind() implements Admitted {}

  /// It takes the place of the session's run, which is cancelled.
  record Instead(String runId) implements Admitted {}

  /// Its keys were used for this very run.
  ///
  /// @param more those of its keys that were not, which mean the same run from now on
  record Known(String runId, String status, List<Key> more) implements Admission {

    public Known {
      more = List.copyOf(more);
    }
  }

  record Refused(SessionReply reply) implements Admission {}

  /// @param maxKeys how many idempotency keys, and runs' ids that callers chose, a session
  ///     remembers
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
      // What a deleted session left has yet to end.
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
      // What is left of a deleted session is nobody's run any more: it is only waited for.
      return new Behind();
    }
    return switch (start.onBusy()) {
      case REJECT -> new Refused(new SessionReply.Busy(shown.get().runId()));
      case ENQUEUE -> new Behind();
      case INTERRUPT -> new Instead(shown.get().runId());
    };
  }
}
