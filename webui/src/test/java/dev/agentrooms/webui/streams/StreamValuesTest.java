package dev.agentrooms.webui.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.store.StreamInfo;
import dev.agentrooms.store.StreamPage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class StreamValuesTest {

  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

  @Test
  void anOffsetComesBackAsItWasWritten() {
    assertThat(Offset.parse("offset", Offset.text("k3f9", 42))).isEqualTo(new Offset("k3f9", 42));
    assertThat(Offset.parse("offset", "0".repeat(16) + "_" + "0".repeat(16)))
        .isEqualTo(new Offset(null, 0));
  }

  @Test
  void offsetsSortAsTheirPlacesDo() {
    assertThat(Offset.text("k3f9", 10)).isGreaterThan(Offset.text("k3f9", 9));
    assertThat(Offset.text("k3f9", 10)).hasSize(33).matches("[0-9a-z_]+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "0,1", "abc_def", "now ", "-2", "0000000000000000-0000"})
  void whatIsNoOffsetIsRefused(String text) {
    assertThatThrownBy(() -> Offset.parse("offset", text)).isInstanceOf(InvalidField.class);
  }

  @Test
  void aCursorNeverGoesBackAndNeverRepeats() {
    String first = Cursor.next(null, NOW, 1);
    assertThat(Cursor.next("1", NOW, 1)).isEqualTo(first);
    assertThat(Long.parseLong(Cursor.next(first, NOW, 1))).isGreaterThan(Long.parseLong(first));
    String ahead = "99999999";
    assertThat(Long.parseLong(Cursor.next(ahead, NOW, 3600))).isGreaterThan(99_999_999L);
    assertThat(Cursor.next("none", NOW, 1)).isEqualTo(first);
  }

  private static List<String> split(String type, String body) {
    return Messages.of(type, body.getBytes(UTF_8)).stream()
        .map(message -> new String(message, UTF_8))
        .toList();
  }

  @Test
  void anArrayIsAsManyMessagesAndEachKeepsItsWriting() {
    assertThat(split("application/json", " [ {\"a\" : 1.50}, [1,2] ,\"ä,]\", 1e3,null ] "))
        .containsExactly("{\"a\" : 1.50}", "[1,2]", "\"ä,]\"", "1e3", "null");
    assertThat(split("application/json", "[[[1]]]")).containsExactly("[[1]]");
    assertThat(split("application/json", "{\"a\":[1]}")).containsExactly("{\"a\":[1]}");
    assertThat(split("Application/JSON; charset=utf-8", " 12 ")).containsExactly("12");
    assertThat(split("application/json", "[]")).isEmpty();
    assertThat(split("text/plain", "[1,2]")).containsExactly("[1,2]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1,", "{}{}", "[1] 2", "nope", "[1,]"})
  void whatIsNoJsonIsRefused(String body) {
    assertThatThrownBy(() -> split("application/json", body)).isInstanceOf(MalformedJson.class);
  }

  private static String events(String type, String... messages) {
    StreamInfo stream = new StreamInfo(1, "a", "e", type, messages.length, false, -1, -1);
    List<byte[]> bodies = List.of(messages).stream().map(text -> text.getBytes(UTF_8)).toList();
    return EventText.of(new StreamPage.Found(stream, bodies, messages.length), "7").utf8String();
  }

  @Test
  void noMessageCanEndItsEvent() {
    String events = events("text/plain", "a\r\n\r\nevent: control\rdata: x\n", " b");
    assertThat(events)
        .startsWith(
            "event: data\ndata:a\ndata:\ndata:event: control\ndata:data: x\ndata:  b\n\n"
                + "event: control\ndata:{");
  }

  @Test
  void bytesAreSentInBase64AndJsonAsOneArray() {
    assertThat(events("image/png", "\0\1")).contains("data:AAE=\n");
    assertThat(events("application/json", "{}", "1")).contains("data:[{},1]\n");
  }
}
