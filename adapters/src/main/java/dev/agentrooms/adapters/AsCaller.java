package dev.agentrooms.adapters;

import dev.agentrooms.http.access.Visit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The caller whose request the current thread is serving. Adapters call the agent in that caller's
/// name. On a thread that serves no request there is no caller, and an agent whose access is by
/// token refuses.
final class AsCaller {

  private static final ThreadLocal<@Nullable Visit> CURRENT = new ThreadLocal<>();

  private AsCaller() {}

  static @Nullable Visit current() {
    return CURRENT.get();
  }

  /// @param caller null for none
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
