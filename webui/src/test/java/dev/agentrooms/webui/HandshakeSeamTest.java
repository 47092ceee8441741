package dev.agentrooms.webui;

import static dev.agentrooms.webui.ClientFrames.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.webui.Handshake.Accepted;
import dev.agentrooms.webui.Handshake.Refused;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Holds the internal part of Pekko HTTP that [Handshake.Accepted#upgrade] stands on to what we use
/// of it.
@Timeout(30)
class HandshakeSeamTest {

  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final ActorTestKit KIT = ActorTestKit.create();

  /// How the input of each socket's flow ends.
  private static final BlockingQueue<CompletionStage<Done>> INPUTS = new LinkedBlockingQueue<>();

  private static ServerBinding binding;

  @BeforeAll
  static void bind() throws Exception {
    binding =
        Http.get(KIT.system())
            .newServerAt("127.0.0.1", 0)
            .bindSync(HandshakeSeamTest::answer)
            .toCompletableFuture()
            .get(10, SECONDS);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static HttpResponse answer(HttpRequest request) {
    return switch (Handshake.of(request)) {
      case Accepted accepted -> accepted.upgrade(echo());
      case Refused(int status, var detail, var headers) ->
          HttpResponse.create().withStatus(status).withEntity(detail).addHeaders(headers);
    };
  }

  private record Sent(ByteString bytes, boolean isLast) {}

  /// Echoes texts and closes; the text "lagged" is answered by a close of our own.
  private static Flow<ByteString, ByteString, NotUsed> echo() {
    return Flow.of(ByteString.class)
        .watchTermination(
            (unused, done) -> {
              INPUTS.add(done);
              return unused;
            })
        .statefulMapConcat(
            () -> {
              var reader = new FrameReader(1000);
              return bytes -> reader.read(bytes).stream().map(HandshakeSeamTest::reply).toList();
            })
        .takeWhile(sent -> !sent.isLast(), true)
        .map(Sent::bytes);
  }

  private static Sent reply(Frame frame) {
    return switch (frame) {
      case Frame.Text(var utf8) when utf8.utf8String().equals("lagged") ->
          new Sent(FrameWriter.close(4008, "lagged"), true);
      case Frame.Text(var utf8) -> new Sent(FrameWriter.text(utf8), false);
      case Frame.Binary(int size) -> new Sent(FrameWriter.close(1003, "" + size), true);
      case Frame.Ping(var payload) -> new Sent(FrameWriter.pong(payload), false);
      case Frame.Pong(var payload) -> new Sent(FrameWriter.ping(payload), false);
      case Frame.Close(int code, var reason) -> new Sent(FrameWriter.close(code, reason), true);
      case Frame.Violation(int code, var reason) -> new Sent(FrameWriter.close(code, reason), true);
    };
  }

  @Test
  void javasOwnClientIsEchoedAndClosed() throws Exception {
    var events = new LinkedBlockingQueue<String>();
    var socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(uri(), listener(events))
            .get(10, SECONDS);

    socket.sendText("привет", true).get(10, SECONDS);
    assertThat(events.poll(10, SECONDS)).isEqualTo("text привет");
    socket.sendText("in ", false).get(10, SECONDS);
    socket.sendPing(ByteBuffer.wrap(new byte[] {7})).get(10, SECONDS);
    assertThat(events.poll(10, SECONDS)).isEqualTo("pong 1");
    socket.sendText("parts", true).get(10, SECONDS);
    assertThat(events.poll(10, SECONDS)).isEqualTo("text in parts");
    socket.sendText("lagged", true).get(10, SECONDS);
    assertThat(events.poll(10, SECONDS)).isEqualTo("close 4008 lagged");
  }

  @Test
  void aCloseOfOurOwnGoesOutAndEndsTheConnection() throws Exception {
    try (var client = RawClient.open()) {
      client.send(ClientFrames.text("lagged"));

      assertThat(client.readToEnd()).isEqualTo(FrameWriter.close(4008, "lagged"));
      client.ended().get(10, SECONDS);
    }
  }

  @ParameterizedTest
  @CsvSource({"1001, 1001", "4321, 4321", "1005, 1002"})
  void aCloseOfThePeerIsAnsweredAndEndsTheConnection(int code, int answer) throws Exception {
    try (var client = RawClient.open()) {
      client.send(ClientFrames.close(code, ""));

      var frame = client.readToEnd();
      assertThat(frame.apply(0)).isEqualTo((byte) 0x88);
      assertThat(frame.slice(2, 4)).isEqualTo(bytes(answer >> 8, answer & 0xff));
    }
  }

  @Test
  void aMessageOverTheLimitIsRefusedBeforeItIsSent() throws Exception {
    try (var client = RawClient.open()) {
      client.send(ClientFrames.header(ClientFrames.FIN | ClientFrames.TEXT, 1001, 0));

      assertThat(client.readToEnd().slice(2, 4)).isEqualTo(bytes(0x03, 0xf1));
    }
  }

  @Test
  void aPongIsSeen() throws Exception {
    try (var client = RawClient.open()) {
      client.send(ClientFrames.frame(ClientFrames.FIN | ClientFrames.PONG, new byte[] {'x'}));

      assertThat(client.read(3)).isEqualTo(bytes(0x89, 0x01, 'x'));
    }
  }

  @Test
  void aFrameMayArriveByteByByte() throws Exception {
    try (var client = RawClient.open()) {
      for (byte b : ClientFrames.text("slow").toArray()) {
        client.send(bytes(b));
      }

      assertThat(client.read(6)).isEqualTo(FrameWriter.text(ByteString.fromString("slow")));
    }
  }

  @Test
  void aPeerThatStopsSendingEndsTheFlowAndThenTheConnection() throws Exception {
    try (var client = RawClient.open()) {
      client.socket.shutdownOutput();

      client.ended().get(10, SECONDS);
      assertThat(client.readToEnd()).isEqualTo(ByteString.emptyByteString());
    }
  }

  @Test
  void aPeerThatAbortsFailsTheFlow() throws Exception {
    try (var client = RawClient.open()) {
      client.socket.setSoLinger(true, 0);
      client.socket.close();

      assertThat(client.ended()).failsWithin(Duration.ofSeconds(10));
    }
  }

  @Test
  void theAnswerToAnAcceptedHandshakeIsThatOfTheRfc() throws Exception {
    try (var client = RawClient.open()) {
      assertThat(client.head)
          .startsWith("HTTP/1.1 101 ")
          .contains("\r\nUpgrade: websocket\r\n")
          .contains("\r\nConnection: Upgrade\r\n")
          .contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
          .doesNotContain("Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol", "Content-");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: keep-alive, Upgrade\r\nUpgrade: h2c, WEBSOCKET",
        "connection: upgrade\r\nUpgrade: h2c\r\nUPGRADE: websocket",
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: chat\r\n"
            + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
      })
  void aHandshakeIsAcceptedAsPekkoParsesIt(String headers) throws Exception {
    try (var client = RawClient.send(headers, "13", KEY)) {
      assertThat(client.head).startsWith("HTTP/1.1 101 ").doesNotContain("Protocol:", "Extensions");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Connection: keep-alive, 13, dGhlIHNhbXBsZSBub25jZQ==, 426",
    "Connection: Upgrade, 13, dGhlIHNhbXBsZSBub25jZQ==, 426",
    "'Connection: Upgrade\r\nUpgrade: websocket', 8, dGhlIHNhbXBsZSBub25jZQ==, 426",
    "'Connection: Upgrade\r\nUpgrade: websocket', new, dGhlIHNhbXBsZSBub25jZQ==, 426",
    "'Connection: Upgrade\r\nUpgrade: websocket', 13, short, 400",
    "'Connection: Upgrade\r\nUpgrade: websocket', 13, !!, 400",
    "'Connection: close, Upgrade\r\nUpgrade: websocket', 13, dGhlIHNhbXBsZSBub25jZQ==, 400",
  })
  void aHandshakeIsRefusedAsPekkoParsesIt(String headers, String version, String key, int status)
      throws Exception {
    try (var client = RawClient.send(headers.translateEscapes(), version, key)) {
      assertThat(client.head).startsWith("HTTP/1.1 " + status + " ");
      if (status == 426) {
        assertThat(client.head)
            .contains("\r\nUpgrade: websocket\r\n")
            .contains("\r\nConnection: Upgrade\r\n")
            .contains("\r\nSec-WebSocket-Version: 13\r\n");
      }
    }
  }

  private static URI uri() {
    return URI.create("ws://127.0.0.1:" + binding.localAddress().getPort() + "/ws");
  }

  private static WebSocket.Listener listener(BlockingQueue<String> events) {
    return new WebSocket.Listener() {
      private final StringBuilder text = new StringBuilder();

      @Override
      public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
          events.add("text " + text);
          text.setLength(0);
        }
        return WebSocket.Listener.super.onText(socket, data, last);
      }

      @Override
      public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
        events.add("pong " + message.remaining());
        return WebSocket.Listener.super.onPong(socket, message);
      }

      @Override
      public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        events.add("close " + code + " " + reason);
        return WebSocket.Listener.super.onClose(socket, code, reason);
      }
    };
  }

  /// A client without a library of its own, which sees what is on the wire.
  private record RawClient(Socket socket, String head) implements AutoCloseable {

    static RawClient open() throws IOException {
      return send("Connection: Upgrade\r\nUpgrade: websocket", "13", KEY);
    }

    static RawClient send(String headers, String version, String key) throws IOException {
      INPUTS.clear();
      var socket = new Socket();
      socket.connect(binding.localAddress());
      socket.setSoTimeout(10_000);
      socket.setTcpNoDelay(true);
      var request =
          List.of(
              "GET /ws HTTP/1.1",
              "Host: localhost",
              headers,
              "Sec-WebSocket-Version: " + version,
              "Sec-WebSocket-Key: " + key,
              "",
              "");
      socket.getOutputStream().write(String.join("\r\n", request).getBytes(UTF_8));
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int c = socket.getInputStream().read();
        assertThat(c).as("the answer, after: " + head).isNotNegative();
        head.append((char) c);
      }
      return new RawClient(socket, head.toString());
    }

    void send(ByteString bytes) throws IOException {
      socket.getOutputStream().write(bytes.toArray());
    }

    ByteString read(int count) throws IOException {
      return ByteString.fromArray(socket.getInputStream().readNBytes(count));
    }

    ByteString readToEnd() throws IOException {
      return ByteString.fromArray(socket.getInputStream().readAllBytes());
    }

    CompletableFuture<Done> ended() throws InterruptedException {
      return requireNonNull(INPUTS.poll(10, SECONDS)).toCompletableFuture();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
