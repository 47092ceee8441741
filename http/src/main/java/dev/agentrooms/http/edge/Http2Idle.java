package dev.agentrooms.http.edge;

import dev.agentrooms.http.edge.EdgeMetrics.Cut;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends a connection of HTTP/2 on which no stream has been open for the idle timeout, that its
/// client has left, or whose server stops.
final class Http2Idle extends ChannelInboundHandlerAdapter implements EventLoops.Timed {

  private static final Logger LOG = LoggerFactory.getLogger(Http2Idle.class);

  private final HttpServer server;
  private final Http2FrameCodec codec;
  private @Nullable ChannelHandlerContext context;
  private long usedAt = System.nanoTime();
  private boolean isEnding;

  Http2Idle(HttpServer server, Http2FrameCodec codec) {
    this.server = server;
    this.codec = codec;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    // A stream may be closed at one end, a connection of many may not.
    ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    server.loops().of(ctx.channel()).remember(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    server.loops().of(ctx.channel()).forget(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    server.loops().of(ctx.channel()).forget(this);
    super.channelInactive(ctx);
  }

  /// The codec has answered what broke a rule. It is the client's mistake, and not for the log.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    if (failure instanceof Http2FrameStreamException) {
      ctx.fireExceptionCaught(failure);
    } else {
      LOG.debug("a connection broke: {}", failure.getMessage());
    }
  }

  @Override
  public void onTick(long now) {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      return;
    }
    boolean isUsed = codec.connection().numActiveStreams() > 0;
    if (isUsed) {
      usedAt = now;
    }
    if (server.isClosing()) {
      end(ctx, isUsed);
    } else if (server.isLeaving() && !codec.connection().goAwaySent()) {
      // The first of two (RFC 9113, 6.8): streams that are on their way are still taken.
      goAway(ctx, Integer.MAX_VALUE);
    } else if (now - usedAt > server.limits().idleTimeout().toNanos()) {
      server.metrics().cut(Cut.IDLE);
      var _ = ctx.close();
    }
  }

  /// Names the last stream that is answered, and closes when all are. The codec would close with
  /// the last of them, and may lose what it has not flushed yet.
  private void end(ChannelHandlerContext ctx, boolean isUsed) {
    if (!isEnding) {
      isEnding = true;
      goAway(ctx, 0);
    }
    if (!isUsed) {
      var _ = ctx.close();
    }
  }

  private static void goAway(ChannelHandlerContext ctx, int moreStreams) {
    var goAway = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
    goAway.setExtraStreamIds(moreStreams);
    var _ = ctx.writeAndFlush(goAway);
  }
}
