package dev.agentrooms.store;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/// One thing that waits to be stored.
abstract class Write {

  /// Nothing at all.
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

  /// @param lasting whether it counts only once it has reached the disk
  Write(int bytes, boolean lasting) {
    this.bytes = bytes;
    this.lasting = lasting;
  }

  /// Puts it into a transaction, which may be repeated.
  ///
  /// @throws StoreFailure when it is refused; then there is nothing of it in the transaction
  abstract void apply(Transaction transaction) throws SQLException;

  /// It counts.
  abstract void done();

  abstract void failed(StoreFailure why);

  /// It will fail, and was not just turned away: its writer says so, before anything else is
  /// written.
  void lost(StoreFailure why) {}

  /// Says that it counts. A mistake of those who hear it is theirs, and ends no thread of the
  /// store.
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

  /// One that gives an answer.
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
