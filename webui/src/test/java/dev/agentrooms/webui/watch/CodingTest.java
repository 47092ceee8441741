package dev.agentrooms.webui.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.Compression;
import dev.agentrooms.webui.SharedWebUi;
import dev.agentrooms.webui.TestSocket;
import dev.agentrooms.webui.TestWebUi;
import dev.agentrooms.webui.room.RoomEvent;
import dev.agentrooms.webui.room.TestEvents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is sent in fewer bytes, to whom, and that it is the same when it is read.
@Tag("wire")
@Timeout(300)
@ExtendWith(SharedWebUi.class)
class CodingTest {

  private static TestWebUi webUi;

  private final String room = TestWebUi.newSession();

  @BeforeAll
  static void start(TestWebUi shared) {
    webUi = shared;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "GZIP",
        "gzip, br",
        "br, gzip",
        "gzip;q=1",
        "gzip;q=0.001",
        "gzip ; q=0.5",
        "identity;q=1, gzip;q=0.1",
        "br,gzip,deflate",
        " gzip "
      })
  void gzipIsSentToClientsThatAcceptIt(String accepted) {
    assertThat(Compression.asksForGzip(asking(accepted))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "br",
        "identity",
        "gzip;q=0",
        "gzip;q=0.0",
        "gzip;q=0.000",
        "gzip;Q=0",
        "gzip ; q=0",
        "gzip;\tq=0",
        "gzipped",
        "x gzip",
        "deflate;gzip",
        "*;q=0"
      })
  void gzipIsNotSentToOthers(String accepted) {
    assertThat(Compression.asksForGzip(asking(accepted))).isFalse();
  }

  private static HttpRequest asking(String accepted) {
    return HttpRequest.GET("/").addHeader(RawHeader.create("Accept-Encoding", accepted));
  }

  @Test
  void aLongAnswerIsTheSameGzipped() throws Exception {
    for (int i = 0; i < 5; i++) {
      webUi.publish(room, "e" + i, "a long message ".repeat(100));
    }
    String path = "/api/messages?session_id=" + room;
    HttpResponse<String> plain = webUi.get(path);
    HttpResponse<byte[]> zipped = bytes(path, "Accept-Encoding", "gzip");

    assertThat(plain.headers().firstValue("vary")).contains("Accept-Encoding");
    assertThat(plain.headers().firstValue("content-encoding")).isEmpty();
    assertThat(zipped.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(zipped.headers().firstValue("vary")).contains("Accept-Encoding");
    assertThat(zipped.body().length).isLessThan(plain.body().length() / 4);
    assertThat(unzipped(zipped.body())).isEqualTo(plain.body());

    HttpResponse<byte[]> head =
        TestWebUi.await(
            java.net.http.HttpClient.newHttpClient()
                .sendAsync(
                    webUi.request(path).HEAD().header("Accept-Encoding", "gzip").build(),
                    HttpResponse.BodyHandlers.ofByteArray()));
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("content-length"))
        .contains(String.valueOf(zipped.body().length));
  }

  @Test
  void aShortAnswerIsNotWorthIt() throws Exception {
    assertThat(bytes("/health", "Accept-Encoding", "gzip").headers().firstValue("content-encoding"))
        .isEmpty();
  }

  /// An answer to HEAD ends with its head, so that the next answer on the connection is the next.
  @Test
  void headOfAnEventStreamHasNoBody() throws Exception {
    for (String coding : new String[] {"", "Accept-Encoding: gzip\r\n"}) {
      try (var socket = new java.net.Socket("127.0.0.1", webUi.address().getPort())) {
        socket.setSoTimeout(60_000);
        socket
            .getOutputStream()
            .write(
                ("HEAD /api/events?session_id="
                        + room
                        + " HTTP/1.1\r\nHost: localhost\r\n"
                        + coding
                        + "\r\nGET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .getBytes(UTF_8));
        String all = new String(socket.getInputStream().readAllBytes(), UTF_8);
        int end = all.indexOf("\r\n\r\n") + 4;
        assertThat(all.substring(end)).startsWith("HTTP/1.1 200 ");
      }
    }
  }

  /// Each event can be read when it comes, not only when more do; and the end has its checksum.
  @Test
  void aGzippedStreamIsReadEventByEvent() throws Exception {
    HttpResponse<InputStream> answer =
        TestWebUi.await(
            java.net.http.HttpClient.newHttpClient()
                .sendAsync(
                    webUi
                        .request("/api/events?session_id=" + room)
                        .header("Accept-Encoding", "gzip")
                        .build(),
                    HttpResponse.BodyHandlers.ofInputStream()));
    assertThat(answer.headers().firstValue("content-encoding")).contains("gzip");
    try (InputStream in = answer.body()) {
      assertThat(in.readNBytes(10)).startsWith(0x1f, 0x8b, 8);
      Inflater inflater = new Inflater(true);
      StringBuilder seen = new StringBuilder();
      for (int i = 1; i <= 20; i++) {
        webUi.publish(room, "event-" + i, "m".repeat(i * 40));
        while (!seen.toString().contains("\"event-" + i + "\"")
            || !seen.toString().endsWith("\n\n")) {
          seen.append(more(in, inflater));
        }
        assertThat(seen.toString()).doesNotContain("\"event-" + (i + 1) + "\"");
      }
    }
  }

  private static String more(InputStream in, Inflater inflater) throws Exception {
    byte[] packed = new byte[8192];
    int size = in.read(packed);
    assertThat(size).isPositive();
    inflater.setInput(packed, 0, size);
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    byte[] step = new byte[8192];
    for (int n = inflater.inflate(step); n > 0; n = inflater.inflate(step)) {
      plain.write(step, 0, n);
    }
    return plain.toString(UTF_8);
  }

  @Test
  void aStreamThatEndsIsAWholeGzip() throws Exception {
    StreamCoding gzip = StreamCoding.of(true);
    ByteString all = gzip.begin();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      String part = ": " + "x".repeat(i * 97) + "\n\n";
      text.append(part);
      all = all.concat(gzip.text(ByteString.fromString(part)));
    }
    all = all.concat(gzip.end());
    assertThat(unzipped(all.toArray())).isEqualTo(text.toString());
  }

  @Test
  void anEventIsCompressedOnceForAll() {
    RoomEvent event = TestEvents.placed(TestEvents.event("quiz1", "e", "b".repeat(900)));

    assertThat(event.deflatedFrame()).isSameAs(event.deflatedFrame());
    ByteString text = ByteString.fromString("id: 1\ndata: x\n\n");
    assertThat(event.deflated(text)).isSameAs(event.deflated(text));
    assertThat(event.deflatedFrame().size()).isLessThan(event.frame().size() / 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permessage-deflate|true",
        "PerMessage-Deflate|true",
        "permessage-deflate; client_max_window_bits|true",
        "permessage-deflate; client_max_window_bits=15|true",
        "permessage-deflate; client_max_window_bits=8|true",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover|true",
        "x-webkit-deflate-frame, permessage-deflate|true",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate|true",
        "permessage-deflate; server_max_window_bits=10|false",
        "permessage-deflate; client_max_window_bits=7|false",
        "permessage-deflate; client_max_window_bits=16|false",
        "permessage-deflate; client_max_window_bits=x|false",
        "permessage-deflate; unknown|false",
        "permessage-deflate; client_no_context_takeover=1|false",
        "permessage-deflate; client_max_window_bits; client_max_window_bits|false",
        "permessage-deflates|false",
        "x-webkit-deflate-frame|false",
        "foo, bar|false"
      })
  void compressionIsAgreedOnWhereItCanBeKept(String offer, boolean isTaken) throws Exception {
    try (var socket = TestSocket.open(webUi.address(), "Sec-WebSocket-Extensions: " + offer)) {
      assertThat(socket.head().contains("permessage-deflate")).isEqualTo(isTaken);
      socket.subscribe(room);
      webUi.publish(room, "e1", "m".repeat(1000));
      TestSocket.Received received = socket.next();
      assertThat(received.start()).isEqualTo(isTaken ? 0xc1 : 0x81);
      assertThat(received.payload().length > 1000).isEqualTo(!isTaken);
    }
  }

  private static HttpResponse<byte[]> bytes(String path, String... headers) {
    return TestWebUi.await(
        java.net.http.HttpClient.newHttpClient()
            .sendAsync(
                webUi.request(path).headers(headers).build(),
                HttpResponse.BodyHandlers.ofByteArray()));
  }

  private static String unzipped(byte[] bytes) throws IOException {
    return new String(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes(), UTF_8);
  }
}
