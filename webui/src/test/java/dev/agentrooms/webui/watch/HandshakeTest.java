package dev.agentrooms.webui.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentrooms.webui.watch.Handshake.Accepted;
import dev.agentrooms.webui.watch.Handshake.Refused;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class HandshakeTest {

  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  @Test
  void theKeyOfTheRfcIsAcceptedWithItsAnswer() {
    assertThat(Handshake.of(handshake()))
        .isEqualTo(new Accepted("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", false));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void headersAreReadAsListsWithoutRegardToCase(HttpRequest request) {
    assertThat(Handshake.of(request)).isInstanceOf(Accepted.class);
  }

  static Stream<Arguments> accepted() {
    return Stream.of(
        argumentSet("Connection list", with(handshake(), "Connection", "keep-alive, upgrade")),
        argumentSet(
            "two Connection headers",
            with(handshake(), "Connection", "keep-alive").addHeader(raw("connection", "UPGRADE"))),
        argumentSet("Upgrade in capitals", with(handshake(), "Upgrade", "WebSocket")),
        argumentSet("Upgrade list", with(handshake(), "Upgrade", "h2c , websocket")),
        argumentSet(
            "two Upgrade headers",
            with(handshake(), "Upgrade", "h2c").addHeader(raw("UPGRADE", "websocket"))),
        argumentSet(
            "offers of extensions and subprotocols",
            handshake()
                .addHeader(raw("Sec-WebSocket-Extensions", "permessage-deflate"))
                .addHeader(raw("Sec-WebSocket-Protocol", "chat"))));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void aRequestThatOpensNoWebSocketIsRefused(int status, HttpRequest request) {
    assertThat(Handshake.of(request)).isInstanceOf(Refused.class);
    assertThat(((Refused) Handshake.of(request)).status()).isEqualTo(status);
  }

  static Stream<Arguments> refused() {
    var key = "Sec-WebSocket-Key";
    var version = "Sec-WebSocket-Version";
    return Stream.of(
        argumentSet("a plain GET", 426, HttpRequest.GET("/ws")),
        argumentSet("no Upgrade", 426, without(handshake(), "Upgrade")),
        argumentSet("no Connection", 426, without(handshake(), "Connection")),
        argumentSet("another Upgrade", 426, with(handshake(), "Upgrade", "h2c")),
        argumentSet("no word of websocket", 426, with(handshake(), "Upgrade", "websockets")),
        argumentSet("Connection of another kind", 426, with(handshake(), "Connection", "upgraded")),
        argumentSet("HTTP/1.0", 426, handshake().withProtocol(HttpProtocols.HTTP_1_0)),
        argumentSet("no version", 426, without(handshake(), version)),
        argumentSet("version 8", 426, with(handshake(), version, "8")),
        argumentSet("versions", 426, with(handshake(), version, "13, 8")),
        argumentSet("version twice", 426, handshake().addHeader(raw(version, "13"))),
        argumentSet("Connection: close", 400, with(handshake(), "Connection", "close, Upgrade")),
        argumentSet("a body", 400, handshake().withEntity(ContentTypes.TEXT_PLAIN_UTF8, "hello")),
        argumentSet("no key", 400, without(handshake(), key)),
        argumentSet("key twice", 400, handshake().addHeader(raw(key, KEY))),
        argumentSet("empty key", 400, with(handshake(), key, "")),
        argumentSet("key of 15 bytes", 400, with(handshake(), key, "AAAAAAAAAAAAAAAAAAAA")),
        argumentSet("key of 17 bytes", 400, with(handshake(), key, "AAAAAAAAAAAAAAAAAAAAAAA=")),
        argumentSet("key without padding", 400, with(handshake(), key, "dGhlIHNhbXBsZSBub25jZQ")),
        argumentSet("no Base64", 400, with(handshake(), key, "dGhlIHNhbXBsZSBub25jZ!==")));
  }

  @Test
  void whatIsRequiredIsSaidInTheAnswer() {
    var refused = (Refused) Handshake.of(HttpRequest.GET("/ws"));

    assertThat(refused.headers())
        .extracting(HttpHeader::name, HttpHeader::value)
        .containsExactly(
            tuple("Upgrade", "websocket"),
            tuple("Connection", "Upgrade"),
            tuple("Sec-WebSocket-Version", "13"));
  }

  private static HttpRequest handshake() {
    return HttpRequest.GET("/ws")
        .addHeader(raw("Upgrade", "websocket"))
        .addHeader(raw("Connection", "Upgrade"))
        .addHeader(raw("Sec-WebSocket-Version", "13"))
        .addHeader(raw("Sec-WebSocket-Key", KEY));
  }

  private static HttpRequest with(HttpRequest request, String name, String value) {
    return without(request, name).addHeader(raw(name, value));
  }

  private static HttpRequest without(HttpRequest request, String name) {
    return request.removeHeader(name);
  }

  private static HttpHeader raw(String name, String value) {
    return RawHeader.create(name, value);
  }
}
