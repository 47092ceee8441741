package dev.agentrooms.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class RetryAfterTest {

  @ParameterizedTest
  @CsvSource({
    "7, PT7S",
    "0, PT0S",
    "' 120 ', PT2M",
    "'Fri, 27 Nov 2026 10:00:30 GMT', PT30S",
    "'Fri, 27 Nov 2026 09:59:30 GMT', ",
    "-1, ",
    "1.5, ",
    "9999999999, ",
    "soon, ",
    "'', ",
  })
  void aPauseIsInSecondsOrUntilADateOfTheServicesClock(String value, @Nullable Duration pause) {
    HttpHeaders headers =
        HttpHeaders.of(
            Map.of("Retry-After", List.of(value), "Date", List.of("Fri, 27 Nov 2026 10:00:00 GMT")),
            (name, each) -> true);
    assertThat(RetryAfter.of(headers)).isEqualTo(pause);
  }
}
