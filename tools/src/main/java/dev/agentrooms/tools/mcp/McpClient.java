package dev.agentrooms.tools.mcp;

import dev.agentrooms.tools.ToolResult.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one server within reach: a virtual thread of its own connects, lists the tools, waits for
/// the end of the connection, and begins again, after pauses that grow while it fails.
final class McpClient {

  private static final Logger LOG = LoggerFactory.getLogger(McpClient.class);

  /// Opens a transport to the server.
  interface Opener {
    McpTransport open(McpTransport.Listener listener);
  }

  /// The pauses before it is tried again.
  record BackOff(Duration first, Duration longest) {
    static final BackOff USUAL = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(60));
  }

  private static final Duration LIST_PAUSE = Duration.ofMillis(200);

  private final McpServer server;
  private final Opener opener;
  private final BackOff backOff;
  private final Semaphore wanted = new Semaphore(0);
  private final Thread keeper;
  private volatile @Nullable Map<String, ListedTool> tools;
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private volatile @Nullable McpConnection live;
  // Of its tools, since they were listed last.
  private final AtomicInteger changes = new AtomicInteger();
  private volatile boolean isClosed;

  // Guarded by this object's lock: the present connection, or the next one.
  private CompletableFuture<McpConnection> connection = new CompletableFuture<>();
  private @Nullable McpFailure lastFailure;

  McpClient(McpServer server, Opener opener, BackOff backOff) {
    this.server = server;
    this.opener = opener;
    this.backOff = backOff;
    this.keeper = Thread.ofVirtual().name("mcp-" + server.name()).unstarted(this::keep);
  }

  void start() {
    keeper.start();
  }

  McpServer server() {
    return server;
  }

  /// What the server listed when it was last asked.
  Map<String, ListedTool> tools() {
    Map<String, ListedTool> listed = tools;
    return listed == null ? Map.of() : listed;
  }

  /// Why the server has not listed anything so far; null when it has.
  @Nullable McpFailure unlisted() {
    if (tools != null) {
      return null;
    }
    synchronized (this) {
      return lastFailure == null
          ? new McpFailure(Reason.CONNECTION_LOST, "The MCP server is still being connected.")
          : lastFailure;
    }
  }

  /// Completes when the server has been asked for its tools, with or without success.
  CompletableFuture<Void> settled() {
    return settled;
  }

  /// The present connection, or the next one. A process that has failed is not started sooner
  /// because of a call; a server elsewhere is asked at once.
  synchronized CompletableFuture<McpConnection> connection() {
    if (isPresent() && connection.join().isClosed()) {
      connection = new CompletableFuture<>();
      lastFailure = McpFailure.lost();
    }
    if (connection.isDone() || lastFailure == null) {
      return connection;
    }
    if (server.url() == null) {
      return CompletableFuture.failedFuture(lastFailure);
    }
    wanted.release();
    return connection;
  }

  private void keep() {
    Duration pause = backOff.first();
    while (!isClosed) {
      McpConnection next = new McpConnection(server.timeout(), this::listAgain);
      live = next;
      try {
        next.initialize(opener.open(next), version());
        Map<String, ListedTool> listed = next.list();
        tools = listed;
        LOG.info("the MCP server {} has {} tools", server.name(), listed.size());
        present(next);
        settled.complete(null);
        pause = backOff.first();
        McpFailure why = next.end().get();
        if (!isClosed) {
          LOG.warn(
              "the connection to the MCP server {} has ended: {}", server.name(), why.detail());
          absent(null);
        }
      } catch (McpFailure failure) {
        LOG.warn("the MCP server {} is not there: {}", server.name(), failure.detail());
        absent(failure);
      } catch (InterruptedException e) {
        next.close();
        return;
      } catch (ExecutionException | RuntimeException bug) {
        LOG.error("the MCP server {} cannot be used", server.name(), bug);
        absent(McpFailure.lost());
      }
      next.close();
      try {
        if (wanted.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          wanted.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      }
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(backOff.longest()) > 0 ? backOff.longest() : twice;
    }
  }

  private static String version() {
    String version = McpClient.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  private synchronized void present(McpConnection live) {
    lastFailure = null;
    if (!connection.complete(live)) {
      connection = CompletableFuture.completedFuture(live);
    }
  }

  private boolean isPresent() {
    return connection.isDone() && !connection.isCompletedExceptionally();
  }

  /// @param failure why there is no connection, for those who wait for one; null when one has ended
  private void absent(@Nullable McpFailure failure) {
    settled.complete(null);
    CompletableFuture<McpConnection> waited;
    synchronized (this) {
      waited = connection;
      lastFailure = failure == null ? McpFailure.lost() : failure;
      if (waited.isDone() || failure != null) {
        connection = new CompletableFuture<>();
      }
    }
    if (failure != null) {
      waited.completeExceptionally(failure);
    }
  }

  private void listAgain() {
    McpConnection there;
    synchronized (this) {
      if (!isPresent()) {
        return;
      }
      there = connection.join();
    }
    if (changes.getAndIncrement() == 0) {
      Thread.startVirtualThread(() -> listAgain(there));
    }
  }

  // One list at a time, however often the server says that it has changed: what changes before it
  // is asked is in the same answer, and what changes then in the next one.
  private void listAgain(McpConnection there) {
    try {
      int seen;
      do {
        Thread.sleep(LIST_PAUSE);
        seen = changes.get();
        Map<String, ListedTool> listed = there.list();
        tools = listed;
        LOG.info("the MCP server {} has {} tools now", server.name(), listed.size());
      } while (!changes.compareAndSet(seen, 0));
    } catch (RuntimeException e) {
      changes.set(0);
      LOG.warn("the MCP server {} does not list its tools: {}", server.name(), failure(e).detail());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static McpFailure failure(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof McpFailure known
        ? known
        : new McpFailure(Reason.CONNECTION_LOST, "The connection to the MCP server was lost.");
  }

  /// Completes when nothing is left of the connection.
  CompletableFuture<Void> close() {
    isClosed = true;
    keeper.interrupt();
    McpConnection there = live;
    return there == null ? CompletableFuture.completedFuture(null) : there.close();
  }
}
