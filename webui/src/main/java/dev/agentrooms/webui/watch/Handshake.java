package dev.agentrooms.webui.watch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.agentrooms.http.Frame;
import dev.agentrooms.http.Headers;
import dev.agentrooms.http.Upgrade;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.util.ByteString;

/// The server's half of the WebSocket opening handshake (RFC 6455, 4.2), of which no subprotocol
/// and no extension but permessage-deflate is ever part.
sealed interface Handshake {

  /// A handshake to be answered by [#response].
  ///
  /// @param deflates whether permessage-deflate is part of it
  record Accepted(String acceptKey, boolean deflates) implements Handshake {

    /// The 101 after which the connection is a WebSocket.
    ///
    /// @param socket takes the peer's frames, and gives rendered ones
    HttpResponse response(Graph<FlowShape<Frame, ByteString>, ?> socket) {
      HttpResponse response =
          new Upgrade(socket, deflates, RoomSocket.MAX_MESSAGE_BYTES)
              .response()
              .addHeader(UPGRADE)
              .addHeader(CONNECTION_UPGRADE)
              .addHeader(RawHeader.create("Sec-WebSocket-Accept", acceptKey));
      return deflates ? response.addHeader(DEFLATE) : response;
    }
  }

  /// What to answer instead, and the headers that belong to it.
  record Refused(int status, String detail, List<HttpHeader> headers) implements Handshake {
    public Refused {
      headers = List.copyOf(headers);
    }
  }

  HttpHeader UPGRADE = RawHeader.create("Upgrade", "websocket");
  HttpHeader CONNECTION_UPGRADE = RawHeader.create("Connection", "Upgrade");
  /// Without context takeover either way, so that an event is compressed once for all its watchers
  /// and a socket holds no window.
  HttpHeader DEFLATE =
      RawHeader.create(
          "Sec-WebSocket-Extensions",
          "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  HttpHeader VERSION = RawHeader.create("Sec-WebSocket-Version", "13");

  Pattern DEFLATE_PARAMETER =
      Pattern.compile(
          "server_no_context_takeover|client_no_context_takeover"
              + "|client_max_window_bits( ?= ?\"?(8|9|1[0-5])\"?)?");

  String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /// Judges a GET; the method is the router's business.
  static Handshake of(HttpRequest request) {
    // An HTTP/1.0 client cannot upgrade (RFC 9110, 7.8). Of several Connection headers Pekko
    // shows the first.
    if (!request.protocol().equals(HttpProtocols.HTTP_1_1)
        || !tokens(request, "upgrade").anyMatch("websocket"::equals)
        || !tokens(request, "connection").anyMatch("upgrade"::equals)) {
      return upgradeRequired("a WebSocket is opened by Connection: Upgrade and Upgrade: websocket");
    }
    if (!values(request, "sec-websocket-version").toList().equals(List.of("13"))) {
      return upgradeRequired("Sec-WebSocket-Version must be 13");
    }
    // Neither can become a WebSocket: Pekko would send the 101 and close the connection.
    if (tokens(request, "connection").anyMatch("close"::equals)) {
      return badRequest("Connection: close contradicts the upgrade");
    }
    if (!request.entity().isKnownEmpty()) {
      return badRequest("a WebSocket handshake has no body");
    }
    var keys = values(request, "sec-websocket-key").toList();
    if (keys.size() != 1 || !isKey(keys.getFirst())) {
      return badRequest("Sec-WebSocket-Key must be given once, as 16 bytes in Base64");
    }
    return new Accepted(
        acceptKey(keys.getFirst()),
        Headers.parts(request, "sec-websocket-extensions").anyMatch(Handshake::isDeflate));
  }

  /// Whether an offer is one of permessage-deflate that we can keep (RFC 7692, 7.1): a smaller
  /// window of ours is none. Its parameters are separated by semicolons.
  private static boolean isDeflate(String offer) {
    List<String> parts = Stream.of(offer.split(";", -1)).map(String::strip).toList();
    List<String> parameters = parts.subList(1, parts.size());
    return parts.getFirst().equalsIgnoreCase("permessage-deflate")
        && parameters.stream().allMatch(parameter -> DEFLATE_PARAMETER.matcher(parameter).matches())
        && parameters.stream()
                .map(parameter -> parameter.split("=", 2)[0].strip())
                .distinct()
                .count()
            == parameters.size();
  }

  private static Refused upgradeRequired(String detail) {
    return new Refused(426, detail, List.of(UPGRADE, CONNECTION_UPGRADE, VERSION));
  }

  private static Refused badRequest(String detail) {
    return new Refused(400, detail, List.of());
  }

  private static Stream<String> values(HttpRequest request, String lowercaseName) {
    return Headers.values(request, lowercaseName).stream().map(String::strip);
  }

  private static Stream<String> tokens(HttpRequest request, String lowercaseName) {
    return Headers.parts(request, lowercaseName).map(token -> token.toLowerCase(Locale.ROOT));
  }

  private static boolean isKey(String key) {
    try {
      return key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static String acceptKey(String key) {
    try {
      var sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(sha1.digest((key + ACCEPT_GUID).getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-1
    }
  }
}
