package dev.agentrooms.store;

import java.time.Duration;
import java.util.List;

/// The processes that share a database, each with a heartbeat: who may found a cluster is decided
/// here, where all of them look, because a network can be cut in two and this cannot. Time is the
/// database's own.
///
/// All calls block, and fail with a [StoreFailure] when the database does not answer.
public interface Members extends AutoCloseable {

  /// @param uid tells a process from an earlier one at the same address
  /// @param roles what it runs, such as `agent webui`
  record Member(String address, long uid, String roles) {}

  /// @param at when it was last heard of, in milliseconds of the database's clock
  /// @param age how long that is ago
  record Beat(Member member, long at, Duration age) {}

  /// Records that `self` is up, unless members at other addresses have a beat younger than `fresh`.
  /// Of processes that call this at the same time, one comes first.
  ///
  /// @return those other members; empty when `self` is recorded
  List<Beat> enterAlone(Member self, Duration fresh);

  /// Records that `self` is up.
  ///
  /// @return the others, including those that are no more
  List<Beat> beat(Member self);

  /// Forgets `self`.
  void leave(Member self);

  @Override
  void close();
}
