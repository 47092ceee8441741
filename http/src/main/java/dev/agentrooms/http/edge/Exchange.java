package dev.agentrooms.http.edge;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/// One request of a connection and its answer. Everything here belongs to the connection's loop.
final class Exchange {

  /// How far the answer is.
  sealed interface Answer {

    /// Nobody has been asked yet.
    ///
    /// @param byShortCut whether the short cut is to be asked, once all of the request is here
    record Due(boolean byShortCut) implements Answer {}

    /// The routes are to be asked when the requests before it are answered.
    record Waiting() implements Answer {}

    /// @param shortCut whether the short cut was asked, so that others may be begun meanwhile
    record Asked(boolean shortCut) implements Answer {}

    /// It is whole, and may have to wait for those before it.
    record Ready(FullHttpResponse response) implements Answer {}

    /// Its head is written, its body comes by and by.
    record Streaming() implements Answer {}

    /// It is written, or nobody is left who wants it: whatever else comes of it is too late.
    record Over() implements Answer {}
  }

  // What is larger is for the routes, which bound it.
  private static final int MAX_SHORT_CUT_BYTES = 16 * 1024;

  private final HttpRequest request;
  private final IncomingBody body;
  private final boolean saysTiming;
  private final long begunAt = System.nanoTime();
  private boolean keepsAlive;
  private Answer answer = new Answer.Due(false);

  private Exchange(HttpRequest request, HttpServer server, Channel channel) {
    this.request = request;
    this.body = new IncomingBody(request, channel, server.bodies());
    this.saysTiming = server.saysTiming();
    this.keepsAlive = HttpUtil.isKeepAlive(request);
  }

  /// @param channel what the request came on
  static Exchange of(HttpRequest request, HttpServer server, Channel channel) {
    return new Exchange(request, server, channel);
  }

  /// What stands for something that is no request, and ends its connection.
  static Exchange none(HttpServer server, Channel channel) {
    Exchange none =
        of(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"), server, channel);
    none.endConnection();
    return none;
  }

  HttpRequest request() {
    return request;
  }

  IncomingBody body() {
    return body;
  }

  /// When its head was here, as of [System#nanoTime].
  long begunAt() {
    return begunAt;
  }

  /// Whether the answer says how long it took.
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

  Answer answer() {
    return answer;
  }

  void set(Answer next) {
    answer = next;
  }

  /// Whether there is an answer, so that no other can be given.
  boolean isAnswered() {
    return switch (answer) {
      case Answer.Due _, Answer.Waiting _, Answer.Asked _ -> false;
      case Answer.Ready _, Answer.Streaming _, Answer.Over _ -> true;
    };
  }

  boolean isOver() {
    return answer instanceof Answer.Over;
  }

  /// Whether the short cut has it, or is to get it as far as its body has come.
  boolean isShortCut() {
    return answer instanceof Answer.Due(boolean byShortCut)
            && byShortCut
            && body.size() <= MAX_SHORT_CUT_BYTES
        || answer instanceof Answer.Asked(boolean shortCut) && shortCut;
  }

  boolean isWaiting() {
    return answer instanceof Answer.Waiting;
  }
}
