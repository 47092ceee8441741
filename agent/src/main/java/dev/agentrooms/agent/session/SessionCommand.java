package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.protocol.Decision;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.tools.Progress;
import dev.agentrooms.tools.ToolResult;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a session is told. [SessionDecisions] says what comes of it.
public sealed interface SessionCommand {

  /// What a client asks for, and is answered by what the session is then.
  sealed interface Request extends SessionCommand {}

  /// @param turn whether the run may start at once, as [Admission] and the slots said
  /// @param share the share of the queue that it counts against while it waits; null for none
  record Start(RunSpec spec, OnBusy onBusy, List<Key> keys, Turn turn, @Nullable String share)
      implements SessionCommand {

    public Start {
      keys = List.copyOf(keys);
    }

    /// A run that counts against no share.
    public Start(RunSpec spec, OnBusy onBusy, List<Key> keys, Turn turn) {
      this(spec, onBusy, keys, turn, null);
    }

    /// What no other session may have: the run's id, and keys without a session.
    public Set<String> names() {
      Set<String> names = new LinkedHashSet<>();
      names.add(spec.claim());
      keys.stream().filter(Key::everywhere).map(Key::key).forEach(names::add);
      return names;
    }

    public Start with(Turn given) {
      return new Start(spec, onBusy, keys, given, share);
    }
  }

  enum Turn {
    NOW,
    LATER
  }

  /// What a client calls a request, so that a repeated one is recognised: an idempotency key, or
  /// the run's id when the client has chosen it.
  ///
  /// @param key digest of the idempotency key, or [RunSpec#claim]
  /// @param fingerprint digest of the body that came with it
  /// @param everywhere whether no other session may have it
  record Key(String key, String fingerprint, boolean everywhere) {

    /// A key within its session.
    public Key(String key, String fingerprint) {
      this(key, fingerprint, false);
    }
  }

  /// A run that is known already was asked for again, under further keys.
  record AddKeys(String runId, String status, List<Key> keys) implements SessionCommand {

    public AddKeys {
      keys = List.copyOf(keys);
    }
  }

  /// A slot is free for a run that waited, be it for its turn or for a person's answer.
  record TakeTurn(String runId) implements SessionCommand {}

  /// A tool at work says something.
  record Tell(AttemptId attempt, Progress progress) implements SessionCommand {}

  record EndAttempt(AttemptId attempt, ToolResult result) implements SessionCommand {}

  record Retry(AttemptId attempt) implements SessionCommand {}

  /// @param runId the first run that has not ended when null
  record Cancel(@Nullable String runId, String reason) implements Request {}

  /// A person answers.
  ///
  /// @param value null when they leave what was shown as it is
  record Answer(
      String runId,
      String inputId,
      Decision decision,
      @Nullable JsonNode value,
      @Nullable String comment)
      implements Request {}

  /// The time to answer may be over.
  record ExpireInputs() implements SessionCommand {}

  /// The tool of a cancelled run has had its time to stop.
  record Abandon(String runId) implements SessionCommand {}

  /// Every run, in flight or waiting.
  record CancelAll(String reason) implements Request {}

  /// Makes the session, unless it exists.
  record Open(@Nullable String owner) implements Request {}

  /// Names the session.
  ///
  /// @param title null for its first question again
  record Name(@Nullable String title) implements Request {}

  record Delete(String reason) implements Request {}

  /// The session was read anew, and what was under way in its last life is not any more.
  record Resume() implements SessionCommand {}

  /// A run cannot go on because of a mistake of ours.
  record Break(String runId, String error) implements SessionCommand {}
}
