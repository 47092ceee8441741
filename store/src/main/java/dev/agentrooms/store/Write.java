package dev.agentrooms.store;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/// A write that waits for its transaction.
abstract class Write {

  /// A write without effect.
  static final Write NONE =
      new Write(0, false) {
        @Override
        void apply(Transaction transaction) {}

        @Override
        void done() {}

        @Override
        void failed(StoreFailure why) {}
      };

  private final int bytes;
  private final boolean lasting;
  private long since;

  /// @param lasting whether it is acknowledged only after a sync
  Write(int bytes, boolean lasting) {
    this.bytes = bytes;
    this.lasting = lasting;
  }

  /// Executes it in a transaction, which may be retried.
  ///
  /// @throws StoreFailure when it is refused; then it has left nothing in the transaction
  abstract void apply(Transaction transaction) throws SQLException;

  /// It is durable enough, and is acknowledged.
  abstract void done();

  abstract void failed(StoreFailure why);

  /// It is about to fail for good, not only because of overload; called before anything else is
  /// written.
  void lost(StoreFailure why) {}

  /// Acknowledges it. An exception of the callback is logged, and ends no thread of the store.
  final void succeed(StoreListener listener) {
    try {
      done();
    } catch (RuntimeException | Error bug) {
      listener.warning("an answer of the store was not taken", bug);
    }
  }

  final void fail(StoreFailure why, StoreListener listener) {
    try {
      failed(why);
    } catch (RuntimeException | Error bug) {
      listener.warning("a failure of the store was not taken", bug);
    }
  }

  int bytes() {
    return bytes;
  }

  boolean isLasting() {
    return lasting;
  }

  void waitsSince(long nanos) {
    since = nanos;
  }

  long since() {
    return since;
  }

  /// A write with a result.
  abstract static class Answered<T> extends Write {

    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private T result;

    Answered(int bytes, boolean lasting, T nothing) {
      super(bytes, lasting);
      result = nothing;
    }

    CompletableFuture<T> answer() {
      return answer;
    }

    abstract T applied(Transaction transaction) throws SQLException;

    @Override
    void apply(Transaction transaction) throws SQLException {
      result = applied(transaction);
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
}
