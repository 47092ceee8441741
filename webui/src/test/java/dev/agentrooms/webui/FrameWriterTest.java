package dev.agentrooms.webui;

import static dev.agentrooms.webui.ClientFrames.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrooms.http.Frame;
import dev.agentrooms.http.Frame.Close;
import dev.agentrooms.http.Frame.Ping;
import dev.agentrooms.http.Frame.Pong;
import dev.agentrooms.http.Frame.Text;
import dev.agentrooms.http.FrameWriter;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
@net.jqwik.api.Tag("unit")
class FrameWriterTest {

  @Property(tries = 300)
  void theReaderReadsTheTextThatTheWriterWrote(@ForAll String text) {
    var utf8 = text.getBytes(UTF_8);

    assertThat(read(FrameWriter.text(utf8))).containsExactly(new Text(ByteString.fromArray(utf8)));
  }

  @Property(tries = 300)
  void theReaderReadsTheCloseThatTheWriterWrote(
      @ForAll @IntRange(min = 3000, max = 4999) int code,
      @ForAll @StringLength(max = 200) String reason) {
    var read = read(FrameWriter.close(code, reason)).getFirst();

    assertThat(read).isInstanceOf(Close.class);
    assertThat(((Close) read).code()).isEqualTo(code);
    assertThat(new String(reason.getBytes(UTF_8), UTF_8)).startsWith(((Close) read).reason());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8100",
    "1, 8101",
    "125, 817d",
    "126, 817e007e",
    "65535, 817effff",
    "65536, 817f0000000000010000"
  })
  void aLengthTakesItsShortestForm(int length, String header) {
    var frame = FrameWriter.text(new byte[length]);

    assertThat(frame.isCompact()).isTrue();
    assertThat(frame.size()).isEqualTo(header.length() / 2 + length);
    assertThat(HexFormat.of().formatHex(frame.take(header.length() / 2).toArray()))
        .isEqualTo(header);
  }

  @Test
  void controlFramesCarryTheirPayload() {
    var payload = ByteString.fromString("beat");

    assertThat(read(FrameWriter.ping(payload))).containsExactly(new Ping(payload));
    assertThat(read(FrameWriter.pong(payload))).containsExactly(Pong.INSTANCE);
    assertThat(FrameWriter.ping(ByteString.emptyByteString())).isEqualTo(bytes(0x89, 0x00));
  }

  @Test
  void aControlFrameOfMoreThan125BytesIsABug() {
    var payload = ByteString.fromArray(new byte[126]);

    assertThatThrownBy(() -> FrameWriter.pong(payload))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCloseWithoutACodeIsEmpty() {
    assertThat(FrameWriter.close(1005, "unsaid")).isEqualTo(bytes(0x88, 0x00));
  }

  @ParameterizedTest
  @CsvSource({"123, 123", "124, 123"})
  void aReasonIsCutTo123Bytes(int length, int kept) {
    assertThat(read(FrameWriter.close(4008, "x".repeat(length))))
        .containsExactly(new Close(4008, "x".repeat(kept)));
  }

  @Test
  void aReasonIsCutBetweenCharacters() {
    assertThat(read(FrameWriter.close(4008, "€".repeat(41) + "€")))
        .containsExactly(new Close(4008, "€".repeat(41)));
    assertThat(read(FrameWriter.close(4008, "x" + "😀".repeat(31))))
        .containsExactly(new Close(4008, "x" + "😀".repeat(30)));
  }

  /// As a client reads it, who knows that frames of a server are whole and not masked.
  private static List<Frame> read(ByteString frame) {
    ByteBuffer in = frame.asByteBuffer();
    int start = in.get() & 0xff;
    int form = in.get();
    byte[] payload = new byte[form == 126 ? in.getChar() : form == 127 ? (int) in.getLong() : form];
    in.get(payload);
    assertThat(in.hasRemaining()).isFalse();
    ByteString bytes = ByteString.fromArray(payload);
    return List.of(
        switch (start) {
          case TestSocket.TEXT -> new Text(bytes);
          case TestSocket.PING -> new Ping(bytes);
          case TestSocket.PONG -> Pong.INSTANCE;
          default -> new Close(bytes.asByteBuffer().getChar(), bytes.drop(2).utf8String());
        });
  }
}
