package dev.agentrooms.tools.mcp;

import dev.agentrooms.tools.ToolResult.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one server within reach: a virtual thread of its own connects, lists the tools, waits for
/// the end of the connection, and begins again, after pauses that grow while it fails.
final class McpClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(McpClient.class);

  /// Opens a transport to the server.
  interface Opener {
    McpTransport open(McpTransport.Listener listener);
  }

  /// The pauses before it is tried again.
  record BackOff(Duration first, Duration longest) {
    static final BackOff USUAL = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(60));
  }

  private final McpServer server;
  private final Opener opener;
  private final BackOff backOff;
  private final Semaphore wanted = new Semaphore(0);
  private final Thread keeper;
  private volatile Map<String, ListedTool> tools = Map.of();
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
    return tools;
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
      McpConnection live = new McpConnection(server.timeout(), this::listAgain);
      try {
        live.initialize(opener.open(live), version());
        tools = live.list();
        LOG.info("the MCP server {} has {} tools", server.name(), tools.size());
        present(live);
        pause = backOff.first();
        McpFailure why = live.end().get();
        if (!isClosed) {
          LOG.warn(
              "the connection to the MCP server {} has ended: {}", server.name(), why.detail());
          absent(null);
        }
      } catch (McpFailure failure) {
        LOG.warn("the MCP server {} is not there: {}", server.name(), failure.detail());
        absent(failure);
      } catch (InterruptedException e) {
        live.close();
        return;
      } catch (ExecutionException | RuntimeException bug) {
        LOG.error("the MCP server {} cannot be used", server.name(), bug);
        absent(McpFailure.lost());
      }
      live.close();
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
    McpConnection live;
    synchronized (this) {
      if (!isPresent()) {
        return;
      }
      live = connection.join();
    }
    Thread.startVirtualThread(
        () -> {
          try {
            tools = live.list();
            LOG.info("the MCP server {} has {} tools now", server.name(), tools.size());
          } catch (McpFailure e) {
            LOG.warn("the MCP server {} does not list its tools: {}", server.name(), e.detail());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
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

  @Override
  public void close() {
    isClosed = true;
    keeper.interrupt();
    CompletableFuture<McpConnection> there;
    synchronized (this) {
      there = connection;
    }
    there.thenAccept(McpConnection::close);
  }
}
