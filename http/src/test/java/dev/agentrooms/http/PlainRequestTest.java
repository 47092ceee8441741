package dev.agentrooms.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.PlainRequest.Reading;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainRequestTest {

  private static final String LINE = "POST /p";
  private static final String START = "POST /p HTTP/1.1\r\nHost: a\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";

  @Test
  void aPlainRequestIsReadWhole() {
    Reading reading =
        read(START + JSON + "X-Internal-Token: t\r\nContent-Length: 10\r\n\r\n{\"a\":\"й\"}");

    assertThat(reading).isInstanceOf(Reading.Whole.class);
    PlainRequest request = ((Reading.Whole) reading).request();
    assertThat(request.body()).asString(UTF_8).isEqualTo("{\"a\":\"й\"}");
    assertThat(request.headers()).containsEntry("x-internal-token", "t");
  }

  @Test
  void namesAndTheMediaTypeAreReadInAnyCase() {
    assertThat(
            read(
                "POST /p HTTP/1.1\r\nHOST: a\r\ncontent-TYPE: Application/JSON; charset=utf-8\r\n"
                    + "CONTENT-length: 2\r\n\r\n{}"))
        .isInstanceOf(Reading.Whole.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\": 1"})
  void aBodyThatIsNotThereYetIsWaitedFor(String some) {
    assertThat(read(START + JSON + "Content-Length: 8\r\n\r\n" + some))
        .isEqualTo(Reading.Unfinished.INSTANCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "P",
        "POST /p HTTP/1.1\r\nHost: a\r\n",
        "POST /p HTTP/1.0\r\nHost: a\r\n" + JSON + "Content-Length: 2\r\n\r\n{}",
        "POST /p?x=1 HTTP/1.1\r\nHost: a\r\n" + JSON + "Content-Length: 2\r\n\r\n{}",
        "POST /pp HTTP/1.1\r\nHost: a\r\n" + JSON + "Content-Length: 2\r\n\r\n{}",
        "post /p HTTP/1.1\r\nHost: a\r\n" + JSON + "Content-Length: 2\r\n\r\n{}",
        "POST /p HTTP/1.1\r\n" + JSON + "Content-Length: 2\r\n\r\n{}",
        START + "Content-Length: 2\r\n\r\n{}",
        START + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
        START + "Content-Type: application/json; charset=latin1\r\nContent-Length: 2\r\n\r\n{}",
        START + JSON + "\r\n{}",
        START + JSON + "Content-Length: +2\r\n\r\n{}",
        START + JSON + "Content-Length: 2, 2\r\n\r\n{}",
        START + JSON + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        START + JSON + "Content-Length: 99999999999999999999\r\n\r\n{}",
        START + JSON + "Content-Length: 16385\r\n\r\n{}",
        START + JSON + "Content-Length: 1\r\n\r\n{}",
        START + JSON + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        START + JSON + "Content-Length: 2\r\nConnection: close\r\n\r\n{}",
        START + JSON + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n{}",
        START + JSON + "Content-Length: 2\r\nX-Unknown: x\r\n\r\n{}",
        START + JSON + "Content-Length : 2\r\n\r\n{}",
        START + JSON + "Content-Length:2\r\n\r\n{}",
        START + JSON + "Content-Length: 2\r\nTraceparent: \r\n\r\n{}",
        START + JSON + "Content-Length: 2\r\nTraceparent: a\r\n b\r\n\r\n{}",
        START + JSON + "Content-Length: 2\r\nTraceparent: a\u0000\r\n\r\n{}",
        START + JSON + "Content-Length: 2\r\nTraceparent: \u00e4\r\n\r\n{}",
        START + JSON + "Content-Length: 2\r\nTraceparent: a\nHost: b\r\n\r\n{}",
        "\r\n" + START + JSON + "Content-Length: 2\r\n\r\n{}",
      })
  void whateverElseItIsIsLeftToOthers(String request) {
    assertThat(read(request)).isEqualTo(Reading.Other.INSTANCE);
  }

  @Test
  void aLongHeadIsLeftToOthers() {
    assertThat(
            read(
                START
                    + JSON
                    + "Traceparent: "
                    + "x".repeat(5000)
                    + "\r\nContent-Length: 2\r\n\r\n{}"))
        .isEqualTo(Reading.Other.INSTANCE);
  }

  private static Reading read(String request) {
    return PlainRequest.read(ByteString.fromString(request), LINE);
  }
}
