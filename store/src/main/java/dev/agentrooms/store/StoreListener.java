package dev.agentrooms.store;

/// Hears how a store is doing. Called on threads of the store; whatever it does has to be quick.
public interface StoreListener {

  /// Everything is refused from here on, until [#up].
  ///
  /// @param why [StoreFailure.Full] or [StoreFailure.Unavailable]
  default void down(StoreFailure why) {}

  /// What was down answers again.
  default void up() {}

  /// A transaction was committed.
  ///
  /// @param records what it stored
  /// @param bytes about how much that was
  default void committed(int records, long bytes, long nanos) {}

  /// What had been written has reached the disk.
  default void synced(long nanos) {}

  /// Something went wrong that nobody waits for; it is for the log.
  default void warning(String what, Throwable why) {}

  StoreListener NONE = new StoreListener() {};
}
