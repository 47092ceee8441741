package dev.agentrooms.tools.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.tools.Halves;
import dev.agentrooms.tools.SseParser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
@net.jqwik.api.Tag("unit")
class SseParserTest {

  private static List<String> read(List<byte[]> pieces) {
    List<String> events = new ArrayList<>();
    SseParser parser = new SseParser((name, data) -> events.add(name + "|" + data), 1000);
    pieces.forEach(piece -> parser.read(ByteBuffer.wrap(piece)));
    parser.end();
    return events;
  }

  private static List<String> read(String text) {
    return read(List.of(text.getBytes(UTF_8)));
  }

  @Property(tries = 300)
  void howABytestreamIsCutChangesNothing(
      @ForAll("texts") List<String> texts, @ForAll("ends") String end, @ForAll List<Integer> cuts) {
    StringBuilder all = new StringBuilder();
    texts.forEach(text -> all.append("data: ").append(text).append(end).append(end));
    byte[] bytes = all.toString().getBytes(UTF_8);
    List<byte[]> pieces = new ArrayList<>();
    int at = 0;
    for (int cut : cuts) {
      int to = at + Math.floorMod(cut, 7);
      if (to <= bytes.length) {
        pieces.add(Arrays.copyOfRange(bytes, at, to));
        at = to;
      }
    }
    pieces.add(Arrays.copyOfRange(bytes, at, bytes.length));

    assertThat(read(pieces)).isEqualTo(texts.stream().map(text -> "|" + text).toList());
  }

  @Provide
  Arbitrary<List<String>> texts() {
    return Arbitraries.strings()
        .withChars(
            "abcäё€🌿: {}\""
                .codePoints()
                .mapToObj(Character::toString)
                .reduce("", String::concat)
                .toCharArray())
        .ofMaxLength(20)
        .map(text -> "x" + Halves.mended(text))
        .list()
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<String> ends() {
    return Arbitraries.of("\n", "\r", "\r\n");
  }

  @Test
  void severalLinesOfDataAreOneEvent() {
    assertThat(read("event: x\ndata: a\ndata:b\ndata\n\n")).containsExactly("x|a\nb\n");
  }

  @Test
  void anEventWithoutDataIsNone() {
    assertThat(read("event: x\n\n: y\n\nid: 3\n\n")).isEmpty();
  }

  @Test
  void aLastLineThatIsCutOffDoesNotCount() {
    assertThat(read("data: a\n\ndata: b")).containsExactly("|a");
    assertThat(read("data: a\n\ndata: b\n")).containsExactly("|a", "|b");
  }

  @Test
  void aLineWithoutAnEndIsRefused() {
    assertThatThrownBy(() -> read("data: " + "x".repeat(2000))).isInstanceOf(MalformedJson.class);
    assertThatThrownBy(() -> read("data: x\n".repeat(2000))).isInstanceOf(MalformedJson.class);
  }
}
