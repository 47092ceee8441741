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
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
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
  private static final int MAX_FIELDS = 100;
  private static final int MAX_PART_BYTES = 64 * 1024;
  // No body may be that long, whatever it is for.
  private static final long MAX_CHUNK_BYTES = 16L * 1024 * 1024;
  private static final short CRLF = '\r' << 8 | '\n';
  // What may wait in the buffer while it is paused.
  private static final int MAX_WAITING_BYTES = 64 * 1024;

  private static final String LENGTH = "content-length:";

  private enum At {
    REQUEST_LINE,
    FIELDS,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    TRAILERS,
    BROKEN
  }

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

  private At at = At.REQUEST_LINE;
  private int fields;
  private boolean hasLength;
  private long leftOfChunk;
  private boolean isPaused;
  private boolean isDecoding;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Object inputEnded;

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
    return at == At.FIELDS || (at == At.REQUEST_LINE && actualReadableBytes() > 0);
  }

  /// Decodes nothing more until [#resume].
  void pause() {
    isPaused = true;
  }

  /// Whether the client has said that it sends no more.
  boolean isInputEnded() {
    return inputEnded != null;
  }

  /// Throws away whatever comes.
  void drop() {
    at = At.BROKEN;
    isPaused = false;
  }

  void resume() throws Exception {
    isPaused = false;
    ChannelHandlerContext ctx = context;
    if (ctx == null || isDecoding) {
      return;
    }
    ctx.channel().config().setAutoRead(true);
    channelRead(ctx, Unpooled.EMPTY_BUFFER);
    ctx.fireChannelReadComplete();
    endInput(ctx);
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
    if (isPaused && actualReadableBytes() > MAX_WAITING_BYTES) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  /// The client sends no more. The decoder would drop what waits in its buffer.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    // Over TLS, that may be said without the connection's being half closed; and is said of what
    // we have closed as well.
    boolean hasEnded =
        event instanceof ChannelInputShutdownEvent
            || (event == SslCloseCompletionEvent.SUCCESS && at != At.BROKEN);
    if (hasEnded) {
      inputEnded = ChannelInputShutdownEvent.INSTANCE;
      endInput(ctx);
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  private void endInput(ChannelHandlerContext ctx) throws Exception {
    Object event = inputEnded;
    if (event != null && !isPaused) {
      inputEnded = null;
      isDecoding = true;
      try {
        super.userEventTriggered(ctx, event);
      } finally {
        isDecoding = false;
      }
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (at == At.BROKEN) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (isPaused) {
      return;
    }
    if (at == At.REQUEST_LINE && !hasBegun(in)) {
      return;
    }
    if (at == At.REQUEST_LINE && !Grammar.mayBegin(in.getByte(in.readerIndex()))) {
      // No line of it need be waited for.
      in.skipBytes(in.readableBytes());
      out.add(brokenRequest(new Fault(400, "That is no HTTP.")));
      return;
    }
    int from = in.readerIndex();
    int known = out.size();
    int sizeLine = at == At.CHUNK_SIZE ? sizeLine(in) : 0;
    if (sizeLine > 0 && !hasGoodChunkSize(in.toString(from, sizeLine, ISO_8859_1))) {
      in.skipBytes(in.readableBytes());
      out.add(brokenChunk());
      return;
    }
    super.decode(ctx, in, out);
    boolean isRefused = out.size() > known && hasFailed(out.getLast());
    Fault fault = isRefused ? null : lines(in, from + sizeLine, in.readerIndex());
    if (fault != null) {
      boolean isInTrailers = at == At.TRAILERS;
      while (out.size() > known) {
        ReferenceCountUtil.release(out.removeLast());
      }
      in.skipBytes(in.readableBytes());
      out.add(isInTrailers ? brokenChunk() : brokenRequest(fault));
      return;
    }
    int content = 0;
    for (int i = known; i < out.size(); i++) {
      content += onDecoded(out.get(i));
    }
    // After a chunk's bytes comes a line end, and then the next size.
    if (at == At.CHUNK && leftOfChunk == 0 && in.readerIndex() - from - sizeLine - content == 2) {
      at = At.CHUNK_SIZE;
    }
  }

  /// Whether the first byte of a request is here. Empty lines before it are skipped (RFC 9112,
  /// 2.2); half of such a line's end is waited for.
  private static boolean hasBegun(ByteBuf in) {
    while (in.readableBytes() > 1 && in.getShort(in.readerIndex()) == CRLF) {
      in.skipBytes(2);
    }
    return in.readableBytes() > 1 || (in.isReadable() && in.getByte(in.readerIndex()) != '\r');
  }

  /// The lines that were read, each with its CRLF, if what was read is lines.
  private @Nullable Fault lines(ByteBuf in, int from, int to) {
    int start = from;
    Fault fault = null;
    while (fault == null
        && start < to
        && (at == At.REQUEST_LINE || at == At.FIELDS || at == At.TRAILERS)) {
      int end = in.indexOf(start, to, (byte) '\n');
      if (end < 0) {
        return null;
      }
      int length = Math.max(0, end - 1 - start);
      String line = in.toString(start, length, ISO_8859_1);
      fault = line(line);
      if (at != At.REQUEST_LINE && line.isEmpty()) {
        return fault;
      }
      start = end + 1;
    }
    return fault;
  }

  private @Nullable Fault line(String line) {
    if (line.isEmpty()) {
      return null;
    }
    if (at == At.REQUEST_LINE) {
      at = At.FIELDS;
      fields = 0;
      hasLength = false;
      return Grammar.requestLine(line);
    }
    if (++fields > MAX_FIELDS) {
      return new Fault(431, "There are more than " + MAX_FIELDS + " headers.");
    }
    // Netty takes the first of several where the version is HTTP/1.0.
    boolean isLength = at == At.FIELDS && line.regionMatches(true, 0, LENGTH, 0, LENGTH.length());
    if (isLength && hasLength) {
      return new Fault(400, "There is more than one Content-Length.");
    }
    hasLength |= isLength;
    return Grammar.fieldLine(line);
  }

  /// @return how many bytes of a body these are
  private int onDecoded(Object decoded) {
    if (hasFailed(decoded)) {
      at = At.BROKEN;
    } else if (decoded instanceof HttpRequest request) {
      at = HttpUtil.isTransferEncodingChunked(request) ? At.CHUNK_SIZE : At.BODY;
    } else if (decoded instanceof LastHttpContent) {
      at = At.REQUEST_LINE;
    } else if (at == At.CHUNK && decoded instanceof HttpContent chunk) {
      int bytes = chunk.content().readableBytes();
      leftOfChunk -= bytes;
      return bytes;
    }
    return 0;
  }

  private static boolean hasFailed(Object decoded) {
    return decoded instanceof HttpObject object && object.decoderResult().isFailure();
  }

  /// How long the line before a chunk is with its end, 0 when it is not here yet.
  private static int sizeLine(ByteBuf in) {
    return 1 + in.bytesBefore((byte) '\n');
  }

  private boolean hasGoodChunkSize(String line) {
    long size =
        line.endsWith("\r\n") ? Grammar.chunkSize(line.substring(0, line.length() - 2)) : -1;
    if (size < 0 || size > MAX_CHUNK_BYTES) {
      return false;
    }
    leftOfChunk = size;
    fields = 0;
    at = size == 0 ? At.TRAILERS : At.CHUNK;
    return true;
  }

  private HttpRequest brokenRequest(Fault fault) {
    at = At.BROKEN;
    HttpRequest request =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/bad-request");
    request.setDecoderResult(DecoderResult.failure(new Refused(fault)));
    return request;
  }

  private HttpContent brokenChunk() {
    at = At.BROKEN;
    HttpContent chunk = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
    chunk.setDecoderResult(
        DecoderResult.failure(
            new Refused(new Fault(400, "The body's chunks are not well-formed."))));
    return chunk;
  }
}
