package dev.agentrooms.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class SettingsTest {

  enum Kind {
    ROOM,
    HTTP
  }

  static Stream<Arguments> good() {
    return Stream.of(
        good("8080", s -> s.port("x"), 8080),
        good("\"8080\"", s -> s.port("x"), 8080),
        good("0", s -> s.port("x"), 0),
        good("65535", s -> s.port("x"), 65535),
        good("5.0", s -> s.integer("x", 1, 9), 5),
        good("30s", s -> s.duration("x"), Duration.ofSeconds(30)),
        good("1500", s -> s.duration("x"), Duration.ofMillis(1500)),
        good("366d", s -> s.duration("x"), Duration.ofDays(366)),
        good("4MiB", s -> s.size("x"), 4 << 20),
        good("1GiB", s -> s.size("x"), 1 << 30),
        good("\"http://h:80/a\"", s -> s.url("x"), URI.create("http://h:80/a")),
        good("\"HTTPS://h/\"", s -> s.url("x"), URI.create("HTTPS://h")),
        good("\"http://[::1]:8350\"", s -> s.url("x"), URI.create("http://[::1]:8350")),
        good("room", s -> s.oneOf("x", Kind.class), Kind.ROOM),
        good("\" http \"", s -> s.oneOf("x", Kind.class), Kind.HTTP),
        good("\" a, b ,,c \"", s -> s.list("x"), java.util.List.of("a", "b", "c")),
        good("\"\"", s -> s.list("x"), java.util.List.of()),
        good("\" a \"", s -> s.nonEmpty("x"), "a"));
  }

  private static Arguments good(String value, Function<Settings, Object> getter, Object expected) {
    return Arguments.of(value, getter, expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("good")
  void aSettingIsRead(String value, Function<Settings, Object> getter, Object expected) {
    assertThat(getter.apply(settings(value))).isEqualTo(expected);
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        bad("70000", s -> s.port("x")),
        bad("-1", s -> s.port("x")),
        bad("80.5", s -> s.port("x")),
        bad("\"80.5\"", s -> s.port("x")),
        bad("99999999999", s -> s.port("x")),
        bad("1e3", s -> s.integer("x", 1, 9)),
        bad("[1]", s -> s.port("x")),
        bad("null", s -> s.port("x")),
        bad("\"0x50\"", s -> s.port("x")),
        bad("0ms", s -> s.duration("x")),
        bad("-1s", s -> s.duration("x")),
        bad("367d", s -> s.duration("x")),
        bad("999999999999999999999d", s -> s.duration("x")),
        bad("9223372036854775807d", s -> s.duration("x")),
        bad("infinite", s -> s.duration("x")),
        bad("0", s -> s.size("x")),
        bad("-4KiB", s -> s.size("x")),
        bad("1025MiB", s -> s.size("x")),
        bad("99999999999999999999", s -> s.size("x")),
        bad("\"//h\"", s -> s.url("x")),
        bad("\"h:80\"", s -> s.url("x")),
        bad("\"http://h:port\"", s -> s.url("x")),
        bad("\"http://h:65536\"", s -> s.url("x")),
        bad("\"http:///p\"", s -> s.url("x")),
        bad("\"ws://h\"", s -> s.url("x")),
        bad("\"http://h?q\"", s -> s.url("x")),
        bad("\"http://[::1\"", s -> s.url("x")),
        bad("\"ROOM\"", s -> s.oneOf("x", Kind.class)),
        bad("\"\"", s -> s.oneOf("x", Kind.class)),
        bad("\"a b\"", s -> s.optionalToken("x")),
        bad("\"a\\nb\"", s -> s.optionalToken("x")),
        bad("тайна", s -> s.optionalToken("x")),
        bad("\" \"", s -> s.nonEmpty("x")));
  }

  private static Arguments bad(String value, Function<Settings, Object> getter) {
    return Arguments.of(value, getter);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void whatCannotBeRightIsNamed(String value, Function<Settings, Object> getter) {
    assertThatExceptionOfType(BadSetting.class)
        .isThrownBy(() -> getter.apply(settings(value)))
        .satisfies(e -> assertThat(e.getMessage()).startsWith("x: ").doesNotContain("\n"));
  }

  @Test
  void whatIsMissingIsNamed() {
    Settings none = Settings.of(ConfigFactory.empty());
    assertThatExceptionOfType(BadSetting.class)
        .isThrownBy(() -> none.text("a.b"))
        .withMessageStartingWith("a.b: ");
  }

  @Test
  void anEmptyTextIsNone() {
    assertThat(settings("\" \"").optionalText("x")).isNull();
    assertThat(settings("a").optionalText("x")).isEqualTo("a");
    assertThat(settings("\"\"").optionalToken("x")).isNull();
    assertThat(settings("\"s3cr=t~\"").optionalToken("x")).isEqualTo("s3cr=t~");
  }

  @Test
  void everythingLoads() {
    assertThat(Settings.load().getString("pekko.actor.provider")).isEqualTo("cluster");
  }

  private static Settings settings(String value) {
    return Settings.of(ConfigFactory.parseString("x = " + value));
  }
}
