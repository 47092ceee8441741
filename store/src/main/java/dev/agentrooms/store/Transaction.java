package dev.agentrooms.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Stream;

/// The writes of one transaction, and those of them that were refused.
final class Transaction {

  private final Db db;
  private final StoreClock clock;
  private final RoomBatch rooms = new RoomBatch(this);
  private final StreamBatch streams = new StreamBatch(this);
  private final IdentityHashMap<Write, StoreFailure> refused = new IdentityHashMap<>();
  private final List<Runnable> afterCommit = new ArrayList<>();

  Transaction(Db db, StoreClock clock) {
    this.db = db;
    this.clock = clock;
  }

  /// Executes all writes.
  void apply(List<Write> writes) throws SQLException {
    for (Write write : writes) {
      try {
        write.apply(this);
      } catch (StoreFailure why) {
        refuse(write, why);
      }
    }
    flush();
  }

  /// Executes what was queued.
  void flush() throws SQLException {
    rooms.flush();
    streams.flush();
  }

  Db db() {
    return db;
  }

  StoreClock clock() {
    return clock;
  }

  RoomBatch rooms() {
    return rooms;
  }

  StreamBatch streams() {
    return streams;
  }

  void refuse(Write write, StoreFailure why) {
    refused.put(write, why);
  }

  /// What to do once it is committed.
  void afterCommit(Runnable then) {
    afterCommit.add(then);
  }

  void committed() {
    afterCommit.forEach(Runnable::run);
  }

  /// Those of its writes that it took.
  Stream<Write> stored(List<Write> writes) {
    return writes.stream().filter(write -> !refused.containsKey(write));
  }

  /// How many of its writes came from a former owner.
  int fenced() {
    return (int)
        refused.values().stream().filter(why -> why instanceof StoreFailure.Fenced).count();
  }

  IdentityHashMap<Write, StoreFailure> refused() {
    return refused;
  }
}
