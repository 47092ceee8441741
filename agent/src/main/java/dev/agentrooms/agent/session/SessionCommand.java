package dev.agentrooms.agent.session;

import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.tools.ToolResult;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A message to a session. [SessionDecisions] decides what follows from it.
public sealed interface SessionCommand {

  /// A client's request, answered from the state after it.
  sealed interface Request extends SessionCommand {}

  /// @param turn whether the run may start at once, as [Admission] and the slots decided
  record Start(RunSpec spec, OnBusy onBusy, List<Key> keys, Turn turn) implements SessionCommand {

    public Start {
      keys = List.copyOf(keys);
    }

    /// Names that must be unique among all sessions: the run's id, and keys of requests without a
    /// session.
    public Set<String> names() {
      Set<String> names = new LinkedHashSet<>();
      names.add(Key.ofRun(spec.runId()));
      keys.stream().filter(Key::everywhere).map(Key::key).forEach(names::add);
      return names;
    }

    public Start with(Turn given) {
      return new Start(spec, onBusy, keys, given);
    }
  }

  enum Turn {
    NOW,
    LATER
  }

  /// A client's name for a request, by which a repeated one is recognised: an idempotency key, or
  /// the run's id if the client chose it.
  ///
  /// @param key digest of the idempotency key, or [#ofRun]
  /// @param fingerprint digest of the request's body
  /// @param everywhere whether it is unique among all sessions, not only within its own
  record Key(String key, String fingerprint, boolean everywhere) {

    /// A key that is unique within its session.
    public Key(String key, String fingerprint) {
      this(key, fingerprint, false);
    }

    /// The key of a run's id. Its colon tells it from digests of idempotency keys, which have
    /// none.
    public static String ofRun(String runId) {
      return "run:" + runId;
    }

    static boolean isOfRun(String key) {
      return key.startsWith("run:");
    }
  }

  /// A known run was requested again, under further keys.
  record AddKeys(String runId, String status, List<Key> keys) implements SessionCommand {

    public AddKeys {
      keys = List.copyOf(keys);
    }
  }

  /// A queued run has got its slot.
  record TakeTurn(String runId) implements SessionCommand {}

  record EndAttempt(AttemptId attempt, ToolResult result) implements SessionCommand {}

  record Retry(AttemptId attempt) implements SessionCommand {}

  /// @param runId the first run that has not ended when null
  record Cancel(@Nullable String runId, String reason) implements Request {}

  /// The time for a cancelled run's tool to stop is over.
  record Abandon(String runId) implements SessionCommand {}

  /// Cancels every run, in flight or queued.
  record CancelAll(String reason) implements SessionCommand {}

  record Delete(String reason) implements Request {}

  /// A run cannot go on because of a bug.
  record Break(String runId, String error) implements SessionCommand {}
}
