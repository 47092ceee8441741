package dev.agentrooms.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrooms.protocol.ClientCommand.Subscribe;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class ClientCommandTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cmd|{}",
        "cmd|{\"cmd\":null}",
        "cmd|{\"cmd\":5}",
        "cmd|{\"cmd\":\"\"}",
        "cmd|{\"cmd\":\"PING\"}",
        "cmd|{\"cmd\":\"ping \"}",
        "cmd|{\"cmd\":\"publish\"}",
        "cmd|{\"cmd\":[\"ping\"]}",
        "session_id|{\"cmd\":\"subscribe\"}",
        "session_id|{\"cmd\":\"subscribe\",\"session_id\":\"../x\"}",
        "session_id|{\"cmd\":\"unsubscribe\",\"session_id\":null}",
        "after|{\"cmd\":\"subscribe\",\"session_id\":\"q\",\"after\":-1}",
        "after|{\"cmd\":\"subscribe\",\"session_id\":\"q\",\"after\":1.5}",
        "after|{\"cmd\":\"subscribe\",\"session_id\":\"q\",\"after\":\"1\"}",
        "after|{\"cmd\":\"subscribe\",\"session_id\":\"q\",\"after\":1e999999999}",
        "after|{\"cmd\":\"subscribe\",\"session_id\":\"q\",\"after\":9223372036854775808}",
        "epoch|{\"cmd\":\"subscribe\",\"session_id\":\"q\",\"epoch\":5}",
        "epoch|{\"cmd\":\"subscribe\",\"session_id\":\"q\",\"epoch\":\"\"}",
      })
  void aWrongCommandIsRefusedByField(String field, String json) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> ClientCommand.parse(json.getBytes(UTF_8)))
        .satisfies(e -> assertThat(e.field()).isEqualTo(field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"ping\"", "5", "null", "[{\"cmd\":\"ping\"}]"})
  void aCommandIsAnObject(String json) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> ClientCommand.parse(json.getBytes(UTF_8)))
        .withMessage("A command must be a JSON object.");
  }

  @Test
  void twoCommandsInOneMessageAreMalformed() {
    assertThatExceptionOfType(MalformedJson.class)
        .isThrownBy(
            () -> ClientCommand.parse("{\"cmd\":\"ping\"}{\"cmd\":\"ping\"}".getBytes(UTF_8)));
  }

  @Test
  void aPositionMayBeZeroOrVeryLargeOrWrittenAsADecimal() {
    assertThat(subscribe("0").after()).isZero();
    assertThat(subscribe("9223372036854775807").after()).isEqualTo(Long.MAX_VALUE);
    assertThat(subscribe("17.0").after()).isEqualTo(17);
    assertThat(subscribe("null").after()).isNull();
  }

  private static Subscribe subscribe(String after) {
    String json = "{\"cmd\":\"subscribe\",\"session_id\":\"q\",\"after\":" + after + "}";
    return (Subscribe) ClientCommand.parse(json.getBytes(UTF_8));
  }
}
