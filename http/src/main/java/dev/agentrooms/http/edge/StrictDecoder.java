package dev.agentrooms.http.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.agentrooms.http.edge.Grammar.Fault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Netty's decoder of HTTP/1.1, held to [Grammar]: it looks at the lines that Netty has just read.
///
/// It can be paused between two requests. What has arrived then stays in its buffer, so that
/// requests are taken as they can be answered, and an upgraded connection loses no byte.
final class StrictDecoder extends HttpRequestDecoder {

  private static final int MAX_LINE_BYTES = 8192;
  private static final int MAX_HEAD_BYTES = 32 * 1024;
  private static final int MAX_PART_BYTES = 64 * 1024;
  // What may wait in the buffer while it is paused.
  private static final int MAX_WAITING_BYTES = 64 * 1024;

  private static final Fault NO_HTTP = new Fault(400, "That is no HTTP.");
  private static final Fault BAD_CHUNKS = new Fault(400, "The body's chunks are not well-formed.");

  /// Why a request was refused.
  static final class Refused extends RuntimeException {
    private final Fault fault;

    Refused(Fault fault) {
      super(fault.detail(), null, false, false);
      this.fault = fault;
    }

    Fault fault() {
      return fault;
    }
  }

  /// What becomes of the bytes that come.
  private enum Mode {
    DECODING,
    PAUSED,
    DROPPING
  }

  /// What the client has said of more bytes.
  private enum Input {
    OPEN,
    /// It sends no more. Requests may still be in the buffer.
    ENDED,
    /// All that it sent was decoded, and the other handlers know that no more comes.
    TOLD
  }

  private final Framing framing = new Framing();
  private Mode mode = Mode.DECODING;
  private Input input = Input.OPEN;
  private boolean isDecoding;
  private @Nullable ChannelHandlerContext context;

  StrictDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEAD_BYTES)
            .setMaxChunkSize(MAX_PART_BYTES)
            .setAllowDuplicateContentLengths(false)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
  }

  /// Whether some of a head is here, but not all of it.
  boolean isWithinHead() {
    return framing.isInFields() || (framing.isBetween() && actualReadableBytes() > 0);
  }

  /// Decodes nothing more until [#resume].
  void pause() {
    if (mode == Mode.DECODING) {
      mode = Mode.PAUSED;
    }
  }

  boolean isPaused() {
    return mode == Mode.PAUSED;
  }

  /// Whether the client has said that it sends no more.
  boolean hasInputEnded() {
    return input != Input.OPEN;
  }

  /// Throws away whatever comes.
  void drop() {
    mode = Mode.DROPPING;
  }

  void resume() throws Exception {
    if (mode == Mode.PAUSED) {
      mode = Mode.DECODING;
    }
    ChannelHandlerContext ctx = context;
    if (ctx == null || isDecoding) {
      return;
    }
    ctx.channel().config().setAutoRead(true);
    channelRead(ctx, Unpooled.EMPTY_BUFFER);
    ctx.fireChannelReadComplete();
    tellOfEnd(ctx);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) throws Exception {
    isDecoding = true;
    try {
      super.channelRead(ctx, bytes);
    } finally {
      isDecoding = false;
    }
    if (mode == Mode.PAUSED && actualReadableBytes() > MAX_WAITING_BYTES) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  /// The client sends no more. The decoder would drop what waits in its buffer.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    // Over TLS, that may be said without the connection's being half closed; and is said of what
    // we have closed as well, which is no news.
    boolean isSaidByTls = event == SslCloseCompletionEvent.SUCCESS;
    if (isSaidByTls && mode == Mode.DROPPING) {
      input = Input.TOLD;
    } else if (isSaidByTls || event instanceof ChannelInputShutdownEvent) {
      input = Input.ENDED;
      tellOfEnd(ctx);
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  private void tellOfEnd(ChannelHandlerContext ctx) throws Exception {
    if (input == Input.ENDED && mode != Mode.PAUSED) {
      input = Input.TOLD;
      isDecoding = true;
      try {
        super.userEventTriggered(ctx, ChannelInputShutdownEvent.INSTANCE);
      } finally {
        isDecoding = false;
      }
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    switch (mode) {
      case DECODING -> decodeStrictly(ctx, in, out);
      case PAUSED -> {}
      case DROPPING -> in.skipBytes(in.readableBytes());
    }
  }

  private void decodeStrictly(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    int known = out.size();
    if (framing.isBetween()) {
      if (!Framing.hasBegun(in)) {
        return;
      }
      if (!Grammar.mayBegin(in.getByte(in.readerIndex()))) {
        // No line of it need be waited for.
        refuse(in, out, known, NO_HTTP);
        return;
      }
    }
    int from = in.readerIndex();
    int sizeLine = framing.sizeLine(in);
    if (sizeLine > 0 && !framing.takeSize(in.toString(from, sizeLine, ISO_8859_1))) {
      refuse(in, out, known, BAD_CHUNKS);
      return;
    }
    super.decode(ctx, in, out);
    boolean isRefused = out.size() > known && hasFailed(out.getLast());
    Fault fault = isRefused ? null : framing.takeLines(in, from + sizeLine, in.readerIndex());
    if (fault != null) {
      refuse(in, out, known, framing.isInBody() ? BAD_CHUNKS : fault);
      return;
    }
    int content = 0;
    for (int i = known; i < out.size(); i++) {
      if (hasFailed(out.get(i))) {
        drop();
      } else {
        content += framing.takeDecoded(out.get(i));
      }
    }
    framing.takeEnd(in.readerIndex() - from - sizeLine - content);
  }

  private static boolean hasFailed(Object decoded) {
    return decoded instanceof HttpObject object && object.decoderResult().isFailure();
  }

  /// Nothing is made of what came, nor of what will.
  private void refuse(ByteBuf in, List<Object> out, int known, Fault fault) {
    drop();
    while (out.size() > known) {
      ReferenceCountUtil.release(out.removeLast());
    }
    in.skipBytes(in.readableBytes());
    HttpObject broken =
        framing.isInBody()
            ? new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER)
            : new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/bad-request");
    broken.setDecoderResult(DecoderResult.failure(new Refused(fault)));
    out.add(broken);
  }
}
