package dev.agentrooms.webui.watch;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;

/// The sockets and event streams that are open, so that a server that stops can say goodbye.
public final class OpenSockets {

  /// One open connection.
  public interface Open {
    /// Says goodbye, and closes.
    ///
    /// @param retryMs when the client may come back, in milliseconds
    void goAway(int retryMs);
  }

  private static final int BATCH = 500;
  private static final long BETWEEN_BATCHES_MS = 20;
  private static final int EARLIEST_RETRY_MS = 500;
  private static final long PATIENCE_MS = 2_000;

  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Done> empty = new CompletableFuture<>();
  private volatile boolean closing;

  /// What an event stream goes through: it is open while it runs, and ends when it is told to go.
  public <T> Flow<T, T, NotUsed> registered() {
    return Flow.<T>create()
        .viaMat(KillSwitches.single(), Keep.right())
        .watchTermination(
            (killSwitch, ended) -> {
              Open stream = new Stream(killSwitch);
              opened(stream);
              ended.whenComplete((done, failure) -> closed(stream));
              return NotUsed.getInstance();
            });
  }

  // No record, of which two might be the same.
  private static final class Stream implements Open {

    private final UniqueKillSwitch killSwitch;

    private Stream(UniqueKillSwitch killSwitch) {
      this.killSwitch = killSwitch;
    }

    @Override
    public void goAway(int retryMs) {
      killSwitch.shutdown();
    }
  }

  public void opened(Open socket) {
    open.add(socket);
    if (closing) {
      socket.goAway(retryMs(1));
    }
  }

  public void closed(Open socket) {
    open.remove(socket);
    if (closing && open.isEmpty()) {
      empty.complete(Done.getInstance());
    }
  }

  public int count() {
    return open.size();
  }

  public boolean isClosing() {
    return closing;
  }

  /// Completes when all have gone, or two seconds after the last was told to. They are told in
  /// batches, and to come back at different times, so that the next server is not overrun.
  public CompletionStage<Done> closeAll() {
    closing = true;
    List<Open> all = List.copyOf(open);
    if (all.isEmpty()) {
      empty.complete(Done.getInstance());
    }
    long delay = 0;
    for (int i = 0; i < all.size(); i += BATCH) {
      List<Open> batch = all.subList(i, Math.min(all.size(), i + BATCH));
      CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS)
          .execute(() -> batch.forEach(socket -> socket.goAway(retryMs(all.size()))));
      delay += BETWEEN_BATCHES_MS;
    }
    return empty.completeOnTimeout(Done.getInstance(), delay + PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  // A thousand a second come back.
  private static int retryMs(int count) {
    return EARLIEST_RETRY_MS + ThreadLocalRandom.current().nextInt(1 + count);
  }
}
