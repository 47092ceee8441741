package dev.agentrooms.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The streams' writes of one transaction. Rows are locked in the order of their paths, so that two
/// nodes do not wait for each other; then each write is decided in its turn.
final class StreamBatch {

  private final Transaction transaction;
  private final List<StreamWrite<?>> writes = new ArrayList<>();

  StreamBatch(Transaction transaction) {
    this.transaction = transaction;
  }

  void add(StreamWrite<?> write) {
    writes.add(write);
  }

  /// Executes everything that was added.
  void flush() throws SQLException {
    if (writes.isEmpty()) {
      return;
    }
    StreamTable streams = new StreamTable(transaction.db(), transaction.clock());
    SortedSet<String> paths = new TreeSet<>();
    writes.forEach(write -> paths.addAll(write.paths()));
    for (String path : paths) {
      streams.row(path);
    }
    for (StreamWrite<?> write : writes) {
      try {
        write.decide(streams);
      } catch (StoreFailure why) {
        transaction.refuse(write, why);
      }
    }
    streams.flush();
    writes.clear();
  }
}
