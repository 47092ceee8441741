package dev.agentrooms.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// One TCP connection: read by its listener's thread when somebody wants to read, and written by
/// whoever has something to say, so that a write costs a system call and no detour.
final class TcpConnection {

  /// Who gets what happens. Called by the listener's thread, which must not be kept.
  interface Owner {
    /// Once for each [#request] that was not taken back.
    void onRead(Read read);

    /// Once for each [#awaitWritable].
    void onWritable();
  }

  /// What came of a request to read.
  sealed interface Read {
    record Bytes(ByteString bytes) implements Read {}

    enum End implements Read {
      INSTANCE
    }

    record Failed(IOException why) implements Read {}
  }

  private static final ThreadLocal<ByteBuffer> OUT =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(64 * 1024));

  private final SocketChannel channel;
  private final InetSocketAddress remote;
  private final SelectionKey key;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean paused = true;
  private volatile @Nullable Owner owner;
  private volatile Runnable whenClosed = () -> {};

  /// @param key says nothing yet of what is waited for
  TcpConnection(SocketChannel channel, InetSocketAddress remote, SelectionKey key) {
    this.channel = channel;
    this.remote = remote;
    this.key = key;
  }

  InetSocketAddress remote() {
    return remote;
  }

  /// @param then called once, by whoever closes it
  void whenClosed(Runnable then) {
    whenClosed = then;
  }

  void own(Owner next) {
    owner = next;
  }

  /// Asks for the next bytes.
  void request() {
    wanted.set(true);
    if (paused) {
      paused = false;
      await(SelectionKey.OP_READ);
    }
  }

  /// Takes the request back.
  ///
  /// @return false when it is too late, and the answer comes
  boolean takeBack() {
    return wanted.compareAndSet(true, false);
  }

  /// Sends as much as the network takes at once.
  ///
  /// @return what it did not take
  ByteString write(ByteString bytes) throws IOException {
    ByteString rest = bytes;
    ByteBuffer buffer = OUT.get();
    while (rest.nonEmpty()) {
      buffer.clear();
      rest.copyToBuffer(buffer);
      buffer.flip();
      int size = buffer.limit();
      int sent = channel.write(buffer);
      rest = sent == rest.size() ? ByteString.emptyByteString() : rest.drop(sent);
      if (sent < size) {
        break;
      }
    }
    return rest;
  }

  /// Asks to be told when the network takes more.
  void awaitWritable() {
    await(SelectionKey.OP_WRITE);
  }

  /// Says that nothing more will be sent.
  void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        channel.close();
      } catch (IOException e) {
        // It is as closed as it can be.
      }
      // Only the selector lets go of the descriptor.
      key.selector().wakeup();
      whenClosed.run();
    }
  }

  /// Closes it so that the other side sees it broken.
  void abort() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // It is closed.
    }
    close();
  }

  /// Called by the listener's thread, and with it whatever this calls.
  ///
  /// @param buffer for everybody's use
  void onReady(ByteBuffer buffer) {
    try {
      int ready = key.readyOps();
      if ((ready & SelectionKey.OP_WRITE) != 0) {
        key.interestOpsAnd(~SelectionKey.OP_WRITE);
        Owner told = owner;
        if (told != null) {
          told.onWritable();
        }
      }
      if ((ready & SelectionKey.OP_READ) != 0) {
        onReadable(buffer);
      }
    } catch (CancelledKeyException e) {
      // Closed in the meantime.
    }
  }

  private void onReadable(ByteBuffer buffer) {
    if (wanted.compareAndSet(true, false)) {
      // Who asked cannot hand the connection on now; before, another may have been the owner.
      Objects.requireNonNull(owner).onRead(read(buffer));
      return;
    }
    key.interestOpsAnd(~SelectionKey.OP_READ);
    paused = true;
    // Asked for before that could be seen.
    if (wanted.get()) {
      paused = false;
      key.interestOpsOr(SelectionKey.OP_READ);
    }
  }

  private Read read(ByteBuffer buffer) {
    try {
      buffer.clear();
      int count = channel.read(buffer);
      if (count < 0) {
        return Read.End.INSTANCE;
      }
      byte[] bytes = new byte[count];
      buffer.flip().get(bytes);
      return new Read.Bytes(ByteString.fromArrayUnsafe(bytes));
    } catch (IOException e) {
      return new Read.Failed(e);
    }
  }

  private void await(int operation) {
    try {
      key.interestOpsOr(operation);
      key.selector().wakeup();
    } catch (CancelledKeyException e) {
      // Closed: there is nothing to wait for.
    }
  }
}
