package dev.agentrooms.http.edge;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The handler of a listener that cannot accept: mostly because the process has no file descriptor
/// left. It tries again a few times a second, and says so once a minute; whoever connects meanwhile
/// waits in the system's queue.
final class AcceptBackOff extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(AcceptBackOff.class);
  private static final long BACK_OFF_MS = 200;
  private static final long LINE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final EdgeMetrics metrics;
  private int untold;
  private long lineBy = System.nanoTime();

  AcceptBackOff(EdgeMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    metrics.notAccepted();
    untold++;
    long now = System.nanoTime();
    if (now - lineBy >= 0) {
      LOG.warn(
          "no connection can be accepted at {}: {} ({} times since the last such line)",
          ctx.channel().localAddress(),
          failure.getMessage(),
          untold);
      untold = 0;
      lineBy = now + LINE_NANOS;
    }
    ChannelConfig config = ctx.channel().config();
    if (config.isAutoRead()) {
      config.setAutoRead(false);
      var _ =
          ctx.channel()
              .eventLoop()
              .schedule(() -> config.setAutoRead(true), BACK_OFF_MS, TimeUnit.MILLISECONDS);
    }
  }
}
