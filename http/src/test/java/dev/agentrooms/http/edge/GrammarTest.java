package dev.agentrooms.http.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The lines of a request, byte by byte.
@Tag("unit")
class GrammarTest {

  private static final String ALPHANUMERIC =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String TCHAR = "!#$%&'*+-.^_`|~" + ALPHANUMERIC;
  private static final String URI_CHARS = "-._~!$&'()*+,;=:@/?[]" + ALPHANUMERIC;

  @Test
  void aMethodIsAToken() {
    for (int b = 0; b < 256; b++) {
      String line = "G" + (char) b + "T / HTTP/1.1";
      assertThat(Grammar.requestLine(line) == null).as("%x", b).isEqualTo(TCHAR.indexOf(b) >= 0);
      assertThat(Grammar.mayBegin((byte) b)).as("%x", b).isEqualTo(TCHAR.indexOf(b) >= 0);
    }
  }

  @Test
  void aTargetHasTheLettersOfAUri() {
    for (int b = 0; b < 256; b++) {
      String target = "/a" + (char) b + "b";
      assertThat(Grammar.isTarget(target)).as("%x", b).isEqualTo(URI_CHARS.indexOf(b) >= 0);
      assertThat(Grammar.isTarget("/%4" + (char) b))
          .as("%x", b)
          .isEqualTo("0123456789abcdefABCDEF".indexOf(b) >= 0);
      assertThat(Grammar.isTarget("/%" + (char) b + "4"))
          .as("%x", b)
          .isEqualTo("0123456789abcdefABCDEF".indexOf(b) >= 0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET",
        "GET ",
        "GET /",
        "GET / ",
        "GET  / HTTP/1.1",
        "GET /  HTTP/1.1",
        " GET / HTTP/1.1",
        "GET / HTTP/1.1 ",
        "GET / HTTP/1.1 x",
        "GET / http/1.1",
        "GET / HTTP/1.2",
        "GET / HTTP/2.0",
        "GET / HTTP/11",
        "GET /% HTTP/1.1",
        "GET /%4 HTTP/1.1",
        "GET\t/\tHTTP/1.1"
      })
  void aRequestLineHasThreePartsAndAKnownVersion(String line) {
    assertThat(Grammar.requestLine(line)).isNotNull();
  }

  @Test
  void aFieldIsATokenAColonAndAValueWithoutControls() {
    for (int b = 0; b < 256; b++) {
      boolean isName = TCHAR.indexOf(b) >= 0 || b == ':';
      boolean isValue = b == '\t' || (b >= 32 && b != 127);
      assertThat(Grammar.fieldLine("X" + (char) b + "Y: z") == null).as("%x", b).isEqualTo(isName);
      assertThat(Grammar.fieldLine((char) b + "Y: z") == null)
          .as("%x", b)
          .isEqualTo(isName && b != ':');
      assertThat(Grammar.fieldLine("X: a" + (char) b + "z") == null).as("%x", b).isEqualTo(isValue);
    }
  }

  @Test
  void fieldsHaveABound() {
    assertThat(Grammar.fieldLine("n".repeat(256) + ": v")).isNull();
    assertThat(Grammar.fieldLine("n".repeat(257) + ": v"))
        .extracting(Grammar.Fault::status)
        .isEqualTo(431);
    assertThat(Grammar.fieldLine("n:" + "v".repeat(8191))).isNull();
    assertThat(Grammar.fieldLine("n:" + "v".repeat(8192)))
        .extracting(Grammar.Fault::status)
        .isEqualTo(431);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0|0",
        "1|1",
        "a|10",
        "A|10",
        "00f|15",
        "ffffffff|4294967295",
        "2;a|2",
        "2;a=b|2",
        "2;a=\"b\"|2",
        "2;a=\"\"|2",
        "2;a=\"b;c\"|2",
        "2;a=\"\\\"\"|2",
        "2; a|2",
        "2;a = b|2",
        "2;a=\"b\";c|2"
      })
  void aChunksSizeIsReadAndItsExtensionsAreNot(String line, long size) {
    assertThat(Grammar.chunkSize(line)).isEqualTo(size);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "g",
        "-1",
        "+1",
        "0x1",
        "1 ",
        " 1",
        "1\t",
        "123456789",
        "1 ;a",
        "1;",
        "1;;",
        "1; ",
        "1;a ",
        "1;=",
        "1;a=",
        "1;a=b=c",
        "1;a b",
        "1;a=\"",
        "1;a=\"b",
        "1;a=\"b\\",
        "1;a=\"b\\\"",
        "1;a=\"b\"c",
        "1;a=\"\u0001\"",
        "1;a\u007f",
        "1;a=\"\\\u0001\"",
        "1,2",
        "1\r"
      })
  void aChunksSizeThatIsNone(String line) {
    assertThat(Grammar.chunkSize(line)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST",
        "localhost:",
        "a.b:0",
        "a:65535",
        "[::1]",
        "[::1]:80",
        "127.0.0.1:8150",
        "a_b",
        "a-b"
      })
  void aHost(String host) {
    assertThat(Grammar.isHost(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "a:65536",
        "a:999999",
        "a:x",
        "a:-1",
        "a b",
        "a/b",
        "a@b",
        "[::1",
        "::1",
        "[]",
        "[g]",
        "a:1:2",
        "a\tb",
        "a#b",
        "a?b",
        "\u00e9"
      })
  void noHost(String host) {
    assertThat(Grammar.isHost(host)).isFalse();
  }
}
