package dev.agentrooms.webui;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;

/// The sockets and event streams that are open, so that a server that stops can say goodbye.
final class OpenSockets {

  /// One open connection.
  interface Open {
    /// Says goodbye, and closes.
    void goAway();
  }

  private static final long PATIENCE_MS = 2_000;

  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Done> empty = new CompletableFuture<>();
  private volatile boolean closing;

  void opened(Open socket) {
    open.add(socket);
    if (closing) {
      socket.goAway();
    }
  }

  void closed(Open socket) {
    open.remove(socket);
    if (closing && open.isEmpty()) {
      empty.complete(Done.getInstance());
    }
  }

  int count() {
    return open.size();
  }

  /// Completes when all have gone, or after two seconds.
  CompletionStage<Done> closeAll() {
    closing = true;
    if (open.isEmpty()) {
      empty.complete(Done.getInstance());
    }
    open.forEach(Open::goAway);
    return empty.completeOnTimeout(Done.getInstance(), PATIENCE_MS, TimeUnit.MILLISECONDS);
  }
}
