package dev.agentrooms.store;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// Why something was not stored or read. Nothing of it is in the store, except perhaps with
/// [OutcomeUnknown].
public abstract sealed class StoreFailure extends RuntimeException {

  private StoreFailure(String message, Throwable cause) {
    super(message, cause, false, false);
  }

  private StoreFailure(String message) {
    super(message, null, false, false);
  }

  /// The failure of a stage; any other exception counts as [Unstorable].
  public static StoreFailure of(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof StoreFailure known ? known : new Unstorable(cause);
  }

  /// Another owner has taken over. The loser must stop and load again.
  public static final class Fenced extends StoreFailure {
    Fenced(String what) {
      super(what + " has another owner");
    }
  }

  /// Another session holds a name that was to be claimed.
  public static final class NameTaken extends StoreFailure {

    private final String name;
    private final String holder;

    NameTaken(String name, String holder) {
      super("session " + holder + " has the name " + name);
      this.name = name;
      this.holder = holder;
    }

    public String name() {
      return name;
    }

    /// The session that holds it.
    public String holder() {
      return holder;
    }
  }

  /// The disk is full. May be retried.
  public static final class Full extends StoreFailure {
    Full(String why) {
      super(why);
    }
  }

  /// The store is down, too slow, or overloaded. May be retried.
  public static final class Unavailable extends StoreFailure {
    Unavailable(String why) {
      super(why);
    }
  }

  /// The connection broke during the commit, or the sync failed: it may be stored or not. Loading
  /// again tells.
  public static final class OutcomeUnknown extends StoreFailure {
    OutcomeUnknown(String why) {
      super(why);
    }
  }

  /// This record can never be stored: a bug, or damaged data.
  public static final class Unstorable extends StoreFailure {
    Unstorable(Throwable cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }

    Unstorable(String why) {
      super(why);
    }
  }
}
