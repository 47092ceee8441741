package dev.agentrooms.store;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// A database with the journals of sessions and the logs of rooms.
///
/// What is asked of it is answered later: a stage completes when the answer may be given, or fails
/// with a [StoreFailure]. Both happen on a thread of the store, in the order in which things were
/// stored, and keep it from writing for as long as they take: hand over, and return.
///
/// When an answer is durable enough is a setting ([StoreSettings.Sync]), not a matter of the
/// caller, who only says what it is ([SessionRecord.Kind]). There are two stages: *written* (the
/// transaction is committed, and survives the death of this process) and *synced* (it survives the
/// loss of power, too).
public interface Store extends AutoCloseable {

  SessionStore sessions();

  RoomStore rooms();

  /// Why everything would be refused now, when it would be. It is known before anybody is asked,
  /// and while it lasts the store tries about four times a second whether it is over.
  Optional<StoreFailure> trouble();

  /// How many records wait to be written.
  int waiting();

  /// Completes when the files are known to be sound: at once, unless the machine was lost without
  /// the store being closed. Fails with a [StoreRefused] that says what to do when they are not;
  /// a server must not go on then.
  CompletionStage<Void> checked();

  /// Writes a copy of the store as of now into `file`, while everything goes on. The copy is there
  /// whole, or not at all.
  ///
  /// Fails with a [StoreRefused] when `file` exists, cannot be written, or the database has better
  /// tools for that.
  CompletionStage<Void> backUp(Path file);

  /// Writes what waits, for as long as a request would wait, and closes.
  @Override
  void close();
}
