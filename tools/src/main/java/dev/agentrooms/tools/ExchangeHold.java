package dev.agentrooms.tools;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Tracks whether an exchange still owns its connection, so that cancelling it cannot close the
/// connection of another.
///
/// The JDK's client returns a connection to its pool when it has read an answer's last byte, a
/// moment before the exchange's future completes. Cancelling the future in between closes the
/// connection, which another exchange may use by then. So the future is cancelled only before the
/// answer begins; after that its body subscriber is, which reports here that the body is complete
/// before the client can reuse the connection.
public final class ExchangeHold {

  private @Nullable Runnable abortBody;
  private boolean isOver;
  private volatile boolean isCancelled;

  /// The answer has begun. The client waits until this returns.
  public synchronized void reading(Runnable abort) {
    abortBody = abort;
  }

  public synchronized void over() {
    isOver = true;
  }

  /// Closes the connection unless the answer is complete; returns when it is closed.
  public synchronized void cancel(Future<?> exchange) {
    if (isOver) {
      return;
    }
    isCancelled = true;
    if (abortBody == null) {
      exchange.cancel(true);
    } else {
      abortBody.run();
    }
  }

  /// Whether this closed the connection. The client may then report a lost connection, because it
  /// may see the close before the cancel.
  public boolean isCancelled() {
    return isCancelled;
  }
}
