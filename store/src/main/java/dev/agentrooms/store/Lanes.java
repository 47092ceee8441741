package dev.agentrooms.store;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The writers. Each key has a fixed one, so that its writes stay in order.
final class Lanes {

  interface Step<T> {
    T in(Transaction transaction) throws SQLException;
  }

  private final List<Lane> lanes;

  Lanes(List<Lane> lanes) {
    this.lanes = List.copyOf(lanes);
  }

  Lane of(String key) {
    return lanes.get(Math.floorMod(key.hashCode() * 0x9e3779b9 >>> 7, lanes.size()));
  }

  /// Runs a small task on a key's writer, which need not be synced.
  ///
  /// @param nothing the result until then
  <T> CompletableFuture<T> ask(String key, T nothing, Step<T> step) {
    var write =
        new Write.Answered<T>(0, false, nothing) {
          @Override
          T applied(Transaction transaction) throws SQLException {
            // Queued, so that it stays in order with earlier events.
            transaction.flush();
            return step.in(transaction);
          }
        };
    of(key).submit(write);
    return write.answer();
  }

  List<Lane> all() {
    return lanes;
  }

  int waiting() {
    int waiting = 0;
    for (Lane lane : lanes) {
      waiting += lane.waiting();
    }
    return waiting;
  }
}
