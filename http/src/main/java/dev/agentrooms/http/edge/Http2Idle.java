package dev.agentrooms.http.edge;

import dev.agentrooms.http.edge.EdgeMetrics.Cut;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2FrameCodec;
import org.jspecify.annotations.Nullable;

/// Ends a connection of HTTP/2 on which no stream has been open for the idle timeout.
final class Http2Idle extends ChannelInboundHandlerAdapter implements EventLoops.Timed {

  private final HttpServer server;
  private final Http2FrameCodec codec;
  private @Nullable ChannelHandlerContext context;
  private long usedAt = System.nanoTime();

  Http2Idle(HttpServer server, Http2FrameCodec codec) {
    this.server = server;
    this.codec = codec;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
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

  @Override
  public void onTick(long now) {
    if (codec.connection().numActiveStreams() > 0) {
      usedAt = now;
    } else if (context != null && now - usedAt > server.limits().idleTimeout().toNanos()) {
      server.metrics().cut(Cut.IDLE);
      var _ = context.close();
    }
  }
}
