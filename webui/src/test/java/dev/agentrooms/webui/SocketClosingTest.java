package dev.agentrooms.webui;

import static dev.agentrooms.webui.ClientFrames.CLOSE;
import static dev.agentrooms.webui.ClientFrames.CONTINUATION;
import static dev.agentrooms.webui.ClientFrames.FIN;
import static dev.agentrooms.webui.ClientFrames.TEXT;
import static dev.agentrooms.webui.ClientFrames.bytes;
import static dev.agentrooms.webui.ClientFrames.frame;
import static dev.agentrooms.webui.ClientFrames.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// How sockets are closed, and with which code.
@Tag("wire")
@Timeout(300)
@ExtendWith(SharedWebUi.class)
class SocketClosingTest {

  private static final int LIMIT = 64 * 1024;

  private static TestWebUi webUi;

  private final String room = TestWebUi.newSession();
  private TestSocket socket;

  @BeforeAll
  static void start(TestWebUi shared) {
    webUi = shared;
  }

  @BeforeEach
  void connect() throws IOException {
    socket = webUi.connect();
  }

  @AfterEach
  void disconnect() throws IOException {
    socket.close();
  }

  static Stream<Arguments> brokenRules() {
    byte[] nothing = {};
    byte[] half = new byte[LIMIT / 2 + 1];
    Arrays.fill(half, (byte) ' ');
    return Stream.of(
        Arguments.of("too long", 1009, header(FIN | TEXT, LIMIT + 1, 0)),
        Arguments.of("as long as can be", 1009, header(FIN | TEXT, Long.MAX_VALUE, 0)),
        Arguments.of("longer than can be", 1002, header(FIN | TEXT, Long.MIN_VALUE, 0)),
        Arguments.of("binary, too long", 1009, header(FIN | ClientFrames.BINARY, LIMIT + 1, 0)),
        Arguments.of(
            "too long in fragments",
            1009,
            frame(TEXT, half).concat(frame(FIN | CONTINUATION, half))),
        Arguments.of("no UTF-8", 1007, frame(FIN | TEXT, new byte[] {'"', (byte) 0xff, '"'})),
        Arguments.of("overlong", 1007, frame(FIN | TEXT, new byte[] {(byte) 0xc0, (byte) 0x80})),
        Arguments.of(
            "a surrogate",
            1007,
            frame(FIN | TEXT, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})),
        Arguments.of("half a character", 1007, frame(FIN | TEXT, new byte[] {(byte) 0xd0})),
        Arguments.of(
            "no UTF-8 in the reason",
            1007,
            frame(FIN | CLOSE, new byte[] {0x03, (byte) 0xe8, (byte) 0xff})),
        Arguments.of("not masked", 1002, bytes(FIN | TEXT, 2, '{', '}')),
        Arguments.of("reserved bit", 1002, frame(FIN | 0x40 | TEXT, nothing)),
        Arguments.of("reserved opcode", 1002, frame(FIN | 3, nothing)),
        Arguments.of("reserved control opcode", 1002, frame(FIN | 11, nothing)),
        Arguments.of("nothing to continue", 1002, frame(FIN | CONTINUATION, nothing)),
        Arguments.of(
            "a message within a message", 1002, frame(TEXT, nothing).concat(frame(TEXT, nothing))),
        Arguments.of("a ping in fragments", 1002, frame(ClientFrames.PING, nothing)),
        Arguments.of("a long ping", 1002, frame(FIN | ClientFrames.PING, new byte[126])),
        Arguments.of("half a close code", 1002, frame(FIN | CLOSE, new byte[] {3})),
        Arguments.of("a close code not for the wire", 1002, ClientFrames.close(1006, "")),
        Arguments.of("a length in a longer form", 1002, header(FIN | TEXT, 126, 5, 0)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("brokenRules")
  void aViolationClosesTheSocket(String what, int code, ByteString said) throws Exception {
    // The peer closes its side at once, so nobody waits.
    socket.send(said);

    assertThat(socket.next().closing()).startsWith(code + " ");
    socket.shutdownOutput();
    socket.assertEnded();
  }

  @Test
  void aMessageOfTheGreatestSizeIsRead() throws Exception {
    String command = "{\"cmd\":\"ping\"}";

    socket.send(ClientFrames.text(command + " ".repeat(LIMIT - command.length())));

    assertThat(socket.message().path("type").textValue()).isEqualTo("pong");
  }

  @ParameterizedTest
  @CsvSource({"1000, 1000", "1001, 1001", "4321, 4321"})
  void aCloseOfThePeerIsAnswered(int code, int answer) throws Exception {
    socket.send(ClientFrames.close(code, "bye"));

    assertThat(socket.next().closing()).isEqualTo(answer + " bye");
    socket.assertEnded();
  }

  @Test
  void aCloseWithoutACodeIsAnsweredWithoutOne() throws Exception {
    socket.send(frame(FIN | CLOSE, new byte[0]));

    assertThat(socket.next().closing()).isEqualTo("no code");
    socket.assertEnded();
  }

  @Test
  void whatWasAskedBeforeACloseIsAnswered() throws Exception {
    socket.send(
        ClientFrames.text("{\"cmd\":\"subscribe\",\"session_id\":\"" + room + "\"}")
            .concat(ClientFrames.text("{\"cmd\":\"ping\"}"))
            .concat(ClientFrames.close(1000, ""))
            .concat(ClientFrames.text("{\"cmd\":\"ping\"}")));

    assertThat(socket.message().path("type").textValue()).isEqualTo("subscribed");
    assertThat(socket.message().path("type").textValue()).isEqualTo("pong");
    assertThat(socket.next().closing()).isEqualTo("1000 ");
    socket.assertEnded();
  }

  @Test
  void nothingFollowsAClose() throws Exception {
    var bytes = ByteString.emptyByteString();
    for (int i = 0; i < 20; i++) {
      bytes =
          bytes.concat(
              ClientFrames.text("{\"cmd\":\"subscribe\",\"session_id\":\"" + room + "\"}"));
    }
    // Broken off in the middle of what was asked.
    socket.send(bytes.concat(frame(FIN | 3, "x".getBytes(UTF_8))));

    var received = socket.next();
    while (received.start() == TestSocket.TEXT) {
      received = socket.next();
    }
    assertThat(received.closing()).startsWith("1002 ");
    socket.shutdownOutput();
    socket.assertEnded();
  }

  @Test
  void aReaderThatLagsIsClosedAndComesBack() throws Exception {
    String epoch = socket.subscribe(room).path("epoch").textValue();
    int events = 100;
    String large = "x".repeat(300_000);
    for (int i = 1; i <= events; i++) {
      webUi.publish(room, "e" + i, large);
    }

    // Now it reads: what was on the way, and then that it has lagged.
    long seen = 0;
    var received = socket.next();
    while (received.start() == TestSocket.TEXT) {
      long seq = Json.parse(received.payload()).path("seq").asLong();
      assertThat(seq).isEqualTo(seen + 1);
      seen = seq;
      received = socket.next();
    }
    assertThat(received.closing()).isEqualTo("4008 lagged");
    assertThat(seen).isLessThan(events - SharedWebUi.HISTORY_SIZE);

    try (var again = webUi.connect()) {
      var subscribed = again.resume(room, seen, epoch);
      assertThat(subscribed.path("recovered").booleanValue()).isFalse();
      long first = subscribed.path("first_seq").asLong();
      assertThat(first).isEqualTo(events - SharedWebUi.HISTORY_SIZE + 1);
      for (long seq = first; seq <= events; seq++) {
        assertThat(again.seq()).isEqualTo(seq);
      }
    }
  }

  @Test
  void aSocketThatBreaksOffLeavesItsRooms() throws Exception {
    socket.subscribe(room);
    socket.abort();

    try (var other = webUi.connect()) {
      other.subscribe(room);
      webUi.publish(room, 1, 3);
      assertThat(other.seqs(3)).containsExactly(1L, 2L, 3L);
    }
  }
}
