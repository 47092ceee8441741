package dev.agentrooms.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class DeliveryTest {

  @Test
  void whatAHeaderSaysIsReadAndWritten() {
    Delivery delivery = Delivery.parse("7:12");

    assertThat(delivery).isEqualTo(new Delivery(7, 12));
    assertThat(delivery).hasToString("7:12");
    assertThat(Delivery.parse("9223372036854775807:1").life()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void itCoversWhatCameBeforeInTheSameLife() {
    Delivery latest = new Delivery(7, 12);

    assertThat(latest.covers(new Delivery(7, 12))).isTrue();
    assertThat(latest.covers(new Delivery(7, 1))).isTrue();
    assertThat(latest.covers(new Delivery(7, 13))).isFalse();
    assertThat(latest.covers(new Delivery(6, 1))).isFalse();
    assertThat(latest.covers(new Delivery(8, 1))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        ":",
        "7:",
        ":7",
        "7:0",
        "0:7",
        "-7:1",
        "7:1:1",
        "7 : 1",
        "a:1",
        "7:9223372036854775808"
      })
  void anythingElseIsNoDelivery(String header) {
    assertThatThrownBy(() -> Delivery.parse(header))
        .isInstanceOf(InvalidField.class)
        .hasMessageContaining("X-Delivery");
  }
}
