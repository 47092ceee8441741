package dev.agentrooms.http.edge;

import dev.agentrooms.http.HeadOnly;
import dev.agentrooms.http.Loop;
import dev.agentrooms.http.edge.Grammar.Fault;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpProtocol;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.RequestEntityAcceptances;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.Uri;
import org.jspecify.annotations.Nullable;
import org.parboiled2.ParserInput;

/// A request as Netty decoded it: what is still to be judged about it, and what the routes get.
final class Requests {

  private static final Uri.ParsingMode STRICT = Uri.ParsingMode$.MODULE$.apply("strict");
  // They are the entity's, or the connection's.
  private static final Set<String> FRAMING =
      Set.of("content-type", "content-length", "transfer-encoding");

  static final Fault NO_TARGET = new Fault(400, "The request's URL is not well-formed.");

  private Requests() {}

  /// What the decoder found, and what Netty's leaves to its user; null when there is nothing to
  /// say.
  static @Nullable Fault fault(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return switch (request.decoderResult().cause()) {
        case StrictDecoder.Refused refused -> refused.fault();
        case TooLongHttpLineException line -> new Fault(414, "The request's URL is too long.");
        case TooLongHttpHeaderException header -> new Fault(431, "The headers are too long.");
        default -> new Fault(400, "The request is not well-formed.");
      };
    }
    HttpHeaders headers = request.headers();
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    boolean mayLackHost = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (hosts.size() > 1 || (hosts.isEmpty() && !mayLackHost)) {
      return new Fault(400, "The request must have one Host header.");
    }
    if (!hosts.isEmpty() && !Grammar.isHost(hosts.getFirst())) {
      return new Fault(400, "The Host header names no host.");
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty()
        && !(codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"))) {
      return new Fault(400, "Transfer-Encoding may be chunked, once, and nothing else.");
    }
    if (headers.getAll(HttpHeaderNames.CONTENT_TYPE).size() > 1) {
      return new Fault(400, "A request has one Content-Type.");
    }
    // Drafts of WebSocket from before RFC 6455: they have a body that no header announces.
    if (headers.contains("Sec-WebSocket-Key1") || headers.contains("Sec-WebSocket-Key2")) {
      return new Fault(400, "The WebSocket protocol is that of RFC 6455.");
    }
    if (!headers.getAll(HttpHeaderNames.EXPECT).stream()
        .allMatch("100-continue"::equalsIgnoreCase)) {
      return new Fault(417, "Only Expect: 100-continue can be met.");
    }
    return hasTarget(request) ? null : NO_TARGET;
  }

  /// Whether the request target is in origin, absolute or asterisk form.
  private static boolean hasTarget(HttpRequest request) {
    String target = request.uri();
    boolean isKnownForm =
        target.startsWith("/")
            || target.regionMatches(true, 0, "http://", 0, 7)
            || target.regionMatches(true, 0, "https://", 0, 8)
            || (target.equals("*") && request.method().name().equals("OPTIONS"));
    String authority = authority(target);
    return isKnownForm
        && !request.method().equals(io.netty.handler.codec.http.HttpMethod.CONNECT)
        && Grammar.isTarget(target)
        && (authority == null || Grammar.isHost(authority));
  }

  /// `localhost:8150` in `http://localhost:8150/health`; null in another form.
  private static @Nullable String authority(String target) {
    int begin = target.startsWith("/") ? -1 : target.indexOf("://");
    if (begin < 0) {
      return null;
    }
    int end = begin + 3;
    while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    return target.substring(begin + 3, end);
  }

  /// @param entity its body, with the type that [#contentType] gives
  /// @return null when its target is none after all: see [#NO_TARGET]
  static org.apache.pekko.http.javadsl.model.@Nullable HttpRequest toPekko(
      HttpRequest request, RequestEntity entity, @Nullable InetSocketAddress remote, Loop loop) {
    // HEAD is answered as GET is, up to the body.
    String name = request.method().name().equals("HEAD") ? "GET" : request.method().name();
    Uri uri;
    try {
      // A path that begins with two slashes names no other host.
      uri =
          Uri.parseHttpRequestTarget(
              ParserInput.apply(request.uri()), StandardCharsets.UTF_8, STRICT);
    } catch (RuntimeException e) {
      return null;
    }
    var translated =
        org.apache.pekko.http.javadsl.model.HttpRequest.create()
            .withMethod(method(name))
            .withProtocol(protocol(request))
            .withHeaders(headers(request.headers(), authority(request.uri())))
            .withEntity(entity)
            .addAttribute(Loop.KEY, loop);
    var marked = request.method().name().equals("HEAD") ? HeadOnly.on(translated) : translated;
    var addressed =
        remote == null
            ? marked
            : marked.addAttribute(AttributeKeys.remoteAddress, RemoteAddress.create(remote));
    return ((org.apache.pekko.http.scaladsl.model.HttpRequest) addressed).withUri(uri);
  }

  static ContentType contentType(HttpRequest request) {
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
    if (type == null) {
      return ContentTypes.NO_CONTENT_TYPE;
    }
    if (type.equalsIgnoreCase("application/json")) {
      return ContentTypes.APPLICATION_JSON;
    }
    try {
      return ContentTypes.parse(type);
    } catch (RuntimeException e) {
      return ContentTypes.NO_CONTENT_TYPE;
    }
  }

  /// A header's value; null when there is none, or more than one, which the routes are to judge.
  static @Nullable String only(HttpRequest request, String name) {
    List<String> values = request.headers().getAll(name);
    return values.size() == 1 ? values.getFirst() : null;
  }

  static String path(HttpRequest request) {
    int query = request.uri().indexOf('?');
    return query < 0 ? request.uri() : request.uri().substring(0, query);
  }

  private static HttpMethod method(String name) {
    return HttpMethods.lookup(name)
        .orElseGet(
            () -> HttpMethods.custom(name, false, false, RequestEntityAcceptances.Tolerated));
  }

  private static HttpProtocol protocol(HttpRequest request) {
    return request.protocolVersion().equals(HttpVersion.HTTP_1_0)
        ? HttpProtocols.HTTP_1_0
        : HttpProtocols.HTTP_1_1;
  }

  /// Lines of one name are one list (RFC 9110, 5.3), so that no route has to look for a second.
  ///
  /// @param authority what stands for `Host`, whatever that says (RFC 9112, 3.2.2); null for
  ///     nothing
  private static List<HttpHeader> headers(HttpHeaders given, @Nullable String authority) {
    Map<String, String> values = new LinkedHashMap<>();
    var each = given.iteratorAsString();
    while (each.hasNext()) {
      var header = each.next();
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!FRAMING.contains(name)) {
        String separator = name.equals("cookie") ? "; " : ", ";
        values.merge(name, header.getValue(), (one, more) -> one + separator + more);
      }
    }
    if (authority != null) {
      values.put("host", authority);
    }
    List<HttpHeader> headers = new ArrayList<>(values.size());
    values.forEach((name, value) -> headers.add(RawHeader.create(name, value)));
    return headers;
  }
}
