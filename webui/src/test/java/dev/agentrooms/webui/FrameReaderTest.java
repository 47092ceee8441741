package dev.agentrooms.webui;

import static dev.agentrooms.webui.ClientFrames.BINARY;
import static dev.agentrooms.webui.ClientFrames.CLOSE;
import static dev.agentrooms.webui.ClientFrames.CONTINUATION;
import static dev.agentrooms.webui.ClientFrames.FIN;
import static dev.agentrooms.webui.ClientFrames.PING;
import static dev.agentrooms.webui.ClientFrames.PONG;
import static dev.agentrooms.webui.ClientFrames.TEXT;
import static dev.agentrooms.webui.ClientFrames.bytes;
import static dev.agentrooms.webui.ClientFrames.frame;
import static dev.agentrooms.webui.ClientFrames.header;
import static dev.agentrooms.webui.ClientFrames.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentrooms.webui.Frame.Binary;
import dev.agentrooms.webui.Frame.Close;
import dev.agentrooms.webui.Frame.Ping;
import dev.agentrooms.webui.Frame.Pong;
import dev.agentrooms.webui.Frame.Text;
import dev.agentrooms.webui.Frame.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

  private static final int LIMIT = 1000;
  private static final int MASK = 0x0badcafe;
  private static final byte[] NOTHING = {};
  private static final byte[] EURO = "€".getBytes(UTF_8);

  private final FrameReader reader = new FrameReader(LIMIT);

  @Property(tries = 300)
  void whatAClientSendsReadsBackTheSameHoweverItIsCut(
      @ForAll("conversations") List<Frame> conversation, @ForAll Random random) {
    var expected = new ArrayList<Frame>();
    var wire = ByteString.emptyByteString();
    for (var sent : conversation) {
      wire = wire.concat(render(sent, random, expected));
    }

    assertThat(readInPieces(wire, random)).isEqualTo(expected);
  }

  @Provide
  Arbitrary<List<Frame>> conversations() {
    Arbitrary<Frame> text = utf8(LIMIT / 3).map(Text::new);
    Arbitrary<Frame> binary = Arbitraries.integers().between(0, LIMIT).map(Binary::new);
    Arbitrary<Frame> ping = utf8(41).map(Ping::new);
    Arbitrary<Frame> pong = utf8(41).map(Pong::new);
    Arbitrary<Frame> close =
        Arbitraries.of(1000, 1001, 3000, 4999).map(code -> new Close(code, "bye — пока"));
    var open = Arbitraries.oneOf(text, text, binary, ping, pong).list().ofMaxSize(8);
    return Combinators.combine(open, close.list().ofMaxSize(1))
        .as((frames, last) -> Stream.concat(frames.stream(), last.stream()).toList());
  }

  @Test
  void aWholeMessageIsHandedOutWithoutACopy() {
    var read = reader.read(text("{\"cmd\":\"ping\"}"));

    assertThat(read).containsExactly(new Text(ByteString.fromString("{\"cmd\":\"ping\"}")));
    var utf8 = ((Text) read.getFirst()).utf8();
    assertThat(utf8.toArrayUnsafe()).isSameAs(utf8.toArrayUnsafe());
  }

  @Test
  void controlFramesPassBetweenTheFragmentsOfAMessage() {
    var read =
        reader.read(
            frame(TEXT, "Hel".getBytes(UTF_8))
                .concat(frame(FIN | PING, "p".getBytes(UTF_8)))
                .concat(frame(CONTINUATION, NOTHING))
                .concat(frame(FIN | CONTINUATION, "lo".getBytes(UTF_8))));

    assertThat(read)
        .containsExactly(
            new Ping(ByteString.fromString("p")), new Text(ByteString.fromString("Hello")));
  }

  @Test
  void aCharacterMayBeCutBetweenFragments() {
    var read =
        reader.read(
            frame(TEXT, Arrays.copyOf(EURO, 1))
                .concat(frame(FIN | CONTINUATION, Arrays.copyOfRange(EURO, 1, 3))));

    assertThat(read).containsExactly(new Text(ByteString.fromString("€")));
  }

  @Test
  void aMessageMayHaveExactlyTheLimit() {
    var payload = new byte[LIMIT];

    assertThat(reader.read(frame(FIN | TEXT, payload)))
        .containsExactly(new Text(ByteString.fromArray(payload)));
    assertThat(reader.read(frame(FIN | BINARY, payload))).containsExactly(new Binary(LIMIT));
  }

  @ParameterizedTest
  @ValueSource(longs = {LIMIT + 1, 0x1_0000, 0x8000_0000L, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void aMessageOverTheLimitIsRefusedFromItsHeaderAlone(long length) {
    assertThat(codes(reader.read(header(FIN | TEXT, length, MASK)))).containsExactly(1009);
  }

  @Test
  void fragmentsTogetherKeepTheLimit() {
    assertThat(reader.read(frame(BINARY, new byte[LIMIT - 1]))).isEmpty();
    assertThat(reader.read(frame(CONTINUATION, new byte[1]))).isEmpty();
    assertThat(codes(reader.read(header(FIN | CONTINUATION, 1, MASK)))).containsExactly(1009);
  }

  @Test
  void theLimitCountsOneMessageAtATime() {
    var message = frame(FIN | BINARY, new byte[LIMIT]);

    assertThat(reader.read(message.concat(message)))
        .containsExactly(new Binary(LIMIT), new Binary(LIMIT));
  }

  @Test
  void emptyFragmentsMayComeWithoutEnd() {
    var empty = frame(CONTINUATION, NOTHING);
    assertThat(reader.read(frame(TEXT, "a".getBytes(UTF_8)))).isEmpty();
    for (int i = 0; i < 100_000; i++) {
      assertThat(reader.read(empty)).isEmpty();
    }
    assertThat(reader.read(frame(FIN | CONTINUATION, NOTHING)))
        .containsExactly(new Text(ByteString.fromString("a")));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void aBrokenRuleIsAViolation(int code, ByteString wire) {
    assertThat(codes(reader.read(wire))).containsExactly(code);
  }

  @ParameterizedTest
  @MethodSource("violations")
  void aBrokenRuleIsTheSameViolationByteByByte(int code, ByteString wire) {
    assertThat(codes(readEachByte(wire))).containsExactly(code);
  }

  static Stream<Arguments> violations() {
    return Stream.of(
        argumentSet("unmasked text", 1002, bytes(0x81, 0x01)),
        argumentSet("unmasked, empty ping", 1002, bytes(0x89, 0x00)),
        argumentSet("RSV1", 1002, bytes(0xc1, 0x80)),
        argumentSet("RSV2", 1002, bytes(0xa1, 0x80)),
        argumentSet("RSV3", 1002, bytes(0x91, 0x80)),
        argumentSet("RSV1 on a ping", 1002, bytes(0xc9, 0x80)),
        argumentSet("reserved data opcode 3", 1002, bytes(0x83, 0x80)),
        argumentSet("reserved data opcode 7", 1002, bytes(0x87, 0x80)),
        argumentSet("reserved control opcode 11", 1002, bytes(0x8b, 0x80)),
        argumentSet("reserved control opcode 15", 1002, bytes(0x8f, 0x80)),
        argumentSet("fragmented ping", 1002, bytes(PING, 0x80)),
        argumentSet("fragmented close", 1002, bytes(CLOSE, 0x80)),
        argumentSet("ping of 126 bytes", 1002, bytes(FIN | PING, 0xfe)),
        argumentSet("pong with an eight-byte length", 1002, bytes(FIN | PONG, 0xff)),
        argumentSet("continuation of nothing", 1002, bytes(FIN | CONTINUATION, 0x80)),
        argumentSet("text within a text", 1002, frame(TEXT, NOTHING).concat(bytes(0x81, 0x80))),
        argumentSet("binary within a text", 1002, frame(TEXT, NOTHING).concat(bytes(0x02, 0x80))),
        argumentSet("125 in two bytes", 1002, header(FIN | TEXT, 126, 125, MASK)),
        argumentSet("65535 in eight bytes", 1002, header(FIN | TEXT, 127, 65535, MASK)),
        argumentSet("a lone continuation byte", 1007, frame(FIN | TEXT, new byte[] {(byte) 0x80})),
        argumentSet("half a character", 1007, frame(FIN | TEXT, Arrays.copyOf(EURO, 2))),
        argumentSet(
            "half a character in fragments",
            1007,
            frame(TEXT, Arrays.copyOf(EURO, 2)).concat(frame(FIN | CONTINUATION, NOTHING))),
        argumentSet("a close of one byte", 1002, frame(FIN | CLOSE, new byte[1])),
        argumentSet(
            "a close reason that is not UTF-8",
            1007,
            frame(FIN | CLOSE, new byte[] {0x03, (byte) 0xe8, (byte) 0xff})),
        argumentSet(
            "a close reason that ends within a character",
            1007,
            frame(FIN | CLOSE, new byte[] {0x03, (byte) 0xe8, (byte) 0xe2})));
  }

  @Test
  void textThatCannotBecomeUtf8IsRefusedBeforeItsEnd() {
    var start = header(FIN | TEXT, 2, 0);

    assertThat(codes(reader.read(start.concat(bytes(0xff))))).containsExactly(1007);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1000, 1001, 1002, 1003, 1007, 1008, 1011, 1014, 3000, 3999, 4000, 4008, 4999})
  void aCloseCodeIsPassedOn(int code) {
    assertThat(reader.read(ClientFrames.close(code, "так")))
        .containsExactly(new Close(code, "так"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535})
  void aCloseCodeThatIsNotForTheWireIsAViolation(int code) {
    assertThat(codes(reader.read(ClientFrames.close(code, "")))).containsExactly(1002);
  }

  @Test
  void aCloseWithoutACodeIs1005() {
    assertThat(reader.read(frame(FIN | CLOSE, NOTHING))).containsExactly(new Close(1005, ""));
  }

  @Test
  void nothingIsReadAfterAClose() {
    assertThat(reader.read(ClientFrames.close(1000, "").concat(text("late")))).hasSize(1);
    assertThat(reader.read(text("later"))).isEmpty();
  }

  @Test
  void whatCameBeforeAViolationIsReadAndNothingAfterIt() {
    var read = reader.read(text("good").concat(bytes(0x81, 0x00)).concat(text("late")));

    assertThat(read.getFirst()).isEqualTo(new Text(ByteString.fromString("good")));
    assertThat(codes(read.subList(1, read.size()))).containsExactly(1002);
    assertThat(reader.read(text("later"))).isEmpty();
  }

  private static Arbitrary<ByteString> utf8(int maxLength) {
    return Arbitraries.strings()
        .ofMaxLength(maxLength)
        .map(text -> ByteString.fromArrayUnsafe(text.getBytes(UTF_8)));
  }

  /// A message goes out in fragments, some empty, some with a ping between them, which then comes
  /// first.
  private static ByteString render(Frame sent, Random random, List<Frame> expected) {
    var wire =
        switch (sent) {
          case Text(var utf8) -> fragments(TEXT, utf8.toArray(), random, expected);
          case Binary(int size) -> fragments(BINARY, new byte[size], random, expected);
          case Ping(var payload) -> frame(FIN | PING, payload.toArray(), random.nextInt());
          case Pong(var payload) -> frame(FIN | PONG, payload.toArray(), random.nextInt());
          case Close(int code, var reason) -> ClientFrames.close(code, reason);
          case Violation _ -> throw new IllegalArgumentException("a client does not mean to");
        };
    expected.add(sent);
    return wire;
  }

  private static ByteString fragments(
      int opcode, byte[] payload, Random random, List<Frame> expected) {
    var wire = ByteString.emptyByteString();
    int first = opcode;
    int from = 0;
    while (random.nextInt(3) == 0) {
      int to = from + random.nextInt(payload.length - from + 1);
      wire = wire.concat(frame(first, Arrays.copyOfRange(payload, from, to), random.nextInt()));
      first = CONTINUATION;
      from = to;
      if (random.nextBoolean()) {
        wire = wire.concat(frame(FIN | PING, NOTHING, random.nextInt()));
        expected.add(new Ping(ByteString.emptyByteString()));
      }
    }
    var rest = Arrays.copyOfRange(payload, from, payload.length);
    return wire.concat(frame(FIN | first, rest, random.nextInt()));
  }

  private static List<Frame> readInPieces(ByteString wire, Random random) {
    var reading = new FrameReader(LIMIT);
    var read = new ArrayList<Frame>();
    var rest = wire;
    while (rest.nonEmpty()) {
      int size = 1 + random.nextInt(Math.min(rest.size(), 1 + random.nextInt(200)));
      read.addAll(reading.read(rest.take(size)));
      rest = rest.drop(size);
    }
    return read;
  }

  private List<Frame> readEachByte(ByteString wire) {
    var read = new ArrayList<Frame>();
    for (byte b : wire.toArray()) {
      read.addAll(reader.read(ByteString.fromArray(new byte[] {b})));
    }
    return read;
  }

  private static List<Integer> codes(List<Frame> frames) {
    return frames.stream().map(frame -> ((Violation) frame).code()).toList();
  }
}
