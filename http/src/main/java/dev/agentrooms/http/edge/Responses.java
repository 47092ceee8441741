package dev.agentrooms.http.edge;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import dev.agentrooms.http.Problems;
import dev.agentrooms.http.SecurityHeaders;
import dev.agentrooms.http.edge.Grammar.Fault;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Locale;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// A route's answer as Netty writes it.
final class Responses {

  // As people write them; HTTP/2 has them in lower case, whatever stands here.
  private static final AsciiString CONNECTION_NAME = AsciiString.cached("Connection");
  private static final AsciiString DATE_NAME = AsciiString.cached("Date");
  private static final AsciiString LENGTH_NAME = AsciiString.cached("Content-Length");
  private static final AsciiString SERVER_NAME = AsciiString.cached("Server");
  private static final AsciiString TRANSFER_NAME = AsciiString.cached("Transfer-Encoding");
  private static final AsciiString TYPE_NAME = AsciiString.cached("Content-Type");
  private static final AsciiString SERVER = AsciiString.cached("agent-rooms");
  private static final InstantSource CLOCK = InstantSource.system();

  /// The value of `Date`, which is the same for all answers of one second.
  private record Now(long second, AsciiString text) {
    private static volatile Now last = of(0);

    private static Now of(long second) {
      return new Now(
          second,
          AsciiString.cached(
              RFC_1123_DATE_TIME.format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC))));
    }

    static AsciiString date() {
      long second = CLOCK.millis() / 1000;
      Now now = last;
      if (now.second != second) {
        now = of(second);
        last = now;
      }
      return now.text;
    }
  }

  private Responses() {}

  /// An answer whose body is here.
  static FullHttpResponse full(Exchange exchange, HttpResponse response, byte[] body) {
    ByteBuf content = exchange.isHead() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
    FullHttpResponse full =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status(response), content);
    headers(full.headers(), exchange, response);
    if (mayHaveBody(response)) {
      full.headers().set(LENGTH_NAME, body.length);
    }
    return full;
  }

  /// 200 with JSON, from the short cut.
  static FullHttpResponse ok(Exchange exchange, Object value) {
    byte[] json = Json.encode(value);
    FullHttpResponse full =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(json));
    HttpHeaders headers = full.headers();
    general(headers, exchange);
    SecurityHeaders.each(headers::set);
    headers.set(TYPE_NAME, HttpHeaderValues.APPLICATION_JSON);
    headers.set(LENGTH_NAME, json.length);
    return full;
  }

  /// The head of an answer whose body comes by and by.
  static io.netty.handler.codec.http.HttpResponse head(Exchange exchange, HttpResponse response) {
    var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(response));
    headers(head.headers(), exchange, response);
    var length = ((HttpEntity) response.entity()).getContentLengthOption();
    if (length.isPresent()) {
      head.headers().set(LENGTH_NAME, length.getAsLong());
    } else if (!exchange.isHttp10() && !exchange.isHead()) {
      // An answer to HEAD has no chunks, not even the last.
      head.headers().set(TRANSFER_NAME, HttpHeaderValues.CHUNKED);
    }
    return head;
  }

  /// A 100, which asks for a body, and means nothing where none is held back.
  static FullHttpResponse interim() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
  }

  /// What is no request, or cannot be met.
  static HttpResponse problem(Fault fault) {
    HttpResponseStatus status = HttpResponseStatus.valueOf(fault.status());
    return SecurityHeaders.on(
        Problems.response(Problem.of(status.code(), status.reasonPhrase(), fault.detail())));
  }

  /// A problem that is likely to be over soon.
  static HttpResponse unavailable(String detail) {
    return SecurityHeaders.on(Problems.unavailable(detail));
  }

  /// The 101, after which the connection is a WebSocket's.
  static FullHttpResponse switching(HttpResponse response) {
    FullHttpResponse full =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
    full.headers().set(SERVER_NAME, SERVER);
    response.getHeaders().forEach(header -> full.headers().add(header.name(), header.value()));
    return full;
  }

  static boolean mayHaveBody(HttpResponse response) {
    int status = response.status().intValue();
    return status >= 200 && status != 204 && status != 304;
  }

  private static HttpResponseStatus status(HttpResponse response) {
    return HttpResponseStatus.valueOf(response.status().intValue());
  }

  private static void headers(HttpHeaders headers, Exchange exchange, HttpResponse response) {
    general(headers, exchange);
    for (HttpHeader header : response.getHeaders()) {
      headers.add(header.name(), header.value());
    }
    var type = response.entity().getContentType();
    if (mayHaveBody(response)
        && !type.equals(ContentTypes.NO_CONTENT_TYPE)
        && !response.entity().isKnownEmpty()) {
      headers.set(TYPE_NAME, type.toString());
    }
  }

  private static void general(HttpHeaders headers, Exchange exchange) {
    headers.set(SERVER_NAME, SERVER);
    headers.set(DATE_NAME, Now.date());
    if (exchange.saysTiming()) {
      double millis = (System.nanoTime() - exchange.begunAt()) / 1e6;
      headers.set("Server-Timing", String.format(Locale.ROOT, "total;dur=%.1f", millis));
    }
    if (!exchange.keepsAlive()) {
      headers.set(CONNECTION_NAME, HttpHeaderValues.CLOSE);
    } else if (exchange.isHttp10()) {
      headers.set(CONNECTION_NAME, HttpHeaderValues.KEEP_ALIVE);
    }
  }
}
