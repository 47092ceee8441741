package dev.agentrooms.store;

import dev.agentrooms.protocol.InvalidField;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The journals of sessions, and queries over all sessions: the list, and those that have
/// something to do.
///
/// A session has one owner. Loading it makes the caller the owner, under a new *generation*; each
/// record carries that, and one that carries an older one fails ([StoreFailure.Fenced]). So two
/// nodes that both believe to own a session cannot both write. For example: node A loads the
/// session as generation 7, node B takes it over as generation 8; A's next record carries 7 and is
/// refused.
public interface SessionStore {

  /// Takes ownership of a session and reads its snapshot and the events after it.
  CompletionStage<StoredSession> load(String sessionId);

  /// Commits one command's events and the resulting rows, atomically.
  ///
  /// Fails with [StoreFailure.Fenced] when the session has another owner by now, or is not at
  /// `record.rev()`; with [StoreFailure.NameTaken] when another session holds a name. Then nothing
  /// is stored.
  CompletionStage<Void> record(SessionRecord record);

  /// The list, newest activity first; sessions of the same millisecond by descending id.
  ///
  /// @param after the `next` of the previous page; null for the first page
  /// @throws InvalidField when `after` is not a valid cursor
  CompletionStage<SessionLines> page(Which which, int limit, @Nullable String after);

  /// The list of everybody's sessions.
  default CompletionStage<SessionLines> page(
      int limit, @Nullable String after, @Nullable String search) {
    return page(new Which(search, null, null), limit, after);
  }

  /// Those that have something to do or to deliver, the oldest first.
  ///
  /// @param after the last entry of the previous answer; null for the first
  /// @param until those that have nothing to do before a later time are left out
  CompletionStage<List<OpenSession>> open(@Nullable OpenSession after, Instant until, int limit);

  /// Removes a session with its names. Does nothing if there is none; fails with
  /// [StoreFailure.Fenced] when it has another owner.
  CompletionStage<Void> forget(String sessionId, long generation);

  /// Removes sessions that are idle and have been unused for `ttl`, not counting the time in which
  /// no process was up. At most 64 per call, so that others are not blocked for long; call again
  /// until the answer is empty.
  ///
  /// @return the ids of the removed sessions
  CompletionStage<List<String>> forgetUnused(Duration ttl);

  /// The number of listed sessions.
  CompletionStage<Long> count();

  /// The number of sessions that have nothing to do before a time after `now`.
  CompletionStage<Long> waiting(Instant now);

  /// Which sessions a list is of.
  ///
  /// @param search only those whose search text contains this, ignoring case; null for all
  /// @param owner only those of this user; null for everybody's
  /// @param sessionId only this one; null for all
  record Which(@Nullable String search, @Nullable String owner, @Nullable String sessionId) {}

  /// @param openSince as its owner recorded it ([SessionRow])
  record OpenSession(String sessionId, long openSince) {}

  /// @param lines as their owners recorded them
  /// @param next the cursor of the next page; null on the last page
  record SessionLines(List<String> lines, @Nullable String next) {

    public SessionLines {
      lines = List.copyOf(lines);
    }
  }
}
