package dev.agentrooms.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class LocalTimeTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T09:59:48Z, 12 s ago",
    "2026-11-22T09:00:01Z, 59 min ago",
    "2026-11-22T08:30:00Z, 09:30",
    "2026-11-21T22:59:00Z, 2026-11-21 23:59",
    "2026-11-22T10:00:01Z, 11:00",
    "yesterday, yesterday",
  })
  void timesAreThoseOfTheReadersClock(String wire, String shown) {
    assertThat(
            LocalTime.of(wire, Instant.parse("2026-11-22T10:00:00Z"), ZoneId.of("Europe/Berlin")))
        .isEqualTo(shown);
  }
}
