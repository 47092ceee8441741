package dev.agentrooms.store;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The writers. A key always has the same one, so that what is said of it stays in order.
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

  /// Lets a key's writer do something small, which need not have reached the disk.
  ///
  /// @param nothing what is there as long as it has not been done
  <T> CompletableFuture<T> ask(String key, T nothing, Step<T> step) {
    var write =
        new Write.Answered<T>(0, false, nothing) {
          @Override
          T applied(Transaction transaction) throws SQLException {
            // In order with the events that came before it.
            transaction.rooms().flush();
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
