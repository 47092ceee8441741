package dev.agentrooms.store;

/// Listener for a store's state, for metrics and log. Called on threads of the store, so it must
/// not block.
public interface StoreListener {

  /// The store is down: all calls fail until [#up].
  ///
  /// @param why [StoreFailure.Full] or [StoreFailure.Unavailable]
  default void down(StoreFailure why) {}

  /// The store is up again.
  default void up() {}

  /// A transaction was committed.
  ///
  /// @param records what it stored
  /// @param bytes their approximate size
  default void committed(int records, long bytes, long nanos) {}

  /// Committed data was synced to disk.
  default void synced(long nanos) {}

  /// Writes of a former owner were refused, because another has taken over.
  default void fenced(int writes) {}

  /// A background task failed; for the log.
  default void warning(String what, Throwable why) {}

  StoreListener NONE = new StoreListener() {};
}
