package dev.agentrooms.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts TCP connections, and reads them, on one thread.
///
/// Pekko's own TCP has an actor for each connection, through which every read and write goes; for
/// a room with hundreds of watchers that is most of what an event costs.
final class TcpListener {

  private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);
  private static final int BACKLOG = 4096;
  private static final int READ_BYTES = 64 * 1024;
  private static final long TICK_MS = 250;
  private static final long OUT_OF_DESCRIPTORS_MS = 100;

  private final ServerSocketChannel server;
  private final Selector selector;
  private final Executor executor;
  private final Consumer<TcpConnection> acceptor;
  private final LongConsumer ticks;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
  private final InetSocketAddress address;
  private boolean cannotAccept;
  private long acceptAgainAt;
  private long tickedAt = System.nanoTime();
  private volatile boolean stopped;

  private TcpListener(
      ServerSocketChannel server,
      Executor executor,
      Consumer<TcpConnection> acceptor,
      LongConsumer ticks)
      throws IOException {
    this.server = server;
    this.executor = executor;
    this.acceptor = acceptor;
    this.ticks = ticks;
    this.selector = Selector.open();
    this.address = (InetSocketAddress) server.getLocalAddress();
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  /// @param executor runs the acceptor, which may take its time
  /// @param acceptor takes a connection, or refuses it
  /// @param ticks told the time, as of [System#nanoTime], a few times a second, on the thread on
  ///     which connections are read
  /// @throws java.net.BindException when the address cannot be had
  static TcpListener bind(
      InetSocketAddress address,
      Executor executor,
      Consumer<TcpConnection> acceptor,
      LongConsumer ticks)
      throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(address, BACKLOG);
      TcpListener listener = new TcpListener(server, executor, acceptor, ticks);
      Thread.ofPlatform().daemon().name("tcp-" + listener.address.getPort()).start(listener::run);
      return listener;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  InetSocketAddress address() {
    return address;
  }

  /// Accepts no more. Connections that are open stay so.
  void unbind() {
    try {
      server.close();
      selector.wakeup();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Closes everything.
  void stop() {
    stopped = true;
    selector.wakeup();
  }

  private void run() {
    try (selector;
        server) {
      while (!stopped) {
        try {
          selector.select(this::onReady, cannotAccept ? OUT_OF_DESCRIPTORS_MS : TICK_MS);
          tick(System.nanoTime());
          if (cannotAccept && System.nanoTime() - acceptAgainAt >= 0) {
            cannotAccept = false;
            accepting(true);
          }
        } catch (RuntimeException e) {
          // Of one connection; the others go on.
          LOG.error("a connection failed", e);
        }
      }
      for (SelectionKey key : selector.keys()) {
        if (key.attachment() instanceof TcpConnection connection) {
          connection.close();
        }
      }
    } catch (IOException e) {
      LOG.error("reading from the network failed", e);
    }
  }

  private void tick(long now) {
    if (now - tickedAt >= TimeUnit.MILLISECONDS.toNanos(TICK_MS)) {
      tickedAt = now;
      ticks.accept(now);
    }
  }

  private void onReady(SelectionKey key) {
    if (key.attachment() instanceof TcpConnection connection) {
      connection.onReady(buffer);
    } else {
      accept();
    }
  }

  private void accept() {
    try {
      SocketChannel channel;
      while ((channel = server.accept()) != null) {
        accept(channel);
      }
    } catch (CancelledKeyException | ClosedChannelException e) {
      // It was unbound.
    } catch (IOException e) {
      LOG.warn("a connection could not be accepted: {}", e.getMessage());
      // It would be tried again at once, and for ever. Those that are open are read meanwhile.
      cannotAccept = true;
      acceptAgainAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OUT_OF_DESCRIPTORS_MS);
      accepting(false);
    }
  }

  private void accepting(boolean isWanted) {
    SelectionKey key = server.keyFor(selector);
    if (key != null && key.isValid()) {
      key.interestOps(isWanted ? SelectionKey.OP_ACCEPT : 0);
    }
  }

  private void accept(SocketChannel channel) throws IOException {
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
      SelectionKey key = channel.register(selector, 0);
      TcpConnection connection = new TcpConnection(channel, remote, key);
      key.attach(connection);
      executor.execute(() -> acceptor.accept(connection));
    } catch (IOException e) {
      // It is gone already.
      channel.close();
    }
  }
}
