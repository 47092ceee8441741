package dev.agentrooms.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A connection's byte stream, in clear or over TLS. Reading does not block.
sealed interface Link permits Link.Clear, TlsLink {

  /// To be told when there is something to read.
  SocketChannel channel();

  /// Reads some of what is there.
  ///
  /// @return -1 at the end
  int read(ByteBuffer into) throws IOException;

  /// Writes all of it.
  void write(ByteBuffer from) throws IOException;

  default void close() {
    try {
      channel().close();
    } catch (IOException e) {
      // It is as closed as it can be.
    }
  }

  /// Connects, and makes sure that it is secure, if it is to be.
  static Link open(InetSocketAddress address, boolean isSecure) throws IOException {
    SocketChannel channel = socket();
    channel.connect(address);
    Link link = isSecure ? TlsLink.over(channel, address) : new Clear(channel);
    channel.configureBlocking(false);
    return link;
  }

  /// Begins to connect; [SocketChannel#finishConnect] says when it has.
  static Link begin(InetSocketAddress address) throws IOException {
    SocketChannel channel = socket();
    channel.configureBlocking(false);
    channel.connect(address);
    return new Clear(channel);
  }

  private static SocketChannel socket() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    // Closing resets the connection, so that thousands of them leave no port waiting.
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    return channel;
  }

  record Clear(SocketChannel channel) implements Link {
    @Override
    public int read(ByteBuffer into) throws IOException {
      return channel.read(into);
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
      while (from.hasRemaining()) {
        channel.write(from);
      }
    }
  }
}
