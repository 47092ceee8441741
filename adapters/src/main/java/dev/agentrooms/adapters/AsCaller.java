package dev.agentrooms.adapters;

import dev.agentrooms.http.access.Visit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// For whom the agent is asked, as long as one of their requests is at work on this thread. Where
/// nobody is, the agent is asked for nobody, and refuses where access is by token.
final class AsCaller {

  private static final ThreadLocal<@Nullable Visit> CURRENT = new ThreadLocal<>();

  private AsCaller() {}

  static @Nullable Visit current() {
    return CURRENT.get();
  }

  /// @param caller null for nobody
  static <T> T during(@Nullable Visit caller, Supplier<T> work) {
    Visit before = CURRENT.get();
    CURRENT.set(caller);
    try {
      return work.get();
    } finally {
      CURRENT.set(before);
    }
  }
}
