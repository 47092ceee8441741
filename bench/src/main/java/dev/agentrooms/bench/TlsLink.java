package dev.agentrooms.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/// A TLS connection that trusts any certificate.
final class TlsLink implements Link {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final ByteBuffer received;
  private final ByteBuffer sent;

  private TlsLink(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    int size = engine.getSession().getPacketBufferSize();
    this.received = ByteBuffer.allocateDirect(size);
    this.sent = ByteBuffer.allocateDirect(size);
  }

  static TlsLink over(SocketChannel channel, InetSocketAddress address) throws IOException {
    SSLEngine engine =
        Certificate.trusting().createSSLEngine(address.getHostString(), address.getPort());
    engine.setUseClientMode(true);
    TlsLink link = new TlsLink(channel, engine);
    link.shakeHands();
    return link;
  }

  /// The channel is blocking still.
  private void shakeHands() throws IOException {
    engine.beginHandshake();
    ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    HandshakeStatus status = engine.getHandshakeStatus();
    while (status != HandshakeStatus.FINISHED && status != HandshakeStatus.NOT_HANDSHAKING) {
      switch (status) {
        case NEED_WRAP -> status = send(NOTHING).getHandshakeStatus();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          SSLEngineResult result = unwrap(plain);
          if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW
              && channel.read(received) < 0) {
            throw new IOException("the server ended the handshake");
          }
          status = result.getHandshakeStatus();
        }
        default -> {
          engine.getDelegatedTask().run();
          status = engine.getHandshakeStatus();
        }
      }
    }
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int before = into.position();
    int count;
    do {
      count = channel.read(received);
      SSLEngineResult.Status status;
      do {
        status = unwrap(into).getStatus();
      } while (status == SSLEngineResult.Status.OK && received.position() > 0);
      if (status == SSLEngineResult.Status.CLOSED) {
        count = -1;
      }
    } while (count > 0);
    return into.position() > before ? into.position() - before : count;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      send(from);
    }
  }

  private SSLEngineResult unwrap(ByteBuffer into) throws IOException {
    received.flip();
    SSLEngineResult result = engine.unwrap(received, into);
    received.compact();
    if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
      throw new IOException("more came at once than there is room for");
    }
    return result;
  }

  private SSLEngineResult send(ByteBuffer from) throws IOException {
    sent.clear();
    SSLEngineResult result = engine.wrap(from, sent);
    sent.flip();
    while (sent.hasRemaining()) {
      channel.write(sent);
    }
    return result;
  }
}
