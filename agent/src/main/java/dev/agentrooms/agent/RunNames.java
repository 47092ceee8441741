package dev.agentrooms.agent;

import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.SessionCommand.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The names of this node's runs that no two sessions may share: the ids of those in flight or
/// waiting, for as long as their session is kept those that callers chose, and idempotency keys
/// that came without a session.
///
/// A name is held by one life of a session, which passes what it holds on when it goes to sleep.
final class RunNames {

  private final Map<String, Held> holders = new ConcurrentHashMap<>();

  /// For a session that holds none yet.
  Held none() {
    return new Held();
  }

  int size() {
    return holders.size();
  }

  /// What one session holds. Used by one thread at a time.
  final class Held {

    private final List<String> names = new ArrayList<>(1);

    /// Takes all of `wanted`, or none and returns one that another session has.
    @Nullable String take(Collection<String> wanted) {
      List<String> taken = new ArrayList<>(wanted.size());
      for (String name : wanted) {
        Held holder = holders.putIfAbsent(name, this);
        if (holder == null) {
          names.add(name);
          taken.add(name);
        } else if (holder != this) {
          release(taken);
          return name;
        }
      }
      return null;
    }

    void release(Collection<String> unwanted) {
      for (String name : unwanted) {
        if (holders.remove(name, this)) {
          names.remove(name);
        }
      }
    }

    /// Releases all but the ids of these runs.
    void keepOnly(List<Run> runs) {
      List<String> unwanted = new ArrayList<>(names);
      runs.forEach(run -> unwanted.remove(Key.ofRun(run.runId())));
      release(unwanted);
    }

    void releaseAll() {
      keepOnly(List.of());
    }
  }
}
