package dev.agentrooms.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentrooms.protocol.InvalidField;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class QueriesTest {

  @Test
  void parametersAreReadByName() {
    Queries query = query("limit=20&after=a%7Eb&empty=&wait=5");
    assertThat(query.text("after")).isEqualTo("a~b");
    assertThat(query.integer("limit", 1, 200, 50)).isEqualTo(20);
    assertThat(query.integer("absent", 1, 200, 50)).isEqualTo(50);
    assertThat(query.integer("empty", 1, 200, 50)).isEqualTo(50);
    assertThat(query.seconds("wait", 1, 300)).isEqualTo(Duration.ofSeconds(5));
    assertThat(query.seconds("absent", 1, 300)).isNull();
    assertThat(query.required("after")).isEqualTo("a~b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "201",
        "-1",
        "1.0",
        "1e2",
        "x",
        "%20",
        "5%20",
        "+5",
        "%2B5",
        "99999999999999999999",
        "0x10",
        "%D9%A3",
        "5;drop",
        "true"
      })
  void aNumberThatIsNoneIsNamed(String value) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> query("limit=" + value).integer("limit", 1, 200, 50))
        .withMessage("limit must be an integer from 1 to 200")
        .satisfies(e -> assertThat(e.field()).isEqualTo("limit"));
  }

  @Test
  void aNumberThatIsGivenTwiceIsNamed() {
    for (String query : new String[] {"a=1&a=1", "a=1&b=2&a=3", "a=&a=1", "a&a", "a=1&a"}) {
      for (Consumer<Queries> reading :
          List.<Consumer<Queries>>of(
              q -> q.number("a", 0, 9),
              q -> q.strictNumber("a", 0, 9),
              q -> q.integer("a", 0, 9, 0),
              q -> q.seconds("a", 0, 9))) {
        assertThatExceptionOfType(InvalidField.class)
            .isThrownBy(() -> reading.accept(query(query)))
            .withMessage("a must not be given more than once")
            .satisfies(e -> assertThat(e.field()).isEqualTo("a"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait", "wait=", "a=1&wait=", "wait=%20", "wait=+"})
  void waitMustBeANumber(String query) {
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> query(query).seconds("wait", 1, 300))
        .withMessage("wait must be an integer from 1 to 300")
        .satisfies(e -> assertThat(e.field()).isEqualTo("wait"));
    assertThatExceptionOfType(InvalidField.class)
        .isThrownBy(() -> query(query).strictNumber("wait", 1, 300));
  }

  @Test
  void whatIsRequiredAndNotThereIsNamed() {
    for (String query : new String[] {"", "session_id", "session_id="}) {
      assertThatExceptionOfType(InvalidField.class)
          .isThrownBy(() -> query(query).required("session_id"))
          .withMessage("session_id is required");
    }
  }

  private static Queries query(String query) {
    return Queries.of(HttpRequest.GET("http://localhost/x?" + query));
  }
}
