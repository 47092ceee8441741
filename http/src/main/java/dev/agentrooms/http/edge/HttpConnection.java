package dev.agentrooms.http.edge;

import dev.agentrooms.http.Upgrade;
import dev.agentrooms.http.edge.EdgeMetrics.Cut;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP of one connection, or of one stream of HTTP/2: what comes in goes to [Intake], what is
/// asked is answered by [Answering], and how it ends is decided here.
final class HttpConnection extends ChannelInboundHandlerAdapter implements EventLoops.Timed {

  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
  private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(5);
  // Most answers are there before the first.
  private static final long FIRST_PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(15);

  private sealed interface Phase {

    record Open() implements Phase {}

    /// The client sends no more. It may still be there for its answer, or have closed.
    ///
    /// @param probeAt when the network is asked which
    record Unsure(long probeAt) implements Phase {}

    /// All is said, and the client reads to the end.
    ///
    /// @param by when that is waited for no longer
    record Closing(long by) implements Phase {}
  }

  private final HttpServer server;
  private final Channel channel;
  private final EventLoops.NettyLoop loop;
  private final Wire wire;
  private final Answering answering;
  private final Intake intake;
  private final WriteWait writeWait = new WriteWait();
  private Phase phase = new Phase.Open();

  HttpConnection(
      HttpServer server, Channel channel, @Nullable InetSocketAddress remote, Wire wire) {
    this.server = server;
    this.channel = channel;
    this.loop = server.loops().of(channel);
    this.wire = wire;
    this.answering =
        new Answering(server, channel, remote, wire instanceof Wire.Http1, new Answered());
    this.intake = new Intake(server, channel, wire, answering, this::closeGently);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    loop.remember(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    loop.forget(this);
  }

  private boolean isClosing() {
    return phase instanceof Phase.Closing;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (!isClosing()) {
        intake.onMessage(message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!isClosing()) {
      intake.onPause();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable()) {
      answering.writer().onWritable();
      if (!isClosing()) {
        intake.onWritable();
      }
    }
  }

  /// What becomes of the connection as its requests are answered.
  private final class Answered implements Answering.Connection {

    @Override
    public void onAnswered(Exchange exchange) {
      if (wire instanceof Wire.Http2 stream) {
        intake.stop();
        if (stream.isOpenForMore()) {
          answering.writer().resetWhenWritten();
        }
      } else if (exchange.keepsAlive()) {
        intake.onAnswered(exchange);
      } else {
        closeGently();
      }
    }

    @Override
    public void onUpgrade(HttpResponse response, Upgrade upgrade) {
      if (wire instanceof Wire.Http1(var socket, var decoder) && socket.isActive()) {
        socket.writeAndFlush(Responses.switching(response), socket.voidPromise());
        SocketHandler.begin(socket, loop, upgrade, server.materializer());
        socket.pipeline().remove(HttpConnection.this);
        socket.pipeline().remove(HttpResponseEncoder.class);
        // What came behind the handshake goes to the WebSocket.
        socket.pipeline().remove(decoder);
        if (decoder.hasInputEnded()) {
          socket.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
      }
    }

    @Override
    public void onBroken() {
      cut(null);
    }
  }

  private void closeGently() {
    if (!isClosing()) {
      phase = new Phase.Closing(System.nanoTime() + FAREWELL_NANOS);
      answering.letGo();
      wire.drop();
      wire.close();
    }
  }

  /// @param why null when the connection is not to blame
  private void cut(@Nullable Cut why) {
    if (why != null) {
      server.metrics().cut(why);
    }
    wire.cut();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!(event instanceof ChannelInputShutdownEvent)) {
      ctx.fireUserEventTriggered(event);
    } else if (isClosing()) {
      channel.close();
    } else {
      intake.onInputEnd();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    loop.forget(this);
    answering.letGo();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    Failures.log(LOG, failure);
    channel.close();
  }

  @Override
  public void onTick(long now) {
    boolean isEventStream = answering.writer().isEventStream();
    if (phase instanceof Phase.Closing(long by)) {
      if (now - by >= 0) {
        cut(null);
      }
    } else if (isEventStream && wire.hasInputEnded()) {
      // Whoever only listened has left.
      closeGently();
    } else if (isEventStream) {
      writeWait.forget();
      intake.onTick(now);
    } else if (writeWait.isLate(now, channel, server.limits().writeTimeout())) {
      cut(Cut.WRITE);
    } else {
      answering.onTick(now);
      Cut late = intake.onTick(now);
      if (late != null) {
        cut(late);
      } else if (wire instanceof Wire.Http1 http1
          && http1.hasInputEnded()
          && !answering.isEmpty()) {
        lookWhetherLeft(http1, now);
      }
    }
  }

  /// One end of a connection may be closed before the other (RFC 9112, 9.6). Only by writing to it
  /// can a client that waits be told from one that is gone.
  private void lookWhetherLeft(Wire.Http1 http1, long now) {
    switch (phase) {
      case Phase.Open _ -> phase = new Phase.Unsure(now + FIRST_PROBE_NANOS);
      case Phase.Unsure _ when http1.isReset() -> channel.close();
      case Phase.Unsure(long probeAt) when now - probeAt >= 0 && answering.mayHaveInterim() -> {
        phase = new Phase.Unsure(now + PROBE_NANOS);
        http1.probe();
      }
      case Phase.Unsure _, Phase.Closing _ -> {}
    }
  }
}
