package dev.agentrooms.store;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// Why something was not stored, or not read. Nothing of it is in the store, except where
/// [OutcomeUnknown] says that this cannot be told.
public abstract sealed class StoreFailure extends RuntimeException {

  private StoreFailure(String message, Throwable cause) {
    super(message, cause, false, false);
  }

  private StoreFailure(String message) {
    super(message, null, false, false);
  }

  /// The failure of a stage; what is none of the store's own is [Unstorable].
  public static StoreFailure of(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof StoreFailure known ? known : new Unstorable(cause);
  }

  /// Another owner writes here now. The loser stops, and reads anew.
  public static final class Fenced extends StoreFailure {
    Fenced(String what) {
      super(what + " has another owner");
    }
  }

  /// Another session holds a name that was to be taken.
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

    /// The session that has it.
    public String holder() {
      return holder;
    }
  }

  /// There is no room on the disk. It may be tried again.
  public static final class Full extends StoreFailure {
    Full(String why) {
      super(why);
    }
  }

  /// The store is away, or too slow, or has too much to do. It may be tried again.
  public static final class Unavailable extends StoreFailure {
    Unavailable(String why) {
      super(why);
    }
  }

  /// The connection broke while committing, or the disk could not say that it has what was written:
  /// it is stored or it is not. Reading anew tells.
  public static final class OutcomeUnknown extends StoreFailure {
    OutcomeUnknown(String why) {
      super(why);
    }
  }

  /// The store cannot take this one, however often it is tried: a bug, or damaged data.
  public static final class Unstorable extends StoreFailure {
    Unstorable(Throwable cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }

    Unstorable(String why) {
      super(why);
    }
  }
}
