package dev.agentrooms.http.edge;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// One request of a connection and its answer. Everything here belongs to the connection's loop.
final class Exchange {

  private final HttpRequest request;
  private final boolean saysTiming;
  private final long begunAt = System.nanoTime();
  private ByteString gathered = ByteString.emptyByteString();
  private @Nullable ByteArrayOutputStream parts;
  private @Nullable RequestBody body;
  private @Nullable FullHttpResponse ready;
  private boolean keepsAlive;
  private boolean mustAskForBody;
  private boolean isReceived;
  private boolean isShortCut;
  private boolean isWaiting;
  private boolean isOver;

  /// @param saysTiming whether the answer says how long it took
  Exchange(HttpRequest request, boolean saysTiming) {
    this.request = request;
    this.saysTiming = saysTiming;
    this.keepsAlive = HttpUtil.isKeepAlive(request);
    this.mustAskForBody = HttpUtil.is100ContinueExpected(request);
  }

  HttpRequest request() {
    return request;
  }

  /// When its head was here, as of [System#nanoTime].
  long begunAt() {
    return begunAt;
  }

  boolean saysTiming() {
    return saysTiming;
  }

  boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  boolean isHttp10() {
    return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
  }

  /// Whether another request may follow on the connection.
  boolean keepsAlive() {
    return keepsAlive;
  }

  void endConnection() {
    keepsAlive = false;
  }

  /// Whether the client holds the body back until it is asked for it.
  boolean mustAskForBody() {
    return mustAskForBody;
  }

  void bodyAskedFor() {
    mustAskForBody = false;
  }

  /// What has come of a body that nobody reads yet.
  ByteString gathered() {
    if (parts != null) {
      gathered = ByteString.fromArrayUnsafe(parts.toByteArray());
      parts = null;
    }
    return gathered;
  }

  /// Copied together: a body in chunks of one byte would be fifty times as large as a rope of them.
  void gather(ByteString bytes) {
    if (parts == null && gathered.isEmpty()) {
      gathered = bytes;
      return;
    }
    if (parts == null) {
      parts = new ByteArrayOutputStream(2 * (gathered.size() + bytes.size()));
      parts.writeBytes(gathered.toArrayUnsafe());
    }
    parts.writeBytes(bytes.toArrayUnsafe());
  }

  /// The body where it is read as it comes; null where it is gathered.
  @Nullable RequestBody body() {
    return body;
  }

  void streamTo(RequestBody reader) {
    body = reader;
    reader.add(gathered());
    gathered = ByteString.emptyByteString();
  }

  /// Whether all of the request is here.
  boolean isReceived() {
    return isReceived;
  }

  void received() {
    isReceived = true;
    // Nobody waits to be asked any more.
    mustAskForBody = false;
  }

  /// Whether it is answered by the short cut, so that others may be begun before its answer is
  /// here.
  boolean isShortCut() {
    return isShortCut;
  }

  void setShortCut(boolean shortCut) {
    isShortCut = shortCut;
  }

  /// Whether it is to begin when those before it are answered.
  boolean isWaiting() {
    return isWaiting;
  }

  void setWaiting(boolean waiting) {
    isWaiting = waiting;
  }

  /// The answer, once it is here and may have to wait for those before it.
  @Nullable FullHttpResponse ready() {
    return ready;
  }

  void setReady(FullHttpResponse answer) {
    ready = answer;
  }

  /// Whether it has been answered, so that whatever else comes of it is too late.
  boolean isOver() {
    return isOver;
  }

  void setOver() {
    isOver = true;
  }
}
