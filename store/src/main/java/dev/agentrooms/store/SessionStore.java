package dev.agentrooms.store;

import dev.agentrooms.protocol.InvalidField;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The journals of sessions, and what can be asked of all of them: the list, and those that have
/// something to do.
///
/// A session has one owner. Loading it makes the caller the owner, under a new *generation*; each
/// record carries that, and one that carries an older one fails ([StoreFailure.Fenced]). So two who
/// both believe that they own a session cannot both write.
public interface SessionStore {

  /// Takes a session over and reads it: its snapshot, and the events after it.
  CompletionStage<StoredSession> load(String sessionId);

  /// Commits one command's events and the rows that follow from them, all or nothing.
  ///
  /// Fails with [StoreFailure.Fenced] when the session has another owner by now, or is not at
  /// `record.rev()`; with [StoreFailure.NameTaken] when another session holds a name. Neither
  /// leaves anything behind.
  CompletionStage<Void> record(SessionRecord record);

  /// The list, newest activity first; sessions of the same millisecond by falling id.
  ///
  /// @param after what an earlier page called `next`; null for the first page
  /// @param search only those whose search text contains this, in any case; null for all
  /// @throws InvalidField when `after` was never that
  CompletionStage<SessionLines> page(int limit, @Nullable String after, @Nullable String search);

  /// Those that have something to do or to deliver, the oldest first.
  ///
  /// @param after the last of an earlier answer; null to begin
  CompletionStage<List<OpenSession>> open(@Nullable OpenSession after, int limit);

  /// Removes all there is of a session, its names included. Forgetting what is not there is done at
  /// once; fails with [StoreFailure.Fenced] when the session has another owner.
  CompletionStage<Void> forget(String sessionId, long generation);

  /// Forgets sessions that have nothing to do and that nobody has used for `ttl`, time in which no
  /// process was up not counted: up to 64, so that nobody waits for long. Ask again until there are
  /// none.
  ///
  /// @return the ids of those that are gone
  CompletionStage<List<String>> forgetUnused(Duration ttl);

  /// How many sessions are listed.
  CompletionStage<Long> count();

  /// @param openSince as its owner gave it ([SessionRow])
  record OpenSession(String sessionId, long openSince) {}

  /// @param lines as their owners gave them
  /// @param next where the next page begins; null on the last
  record SessionLines(List<String> lines, @Nullable String next) {

    public SessionLines {
      lines = List.copyOf(lines);
    }
  }
}
