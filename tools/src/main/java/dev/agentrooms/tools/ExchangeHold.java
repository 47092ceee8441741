package dev.agentrooms.tools;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Whether an exchange still has its connection, so that cancelling it can hurt nobody else.
///
/// The JDK's client passes a connection on to the next request when it has read an answer's last
/// byte, which is some time before the exchange's future is done. To cancel the future in between
/// closes the connection all the same, and with it somebody else's exchange. So it is cancelled
/// only while there is no answer; then the body's reader is, which says here that it has all of it
/// before the client can know.
final class ExchangeHold {

  private @Nullable Runnable abortBody;
  private boolean isOver;
  private volatile boolean isCancelled;

  /// The answer has begun; the client waits for this to return.
  synchronized void reading(Runnable abort) {
    abortBody = abort;
  }

  synchronized void over() {
    isOver = true;
  }

  /// Closes the connection, and returns when that is done, unless the answer is there.
  synchronized void cancel(Future<?> exchange) {
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

  /// Whether the connection was closed from here. The client may then call it lost, for it may see
  /// the end of the connection before the cancel.
  boolean isCancelled() {
    return isCancelled;
  }
}
