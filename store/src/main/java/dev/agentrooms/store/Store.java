package dev.agentrooms.store;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The store's port: journals of sessions, logs of rooms, and streams, in one database.
///
/// Calls are asynchronous: a stage completes when the result is durable enough, or fails with a
/// [StoreFailure]. Callbacks run on a thread of the store, in the order of commits, and block its
/// writing: hand over to another thread, and return.
///
/// What is durable enough is a setting ([StoreSettings.Sync]) by the kind of record
/// ([SessionRecord.Kind]). There are two levels: *written* (the transaction is committed, and
/// survives `kill -9`) and *synced* (it survives a loss of power, too).
public interface Store extends AutoCloseable {

  SessionStore sessions();

  RoomStore rooms();

  StreamStore streams();

  SubscriptionStore subscriptions();

  /// The list's lines of rooms that are filled from outside.
  default PushedStore pushed() {
    return PushedStore.NONE;
  }

  /// Who has signed in.
  default SignInStore signIns() {
    return SignInStore.NONE;
  }

  /// The processes that share this store; empty where it belongs to one.
  default Optional<Members> members() {
    return Optional.empty();
  }

  /// The failure of all calls while the store is down; empty while it is up. The store probes
  /// about four times a second whether it is up again.
  Optional<StoreFailure> trouble();

  /// The number of records that wait to be written.
  int waiting();

  /// Completes when the files are known to be intact: at once, unless the machine crashed while
  /// the store was open. Fails with a [StoreRefused] with instructions when they are damaged; the
  /// server must not go on then.
  CompletionStage<Void> checked();

  /// Writes a consistent copy of the store into `file`, without interrupting its use. The copy is
  /// complete, or does not exist.
  ///
  /// Fails with a [StoreRefused] when `file` exists or cannot be written, and for PostgreSQL,
  /// which has tools of its own.
  CompletionStage<Void> backUp(Path file);

  /// Writes what is queued, for as long as a request would wait, and closes.
  @Override
  void close();
}
