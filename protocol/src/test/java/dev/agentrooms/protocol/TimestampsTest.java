package dev.agentrooms.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
@net.jqwik.api.Tag("unit")
class TimestampsTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T10:00:00Z, 2026-11-22T10:00:00Z",
    "2026-11-22T10:00:00.1Z, 2026-11-22T10:00:00.100Z",
    "2026-11-22T10:00:00.000000001Z, 2026-11-22T10:00:00.000000001Z",
    "2024-02-29T23:59:59.999999999Z, 2024-02-29T23:59:59.999999999Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "1969-12-31T23:59:59.5Z, 1969-12-31T23:59:59.500Z",
    "2026-11-22T10:00:00+05:30, 2026-11-22T04:30:00Z",
    "2026-11-22T10:00Z, 2026-11-22T10:00:00Z",
  })
  void aTimeIsReadWithItsOffset(String text, String instant) {
    assertThat(Timestamps.parse(text)).isEqualTo(Instant.parse(instant));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-11-22",
        "2026-11-22T10:00:00",
        "2026-11-22 10:00:00Z",
        "2026-11-22T10:00:00ZZ",
        "2026-11-22T10:00:00.0000000001Z",
        "2026-11-22T10:00:00.1 Z",
        "2026-11-22T10:00:00,1Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:60:00Z",
        "2026-11-22T10:00:60Z",
        "2026-00-22T10:00:00Z",
        "2026-13-22T10:00:00Z",
        "2026-11-00T10:00:00Z",
        "2026-02-29T10:00:00Z",
        "2026-11-31T10:00:00Z",
        "2026-11-2\u0662T10:00:00Z",
      })
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> Timestamps.parse(text)).isInstanceOf(DateTimeException.class);
  }

  @Property
  void everyTimeIsReadAsItWasWritten(
      @ForAll @LongRange(min = -62_135_596_800L, max = 253_402_300_799L) long second,
      @ForAll @IntRange(max = 999_999_999) int nano) {
    Instant instant = Instant.ofEpochSecond(second, nano);

    assertThat(Timestamps.parse(instant.toString())).isEqualTo(instant);
  }

  @Property(tries = 5_000)
  void aSlipIsJudgedAsTheGeneralParserDoes(
      @ForAll @IntRange(max = 23) int at, @ForAll @CharRange(from = '+', to = 'Z') char slip) {
    StringBuilder text = new StringBuilder("2024-02-28T19:38:47.123Z");
    text.setCharAt(at, slip);

    assertThat(outcome(() -> Timestamps.parse(text.toString())))
        .isEqualTo(outcome(() -> OffsetDateTime.parse(text).toInstant()));
  }

  private static Object outcome(java.util.function.Supplier<Instant> parsing) {
    try {
      return parsing.get();
    } catch (DateTimeException e) {
      return "refused";
    }
  }
}
