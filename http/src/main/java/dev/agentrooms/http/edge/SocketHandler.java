package dev.agentrooms.http.edge;

import dev.agentrooms.http.Frame;
import dev.agentrooms.http.Upgrade;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The last handler of a WebSocket's channel: makes messages of what Netty decoded, judges what
/// Netty leaves to its user, and hands them to the channel's stage.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the channel, which is told
final class SocketHandler extends ChannelInboundHandlerAdapter implements EventLoops.Timed {

  private static final int PROTOCOL_ERROR = 1002;
  private static final int NOT_UTF8 = 1007;
  private static final int TOO_BIG = 1009;
  private static final int MAX_CLOSE_CODE = 4999;
  private static final int COMPRESSED = 0b100;
  private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Channel channel;
  private final EventLoops.NettyLoop loop;
  private final Upgrade upgrade;
  private final SocketStage stage;
  private @Nullable ByteArrayOutputStream fragments;
  private boolean isText;
  private boolean isCompressed;
  private boolean isBroken;
  private long closeBy;

  private SocketHandler(Channel channel, EventLoops.NettyLoop loop, Upgrade upgrade) {
    this.channel = channel;
    this.loop = loop;
    this.upgrade = upgrade;
    this.stage = new SocketStage(channel, this);
  }

  /// Puts a WebSocket at the end of the channel's pipeline, and runs it.
  static void begin(
      Channel channel, EventLoops.NettyLoop loop, Upgrade upgrade, Materializer materializer) {
    SocketHandler handler = new SocketHandler(channel, loop, upgrade);
    WebSocketDecoderConfig config =
        WebSocketDecoderConfig.newBuilder()
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .allowExtensions(upgrade.deflates())
            .maxFramePayloadLength(upgrade.maxMessageBytes())
            .closeOnProtocolViolation(false)
            .withUTF8Validator(false)
            .build();
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(new WebSocket13FrameDecoder(config), handler);
    Flow.fromGraph(handler.stage)
        .join(upgrade.socket())
        .withAttributes(ActorAttributes.dispatcher(loop.dispatcher()))
        .run(materializer);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    WebSocketFrame frame = (WebSocketFrame) message;
    try {
      if (!isBroken) {
        onFrame(frame);
      }
    } finally {
      frame.release();
    }
  }

  private void onFrame(WebSocketFrame frame) {
    boolean mayBeCompressed =
        frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame;
    if (frame.rsv() != 0 && !(mayBeCompressed && frame.rsv() == COMPRESSED)) {
      violate(PROTOCOL_ERROR, "a reserved bit has no meaning there");
      return;
    }
    switch (frame) {
      case PingWebSocketFrame ping -> stage.onFrame(new Frame.Ping(copied(ping.content())));
      case PongWebSocketFrame pong -> stage.onFrame(Frame.Pong.INSTANCE);
      case CloseWebSocketFrame close -> onClose(close);
      case ContinuationWebSocketFrame more -> onData(more);
      default -> {
        isText = frame instanceof TextWebSocketFrame;
        isCompressed = frame.rsv() == COMPRESSED;
        onData(frame);
      }
    }
  }

  private void onClose(CloseWebSocketFrame close) {
    int code = close.statusCode() < 0 ? Frame.Close.NO_CODE : close.statusCode();
    if (code > MAX_CLOSE_CODE) {
      violate(PROTOCOL_ERROR, "a close code is below 5000");
    } else if (code != Frame.Close.NO_CODE && !isUtf8(close.content().skipBytes(2))) {
      // Netty overlooks a character that is cut off.
      violate(NOT_UTF8, "the reason of a close must be UTF-8");
    } else {
      stage.onFrame(new Frame.Close(code, close.content().toString(StandardCharsets.UTF_8)));
    }
  }

  private void onData(WebSocketFrame frame) {
    ByteBuf content = frame.content();
    int before = fragments == null ? 0 : fragments.size();
    if (before + content.readableBytes() > upgrade.maxMessageBytes()) {
      violate(TOO_BIG, tooBig());
      return;
    }
    if (!frame.isFinalFragment() || fragments != null) {
      if (fragments == null) {
        fragments = new ByteArrayOutputStream();
      }
      fragments.writeBytes(ByteBufUtil.getBytes(content));
    }
    if (frame.isFinalFragment()) {
      byte[] message = fragments == null ? ByteBufUtil.getBytes(content) : fragments.toByteArray();
      fragments = null;
      onMessage(message);
    }
  }

  private void onMessage(byte[] message) {
    byte[] plain = message;
    if (isCompressed) {
      Deflate.Inflated inflated = Deflate.inflate(message, upgrade.maxMessageBytes());
      switch (inflated) {
        case Deflate.Inflated.Whole(byte[] bytes) -> plain = bytes;
        case Deflate.Inflated.TooLong tooLong -> {
          violate(TOO_BIG, tooBig());
          return;
        }
        case Deflate.Inflated.Malformed malformed -> {
          violate(NOT_UTF8, "a compressed message cannot be decompressed");
          return;
        }
      }
    }
    if (!isText) {
      stage.onFrame(new Frame.Binary(plain.length));
    } else if (isUtf8(Unpooled.wrappedBuffer(plain))) {
      stage.onFrame(new Frame.Text(ByteString.fromArrayUnsafe(plain)));
    } else {
      violate(NOT_UTF8, "a text message must be UTF-8");
    }
  }

  private static boolean isUtf8(ByteBuf text) {
    return ByteBufUtil.isText(text, StandardCharsets.UTF_8);
  }

  private String tooBig() {
    return "a message may have at most " + upgrade.maxMessageBytes() + " bytes";
  }

  private void violate(int code, String why) {
    isBroken = true;
    fragments = null;
    stage.onFrame(new Frame.Violation(code, why));
  }

  /// A fragment is not yet what the stage asked for.
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (stage.isWanting()) {
      ctx.read();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable()) {
      stage.onWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event == SslCloseCompletionEvent.SUCCESS) {
      stage.onEnd();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    loop.forget(this);
    stage.onGone();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    if (failure instanceof CorruptedWebSocketFrameException rule) {
      if (!isBroken) {
        String why = rule.closeStatus().code() == TOO_BIG ? tooBig() : rule.getMessage();
        violate(rule.closeStatus().code(), why == null ? "" : why);
      }
    } else {
      abort();
    }
  }

  /// All has been said. Unless the peer takes it soon, it is cut.
  void closeSoon() {
    closeBy = System.nanoTime() + FAREWELL_NANOS;
    loop.remember(this);
  }

  /// Closes when all that was written has gone out.
  void close() {
    if (channel.isActive()) {
      closeSoon();
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /// Closes so that the peer sees the connection broken.
  void abort() {
    if (channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }

  @Override
  public void onTick(long now) {
    if (now - closeBy >= 0) {
      loop.forget(this);
      abort();
    }
  }

  private static ByteString copied(ByteBuf buffer) {
    return ByteString.fromArrayUnsafe(ByteBufUtil.getBytes(buffer));
  }
}
