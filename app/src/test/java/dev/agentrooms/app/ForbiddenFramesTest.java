package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Violations of RFC 6455 and RFC 7692 close the socket with the specified code, and nothing
/// behind them is read. In clear and over TLS.
@Tag("wire")
class ForbiddenFramesTest {

  private static final int LIMIT = 64 * 1024;
  private static final int FIN = 0x80;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int RSV1 = 0x40;
  private static final byte[] NOTHING = {};
  private static final byte[] HI = "{}".getBytes(UTF_8);
  private static final byte[] COMMAND = "{\"cmd\":\"ping\"}".getBytes(UTF_8);

  private static Stack clear;
  private static Stack secure;

  @BeforeAll
  static void start(@TempDir Path folder) {
    TestCertificate pem = TestCertificate.in(folder);
    clear = Stack.start("webui.socket.handshakes-per-second", 10_000);
    secure =
        Stack.start(
            "webui.socket.handshakes-per-second",
            10_000,
            "http.tls.cert",
            pem.certificate().toString(),
            "http.tls.key",
            pem.key().toString());
  }

  @AfterAll
  static void stop() {
    clear.close();
    secure.close();
  }

  private record Form(String name, boolean deflates, int code, byte[] bytes) {}

  private static final class Forms {

    private final List<Form> all = new ArrayList<>();

    Forms() {
      reservedBits();
      opcodes();
      masks();
      control();
      lengths();
      fragments();
      closes();
      text();
      sizes();
      compressed();
    }

    private void reservedBits() {
      for (int rsv = 1; rsv < 8; rsv++) {
        for (int opcode : new int[] {TEXT, BINARY, CLOSE, PING, PONG}) {
          int first = FIN | rsv << 4 | opcode;
          add("rsv %d of opcode %d".formatted(rsv, opcode), 1002, frame(first, NOTHING));
          // The first bit means compression, of data.
          if (rsv != 4 || opcode > BINARY) {
            deflated("rsv %d of opcode %d".formatted(rsv, opcode), 1002, frame(first, NOTHING));
          }
        }
        byte[] more = join(frame(TEXT, HI), frame(FIN | rsv << 4, HI));
        add("rsv %d of a continuation".formatted(rsv), 1002, more);
        deflated("rsv %d of a continuation".formatted(rsv), 1002, more);
      }
    }

    private void opcodes() {
      for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
        add("opcode " + opcode, 1002, frame(FIN | opcode, HI));
        add("opcode " + opcode + ", empty", 1002, frame(FIN | opcode, NOTHING));
        add("opcode " + opcode + ", not the last", 1002, frame(opcode, HI));
        add(
            "opcode " + opcode + " between fragments",
            1002,
            join(frame(TEXT, HI), frame(FIN | opcode, HI)));
      }
    }

    private void masks() {
      for (int opcode : new int[] {TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION}) {
        add("opcode " + opcode + " not masked", 1002, new byte[] {(byte) (FIN | opcode), 2, 3, 4});
        add("opcode " + opcode + " not masked, empty", 1002, new byte[] {(byte) (FIN | opcode), 0});
      }
      add("a long one not masked", 1002, bytes(FIN | TEXT, 126, 1, 0));
    }

    private void control() {
      for (int opcode : new int[] {CLOSE, PING, PONG}) {
        add("control " + opcode + " in fragments", 1002, frame(opcode, NOTHING));
        add("control " + opcode + " of 126", 1002, frame(FIN | opcode, new byte[126]));
        add("control " + opcode + " of 70,000", 1002, header(FIN | opcode, 70_000, 127));
        add("control " + opcode + " of 5, as 126", 1002, header(FIN | opcode, 5, 126));
        add("control " + opcode + " of 5, as 127", 1002, header(FIN | opcode, 5, 127));
      }
    }

    private void lengths() {
      for (int opcode : new int[] {TEXT, BINARY}) {
        for (int size : new int[] {0, 1, 125}) {
          add(opcode + " of " + size + " in two bytes", 1002, header(FIN | opcode, size, 126));
          add(opcode + " of " + size + " in eight", 1002, header(FIN | opcode, size, 127));
        }
        for (int size : new int[] {126, 65_535}) {
          add(opcode + " of " + size + " in eight bytes", 1002, header(FIN | opcode, size, 127));
        }
        for (long size : new long[] {-1, Long.MIN_VALUE, Long.MIN_VALUE + 2}) {
          add(opcode + " of " + size, 1002, header(FIN | opcode, size, 127));
        }
      }
    }

    private void fragments() {
      add("nothing to continue", 1002, frame(FIN | CONTINUATION, HI));
      add("nothing to continue, and not the last", 1002, frame(CONTINUATION, HI));
      add(
          "nothing to continue behind a message",
          1002,
          join(ForbiddenFramesTest.text(COMMAND), frame(FIN, HI)));
      for (int first : new int[] {TEXT, BINARY}) {
        for (int second : new int[] {TEXT, BINARY, FIN | TEXT, FIN | BINARY}) {
          add(
              "%x within a message of %x".formatted(second, first),
              1002,
              join(frame(first, HI), frame(second, HI)));
          add(
              "%x within a message of %x, and a ping".formatted(second, first),
              1002,
              join(
                  frame(first, HI),
                  frame(CONTINUATION, HI),
                  frame(FIN | PING, HI),
                  frame(second, HI)));
        }
      }
    }

    private void closes() {
      add("a close of one byte", 1002, frame(FIN | CLOSE, new byte[] {3}));
      for (int code :
          new int[] {
            0, 1, 100, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 9999,
            32_767, 32_768, 65_535
          }) {
        add("a close with " + code, 1002, frame(FIN | CLOSE, bytes(code >> 8, code)));
        add(
            "a close with " + code + " and why",
            1002,
            frame(FIN | CLOSE, bytes(code >> 8, code, 'a')));
      }
      for (String hex : List.of("ff", "80", "c0af", "eda080", "f4908080", "c3", "e282")) {
        byte[] reason = join(bytes(0x03, 0xe8), HexFormat.of().parseHex(hex));
        add("a close because of " + hex, 1007, frame(FIN | CLOSE, reason));
      }
    }

    /// RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF, nothing that is cut
    /// off.
    private void text() {
      List<String> none =
          List.of(
              "80",
              "bf",
              "80bf",
              "c0",
              "c080",
              "c0af",
              "c1bf",
              "c2",
              "c220",
              "c2c0",
              "dfc0",
              "e0",
              "e0a0",
              "e08080",
              "e080af",
              "e09fbf",
              "e0a020",
              "e28220",
              "e2",
              "e282",
              "eda080",
              "edad bf".replace(" ", ""),
              "edae80",
              "edb080",
              "edbfbf",
              "eda080edb080",
              "edbebf",
              "f0",
              "f09f",
              "f09f98",
              "f0808080",
              "f08080af",
              "f08fbfbf",
              "f09f9820",
              "f4908080",
              "f48fbf",
              "f5808080",
              "f7bfbfbf",
              "f888808080",
              "fbbfbfbfbf",
              "fc8480808080",
              "fe",
              "ff",
              "fefeffff",
              "efbf",
              "f4908080c3a9");
      for (String hex : none) {
        byte[] bad = HexFormat.of().parseHex(hex);
        byte[] whole = join("{\"a\":\"\u00e9".getBytes(UTF_8), bad, "\"}".getBytes(UTF_8));
        add("text of " + hex, 1007, frame(FIN | TEXT, bad));
        add("text with " + hex, 1007, frame(FIN | TEXT, whole));
        for (int at = 1; at < bad.length; at++) {
          add(
              "text of " + hex + ", cut at " + at,
              1007,
              join(
                  frame(TEXT, Arrays.copyOf(bad, at)),
                  frame(FIN | PING, HI),
                  frame(FIN, Arrays.copyOfRange(bad, at, bad.length))));
        }
        ByteArrayOutputStream each = new ByteArrayOutputStream();
        each.writeBytes(frame(TEXT, NOTHING));
        for (byte b : bad) {
          each.writeBytes(frame(CONTINUATION, new byte[] {b}));
        }
        each.writeBytes(frame(FIN, NOTHING));
        add("text of " + hex + ", byte by byte", 1007, each.toByteArray());
        deflated("text of " + hex, 1007, frame(FIN | RSV1 | TEXT, deflate(bad)));
      }
    }

    private void sizes() {
      byte[] half = new byte[LIMIT / 2 + 1];
      Arrays.fill(half, (byte) ' ');
      for (int opcode : new int[] {TEXT, BINARY}) {
        add(opcode + " of one too many", 1009, header(FIN | opcode, LIMIT + 1, 127));
        add(opcode + " of 2 GB", 1009, header(FIN | opcode, 1L << 31, 127));
        add(opcode + " as long as can be", 1009, header(FIN | opcode, Long.MAX_VALUE, 127));
        add(opcode + " in two halves", 1009, join(frame(opcode, half), frame(FIN, half)));
        add(
            opcode + " in two and more",
            1009,
            join(frame(opcode, half), frame(CONTINUATION, half)));
        add(
            opcode + " that is continued too long",
            1009,
            join(frame(opcode, HI), header(FIN, LIMIT + 1, 127)));
      }
    }

    private void compressed() {
      byte[] good = deflate(COMMAND);
      for (int cut = 1; cut < good.length; cut++) {
        deflated(
            "compressed, cut at " + cut, 1007, frame(FIN | RSV1 | TEXT, Arrays.copyOf(good, cut)));
      }
      deflated("compressed, empty", 1007, frame(FIN | RSV1 | TEXT, NOTHING));
      for (String hex :
          List.of("07", "ffffffff", "06", "789c", "1f8b0800", "00050000", "ed", "0102")) {
        deflated("compressed " + hex, 1007, frame(FIN | RSV1 | TEXT, HexFormat.of().parseHex(hex)));
      }
      for (int megabytes : new int[] {1, 16, 50}) {
        byte[] bomb = deflate(new byte[megabytes << 20]);
        if (bomb.length <= LIMIT) {
          deflated("a bomb of " + megabytes + " MiB", 1009, frame(FIN | RSV1 | TEXT, bomb));
          deflated("a binary bomb of " + megabytes, 1009, frame(FIN | RSV1 | BINARY, bomb));
        }
      }
      deflated("one byte too many", 1009, frame(FIN | RSV1 | TEXT, deflate(new byte[LIMIT + 1])));
    }

    private void add(String name, int code, byte[] bytes) {
      all.add(new Form(name, false, code, bytes));
    }

    private void deflated(String name, int code, byte[] bytes) {
      all.add(new Form(name + ", with compression", true, code, bytes));
    }
  }

  @Test
  void aViolationClosesTheSocketAndNothingBehindItIsRead() {
    List<Form> forms = new Forms().all;
    List<String> urls = List.of(clear.webUi(), secure.webUi().replace("http:", "https:"));
    try (CapturedLogs logs = new CapturedLogs()) {
      Crowd.all(
          forms.size() * 2,
          16,
          i -> {
            broken(urls.get(i % 2), forms.get(i / 2));
            return i;
          });
      assertThat(logs.warnings()).isEmpty();
    }
    System.out.printf("%d forbidden frames, %d sockets%n", forms.size(), 2 * forms.size());
  }

  private static void broken(String url, Form form) {
    try (RawHttp socket = open(url, form.deflates())) {
      socket.write(join(form.bytes(), text(COMMAND), frame(FIN | CLOSE, bytes(0x03, 0xe8))));
      byte[] close = next(socket, Set.of(PONG, TEXT));
      assertThat(close[0]).as(form.name()).isEqualTo((byte) (FIN | CLOSE));
      assertThat(ByteBuffer.wrap(close).getChar(1) + 0).as(form.name()).isEqualTo(form.code());
      socket.endOfRequest();
      assertThat(socket.readBytes(1)).as(form.name()).isEmpty();
    }
  }

  @Test
  void whatTheRfcAllowsIsServed() {
    byte[] long125 = Arrays.copyOf(COMMAND, 125);
    Arrays.fill(long125, COMMAND.length, 125, (byte) ' ');
    byte[] accents = "{\"cmd\":\"ping\",\"x\":\"\u00e9\u20ac\ud83d\ude00\uffff\"}".getBytes(UTF_8);
    List<byte[]> good = new ArrayList<>();
    good.add(text(COMMAND));
    good.add(text(long125));
    for (int at = 0; at <= accents.length; at++) {
      good.add(
          join(
              frame(TEXT, Arrays.copyOf(accents, at)),
              frame(FIN | PONG, HI),
              frame(FIN, Arrays.copyOfRange(accents, at, accents.length))));
    }
    good.add(join(frame(TEXT, NOTHING), frame(CONTINUATION, NOTHING), frame(FIN, COMMAND)));
    List<byte[]> deflated = new ArrayList<>(good);
    byte[] packed = deflate(accents);
    deflated.add(frame(FIN | RSV1 | TEXT, packed));
    for (int at = 1; at < packed.length; at++) {
      deflated.add(
          join(
              frame(RSV1 | TEXT, Arrays.copyOf(packed, at)),
              frame(FIN | PONG, NOTHING),
              frame(FIN, Arrays.copyOfRange(packed, at, packed.length))));
    }
    // RFC 7692, 7.2.3.5: the last block may be marked as such, and is then followed by a zero.
    deflated.add(frame(FIN | RSV1 | TEXT, join(finished(COMMAND), bytes(0))));
    // Not compressed at all, as a stored block.
    deflated.add(
        frame(
            FIN | RSV1 | TEXT,
            join(bytes(0, COMMAND.length, 0, ~COMMAND.length, 0xff), COMMAND, bytes(0))));
    for (String url : List.of(clear.webUi(), secure.webUi().replace("http:", "https:"))) {
      for (boolean deflates : new boolean[] {false, true}) {
        try (RawHttp socket = open(url, deflates)) {
          for (byte[] each : deflates ? deflated : good) {
            socket.write(each);
            byte[] answer = next(socket, Set.of());
            assertThat(new String(answer, 1, answer.length - 1, UTF_8))
                .as(HexFormat.of().formatHex(each))
                .isEqualTo("{\"type\":\"pong\"}");
          }
          socket.write(frame(FIN | PING, new byte[125]));
          assertThat(next(socket, Set.of())).hasSize(126).startsWith((byte) (FIN | PONG));
          for (int code : new int[] {4999}) {
            socket.write(frame(FIN | CLOSE, bytes(code >> 8, code)));
            assertThat(next(socket, Set.of())).startsWith(FIN | CLOSE, code >> 8, code);
          }
          assertThat(socket.readBytes(1)).isEmpty();
        }
      }
    }
    System.out.printf("%d frames that are allowed, twice%n", good.size() + deflated.size());
  }

  @Test
  void aCloseCodeOfTheRfcIsEchoed() {
    for (int code :
        new int[] {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000}) {
      try (RawHttp socket = open(clear.webUi(), false)) {
        socket.write(frame(FIN | CLOSE, bytes(code >> 8, code, 'b', 'y', 'e')));
        assertThat(next(socket, Set.of())).startsWith(FIN | CLOSE, code >> 8, code);
        assertThat(socket.readBytes(1)).isEmpty();
      }
    }
  }

  private static RawHttp open(String url, boolean deflates) {
    RawHttp socket = new RawHttp(url);
    socket.write(
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + (deflates ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "")
            + "\r\n");
    RawHttp.Answer answer = socket.readOne();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-extensions").isEmpty()).isEqualTo(!deflates);
    return socket;
  }

  /// The next frame's first byte and payload, save for frames of the opcodes in `skipped`.
  private static byte[] next(RawHttp socket, Set<Integer> skipped) {
    byte[] head = socket.readBytes(2);
    assertThat(head).hasSize(2);
    int size = head[1];
    assertThat(size).isBetween(0, 125);
    byte[] frame = join(new byte[] {head[0]}, socket.readBytes(size));
    return skipped.contains(head[0] & 15) ? next(socket, skipped) : frame;
  }

  private static byte[] deflate(byte[] plain) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(plain);
    byte[] packed = new byte[plain.length + 1000];
    int size = deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH);
    deflater.end();
    // Without the four bytes at its end.
    return Arrays.copyOf(packed, size - 4);
  }

  private static byte[] finished(byte[] plain) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(plain);
    deflater.finish();
    byte[] packed = new byte[plain.length + 1000];
    int size = deflater.deflate(packed);
    deflater.end();
    return Arrays.copyOf(packed, size);
  }

  private static byte[] text(byte[] text) {
    return frame(FIN | TEXT, text);
  }

  /// Masked with a mask that changes something.
  private static byte[] frame(int first, byte[] payload) {
    int form = payload.length < 126 ? 0 : payload.length < 65_536 ? 126 : 127;
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= (byte) (0x5a + i % 4);
    }
    return join(header(first, payload.length, form), masked);
  }

  /// @param form 126 for a length of two bytes, 127 for one of eight
  private static byte[] header(int first, long size, int form) {
    byte[] length =
        switch (form) {
          case 126 -> ByteBuffer.allocate(2).putShort((short) size).array();
          case 127 -> ByteBuffer.allocate(8).putLong(size).array();
          default -> NOTHING;
        };
    int second = FIN | (form == 0 ? (int) size : form);
    return join(bytes(first, second), length, bytes(0x5a, 0x5b, 0x5c, 0x5d));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
