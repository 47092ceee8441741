package dev.agentrooms.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class OriginsTest {

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8150, localhost:8150",
    "HTTP://LocalHost:8150, localhost:8150",
    "http://rooms.example, rooms.example",
    "http://rooms.example, rooms.example:80",
    "http://rooms.example:80, Rooms.Example",
    "https://rooms.example, rooms.example",
    "https://rooms.example:443, rooms.example:",
    "http://[::1]:8150, [::1]:8150",
  })
  void theSameOriginIsAllowed(String origin, String host) {
    assertThat(Origins.parse("").allows(List.of(origin), host)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.example, rooms.example",
    "http://rooms.example.evil.example, rooms.example",
    "http://sub.rooms.example, rooms.example",
    "http://localhost:8151, localhost:8150",
    "http://localhost, localhost:8150",
    "https://rooms.example, rooms.example:80",
    "tauri://rooms.example, rooms.example",
    "tauri://rooms.example:80, rooms.example:80",
    "http://rooms.example, ''",
  })
  void anotherOriginIsRefused(String origin, String host) {
    assertThat(Origins.parse("").allows(List.of(origin), host)).isFalse();
  }

  @Test
  void aClientWithoutAnOriginIsAllowed() {
    assertThat(Origins.parse("").allows(List.of(), "localhost:8150")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "localhost",
        "//localhost",
        "http://",
        "http://localhost/",
        "http://localhost/ws",
        "http://user@localhost",
        "http://localhost:",
        "http://localhost:65536",
        "http://localhost:8150x",
        "http://localhost http://localhost",
        "http://localhost, http://localhost",
        "http://local host",
      })
  void aMalformedOriginIsRefusedEvenWhereAnyMayCome(String origin) {
    assertThat(Origins.parse("*").allows(List.of(origin), "localhost")).isFalse();
  }

  @Test
  void severalOriginsAreRefusedEvenWhereAnyMayCome() {
    assertThat(
            Origins.parse("*").allows(List.of("http://localhost", "http://localhost"), "localhost"))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example, true",
    "http://a.example:80, true",
    "https://B.example, true",
    "https://b.example:443, true",
    "tauri://localhost, true",
    "https://a.example, false",
    "http://a.example:8080, false",
    "http://b.example, false",
    "http://rooms.example, true",
  })
  void listedOriginsAreAllowedBesidesTheSameOne(String origin, boolean allowed) {
    var origins = Origins.parse("http://A.example:80 , https://b.example,, tauri://localhost");

    assertThat(origins.allows(List.of(origin), "rooms.example")).isEqualTo(allowed);
  }

  @Test
  void anyOriginIsAllowedByAStar() {
    assertThat(Origins.parse("*").allows(List.of("https://evil.example"), "localhost")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.example", "http://a.example/", "*.example", "null", "http://a:70000"})
  void aSettingThatIsNoOriginIsNamed(String entry) {
    assertThatThrownBy(() -> Origins.parse("http://fine.example, " + entry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(entry);
  }

  @Test
  void aRequestIsJudgedByItsOriginAndHostHeaders() {
    var request =
        HttpRequest.GET("/ws")
            .addHeader(Host.create("localhost", 8150))
            .addHeader(RawHeader.create("Origin", "http://localhost:8150"));

    assertThat(Origins.parse("").allows(request)).isTrue();
    assertThat(
            Origins.parse("")
                .allows(request.addHeader(RawHeader.create("origin", "http://evil.example"))))
        .isFalse();
  }
}
