package dev.agentrooms.webui.streams;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.store.StreamAppend;
import dev.agentrooms.store.StreamWish;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/// The protocol's headers, read and written.
public final class StreamHeaders {

  static final String NEXT_OFFSET = "Stream-Next-Offset";
  static final String UP_TO_DATE = "Stream-Up-To-Date";
  static final String CURSOR = "Stream-Cursor";
  static final String CLOSED = "Stream-Closed";
  static final String TTL = "Stream-TTL";
  static final String EXPIRES_AT = "Stream-Expires-At";
  static final String SEQ = "Stream-Seq";
  static final String SSE_ENCODING = "stream-sse-data-encoding";
  static final String FORKED_FROM = "Stream-Forked-From";
  static final String FORK_OFFSET = "Stream-Fork-Offset";
  static final String FORK_SUB_OFFSET = "Stream-Fork-Sub-Offset";
  static final String PRODUCER_ID = "Producer-Id";
  static final String PRODUCER_EPOCH = "Producer-Epoch";
  static final String PRODUCER_SEQ = "Producer-Seq";
  static final String PRODUCER_EXPECTED = "Producer-Expected-Seq";
  static final String PRODUCER_RECEIVED = "Producer-Received-Seq";

  /// Those that a page of another origin may send, besides the ones that any may.
  public static final String SENT =
      String.join(
          ", ",
          "Content-Type",
          "Authorization",
          "If-None-Match",
          "X-Internal-Token",
          CLOSED,
          TTL,
          EXPIRES_AT,
          SEQ,
          FORKED_FROM,
          FORK_OFFSET,
          FORK_SUB_OFFSET,
          PRODUCER_ID,
          PRODUCER_EPOCH,
          PRODUCER_SEQ);

  /// Those that such a page may read.
  public static final String SHOWN =
      String.join(
          ", ",
          NEXT_OFFSET,
          UP_TO_DATE,
          CURSOR,
          CLOSED,
          TTL,
          EXPIRES_AT,
          SSE_ENCODING,
          PRODUCER_EPOCH,
          PRODUCER_SEQ,
          PRODUCER_EXPECTED,
          PRODUCER_RECEIVED,
          "ETag",
          "Location");

  private static final int MAX_TEXT = 512;
  // As far as JavaScript counts exactly.
  private static final long MAX_INTEGER = (1L << 53) - 1;
  private static final Pattern INTEGER = Pattern.compile("0|[1-9][0-9]{0,15}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

  private StreamHeaders() {}

  public static @Nullable String text(HttpRequest request, String name) {
    return request.getHeader(name).map(header -> header.value()).orElse(null);
  }

  static boolean closes(HttpRequest request) {
    return "true".equalsIgnoreCase(text(request, CLOSED));
  }

  /// As the client has written it; null when it has not, or wrote none.
  static @Nullable String contentType(HttpRequest request) {
    ContentType type = request.entity().getContentType();
    return type.equals(ContentTypes.NO_CONTENT_TYPE) ? null : type.toString();
  }

  /// @param root what the paths of streams begin with, for the source of a fork
  /// @throws InvalidField naming the header that cannot be right
  public static StreamWish wish(HttpRequest request, String path, byte[] body, String root) {
    String type = contentType(request);
    String ttl = text(request, TTL);
    String expiresAt = text(request, EXPIRES_AT);
    if (ttl != null && expiresAt != null) {
      throw new InvalidField(TTL, "a stream has either Stream-TTL or Stream-Expires-At");
    }
    StreamWish.Fork fork = fork(request, root);
    String typeOfBody = type == null && fork == null ? StreamWish.DEFAULT_TYPE : type;
    if (typeOfBody == null && body.length > 0) {
      throw new InvalidField("Content-Type", "Content-Type is required for a body");
    }
    return new StreamWish(
        path,
        type,
        ttl == null ? -1 : integer(TTL, ttl, MAX_INTEGER / 1_000_000),
        expiresAt == null ? -1 : time(expiresAt),
        closes(request),
        typeOfBody == null ? List.of() : Messages.of(typeOfBody, body),
        fork);
  }

  private static StreamWish.@Nullable Fork fork(HttpRequest request, String root) {
    String from = text(request, FORKED_FROM);
    String offset = text(request, FORK_OFFSET);
    String sub = text(request, FORK_SUB_OFFSET);
    if (from == null) {
      if (offset != null || sub != null) {
        throw new InvalidField(
            offset == null ? FORK_SUB_OFFSET : FORK_OFFSET, "a fork needs Stream-Forked-From");
      }
      return null;
    }
    long beyond = sub == null ? 0 : integer(FORK_SUB_OFFSET, sub, Integer.MAX_VALUE);
    if (offset == null) {
      if (beyond > 0) {
        throw new InvalidField(FORK_SUB_OFFSET, FORK_SUB_OFFSET + " needs " + FORK_OFFSET);
      }
      return new StreamWish.Fork(StreamPath.ofUrl(FORKED_FROM, from, root), null, -1, 0);
    }
    Offset at = offset.equals("-1") ? new Offset(null, 0) : Offset.parse(FORK_OFFSET, offset);
    return new StreamWish.Fork(
        StreamPath.ofUrl(FORKED_FROM, from, root), at.epoch(), at.seq(), beyond);
  }

  /// @throws InvalidField naming the header that cannot be right
  public static StreamAppend append(HttpRequest request, byte[] body) {
    String type = contentType(request);
    boolean closes = closes(request);
    if (body.length == 0 && !closes) {
      throw new InvalidField("", "There is nothing to append.");
    }
    if (body.length > 0 && type == null) {
      throw new InvalidField("Content-Type", "Content-Type is required");
    }
    List<byte[]> messages = type == null ? List.of() : Messages.of(type, body);
    if (body.length > 0 && messages.isEmpty()) {
      throw new InvalidField("", "An empty array has nothing to append.");
    }
    String seq = text(request, SEQ);
    if (seq != null && (seq.isEmpty() || seq.length() > MAX_TEXT)) {
      throw new InvalidField(SEQ, SEQ + " must have 1 to " + MAX_TEXT + " characters");
    }
    return new StreamAppend(type, messages, closes, producer(request), seq);
  }

  private static StreamAppend.@Nullable Producer producer(HttpRequest request) {
    String id = text(request, PRODUCER_ID);
    String epoch = text(request, PRODUCER_EPOCH);
    String seq = text(request, PRODUCER_SEQ);
    if (id == null && epoch == null && seq == null) {
      return null;
    }
    if (id == null || epoch == null || seq == null) {
      throw new InvalidField(
          PRODUCER_ID, "Producer-Id, Producer-Epoch and Producer-Seq are given together");
    }
    if (id.isEmpty() || id.length() > MAX_TEXT) {
      throw new InvalidField(
          PRODUCER_ID, PRODUCER_ID + " must have 1 to " + MAX_TEXT + " characters");
    }
    return new StreamAppend.Producer(
        id, integer(PRODUCER_EPOCH, epoch, MAX_INTEGER), integer(PRODUCER_SEQ, seq, MAX_INTEGER));
  }

  private static long integer(String name, String text, long max) {
    if (INTEGER.matcher(text).matches()) {
      long value = Long.parseLong(text);
      if (value <= max) {
        return value;
      }
    }
    throw new InvalidField(name, name + " must be an integer from 0 to " + max);
  }

  private static long time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new InvalidField(EXPIRES_AT, EXPIRES_AT + " must be a time as RFC 3339 has it");
    }
  }

  static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }
}
