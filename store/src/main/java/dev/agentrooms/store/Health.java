package dev.agentrooms.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether the store is available: not while any of its writers is down, because a request may
/// need any of them.
final class Health {

  private final StoreListener listener;
  private final Map<Object, StoreFailure> down = new HashMap<>();
  private volatile @Nullable StoreFailure trouble;
  private volatile long falls;

  Health(StoreListener listener) {
    this.listener = listener;
  }

  Optional<StoreFailure> trouble() {
    return Optional.ofNullable(trouble);
  }

  /// How often a writer found it away. The connections of the others may be broken, too.
  long falls() {
    return falls;
  }

  synchronized void down(Object writer, StoreFailure why) {
    down.put(writer, why);
    falls++;
    if (trouble == null) {
      trouble = why;
      listener.down(why);
    }
  }

  synchronized void up(Object writer) {
    if (down.remove(writer) != null && down.isEmpty()) {
      trouble = null;
      listener.up();
    }
  }
}
