package dev.agentrooms.store;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A write that is decided by the streams' rows.
final class StreamWrite<T> extends Write {

  interface Step<T> {
    T in(StreamTable streams) throws SQLException;
  }

  private final List<String> paths;
  private final Step<T> step;
  private final CompletableFuture<T> answer = new CompletableFuture<>();
  private T result;

  /// @param paths of the streams whose rows it needs
  /// @param nothing the result until then
  StreamWrite(int bytes, boolean lasting, List<String> paths, T nothing, Step<T> step) {
    super(bytes, lasting);
    this.paths = paths;
    this.step = step;
    this.result = nothing;
  }

  List<String> paths() {
    return paths;
  }

  CompletableFuture<T> answer() {
    return answer;
  }

  @Override
  void apply(Transaction transaction) {
    transaction.streams().add(this);
  }

  void decide(StreamTable streams) throws SQLException {
    result = step.in(streams);
  }

  @Override
  void done() {
    answer.complete(result);
  }

  @Override
  void failed(StoreFailure why) {
    answer.completeExceptionally(why);
  }
}
