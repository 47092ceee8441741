package dev.agentrooms.http.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.agentrooms.http.edge.Grammar.Fault;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/// Where a decoder is within a request, and whether the lines that it reads may stand there.
final class Framing {

  private static final int MAX_FIELDS = 100;
  // No body may be that long, whatever it is for.
  private static final long MAX_CHUNK_BYTES = 16L * 1024 * 1024;
  private static final short CRLF = '\r' << 8 | '\n';
  private static final String LENGTH = "content-length:";

  private enum At {
    REQUEST_LINE,
    FIELDS,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    TRAILERS
  }

  private At at = At.REQUEST_LINE;
  private int fields;
  private boolean hasLength;
  private long leftOfChunk;

  /// Whether the next byte is the first of a request.
  boolean isBetween() {
    return at == At.REQUEST_LINE;
  }

  boolean isInFields() {
    return at == At.FIELDS;
  }

  boolean isInBody() {
    return at != At.REQUEST_LINE && at != At.FIELDS;
  }

  /// Whether the first byte of a request is here. Empty lines before it are skipped (RFC 9112,
  /// 2.2); half of such a line's end is waited for.
  static boolean hasBegun(ByteBuf in) {
    while (in.readableBytes() > 1 && in.getShort(in.readerIndex()) == CRLF) {
      in.skipBytes(2);
    }
    return in.readableBytes() > 1 || (in.isReadable() && in.getByte(in.readerIndex()) != '\r');
  }

  /// How long the line before a chunk is with its end; 0 when none is next, or it is not here yet.
  int sizeLine(ByteBuf in) {
    return at == At.CHUNK_SIZE ? 1 + in.bytesBefore((byte) '\n') : 0;
  }

  /// @param line with its end
  /// @return false when it is no line of a chunk's size
  boolean takeSize(String line) {
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

  /// Takes what was read, if it is lines, each with its CRLF.
  @Nullable Fault takeLines(ByteBuf in, int from, int to) {
    int start = from;
    Fault fault = null;
    while (fault == null
        && start < to
        && (at == At.REQUEST_LINE || at == At.FIELDS || at == At.TRAILERS)) {
      int end = in.indexOf(start, to, (byte) '\n');
      if (end < 0) {
        return null;
      }
      String line = in.toString(start, Math.max(0, end - 1 - start), ISO_8859_1);
      fault = takeLine(line);
      if (at != At.REQUEST_LINE && line.isEmpty()) {
        return fault;
      }
      start = end + 1;
    }
    return fault;
  }

  private @Nullable Fault takeLine(String line) {
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

  /// Takes what the decoder made of it.
  ///
  /// @return how many bytes of a chunk these are
  int takeDecoded(Object decoded) {
    if (decoded instanceof HttpRequest request) {
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

  /// After a chunk's bytes comes a line end, and then the next size.
  ///
  /// @param bytes that were read and are not the chunk's
  void takeEnd(int bytes) {
    if (at == At.CHUNK && leftOfChunk == 0 && bytes == 2) {
      at = At.CHUNK_SIZE;
    }
  }
}
