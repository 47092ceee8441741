package dev.agentrooms.tools;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.RawServer.Manners;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.Toolbox.Attempt;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tools over HTTP: good, failing and hostile ones.
@Tag("wire")
class HttpToolsTest {

  private static final int MAX = 64 * 1024;
  private static final ToolClient CLIENT = Given.client();
  private static final WireMockServer TOOLS = new WireMockServer(wireMockConfig().dynamicPort());

  static {
    TOOLS.start();
  }

  @AfterAll
  static void stop() {
    TOOLS.stop();
  }

  @BeforeEach
  void forget() {
    TOOLS.resetAll();
  }

  @ParameterizedTest
  @CsvSource({
    "rag_search, /base/search",
    "rag_answer, /base/rag",
    "generate_exam, /base/api/generate",
    "grade_exam, /base/api/grade",
  })
  void aToolIsSentItsInputAndItsAnswerComesBack(String tool, String path) throws Exception {
    answer(path, 200, Json.encode(Given.answer(tool)));
    assertThat(call(URI.create(TOOLS.baseUrl() + "/base"), tool)).isEqualTo(Given.success(tool));
    TOOLS.verify(
        1,
        postRequestedFor(urlEqualTo(path))
            .withHeader("Content-Type", equalTo("application/json"))
            .withHeader("X-Session-Id", equalTo(Given.SESSION))
            .withHeader("X-Run-Id", equalTo("r-1"))
            .withHeader("Idempotency-Key", equalTo("r-1.retrieval.1"))
            .withHeader("traceparent", matching("00-[0-9a-f]{32}-[0-9a-f]{16}-01"))
            .withRequestBody(equalToJson(Given.arguments(tool).toString())));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 418, 429, 500, 502, 503, 504, 302})
  void anotherStatusIsAFailureWithItsNumber(int status) throws Exception {
    answer("/search", status, Json.encode(Given.answer("rag_search")));
    ToolResult.Failed failed = failed(call(tools(), "rag_search"));
    assertThat(failed.reason()).isEqualTo(Reason.HTTP_STATUS);
    assertThat(failed.status()).isEqualTo(status);
    assertThat(isTriedAgain(failed)).isEqualTo(status == 429 || status == 503);
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    TOOLS.stubFor(
        post("/search")
            .willReturn(aResponse().withStatus(307).withHeader("Location", "/elsewhere")));
    answer("/elsewhere", 200, Json.encode(Given.answer("rag_search")));
    assertThat(failed(call(tools(), "rag_search")).status()).isEqualTo(307);
    TOOLS.verify(0, postRequestedFor(urlEqualTo("/elsewhere")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ok",
        "<html></html>",
        "{",
        "[]",
        "null",
        "{\"chunks\":5}",
        "{\"chunks\":[{}]}",
        "{\"answers\":[]}",
        "{\"chunks\":[]}{}",
        "{\"chunks\":[{\"id\":\"a\",\"text\":\"\\ud800\"}]}",
        "{\"chunks\":[],\"x\":1e99999999999}"
      })
  void anAnswerThatIsNotWhatItShouldBeIsInvalid(String body) throws Exception {
    answer("/search", 200, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    ToolResult.Failed failed = failed(call(tools(), "rag_search"));
    assertThat(failed.reason()).isEqualTo(Reason.INVALID_ANSWER);
    assertThat(isTriedAgain(failed)).isFalse();
  }

  @Test
  void deeplyNestedAnswersAreInvalid() throws Exception {
    answer("/search", 200, ("[".repeat(30_000)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(failed(call(tools(), "rag_search")).reason()).isEqualTo(Reason.INVALID_ANSWER);
  }

  @ParameterizedTest
  @EnumSource
  void aFaultyConnectionIsAFailure(Fault fault) throws Exception {
    TOOLS.stubFor(post("/search").willReturn(aResponse().withFault(fault)));
    ToolResult.Failed failed = failed(call(tools(), "rag_search"));
    assertThat(failed.reason()).isIn(Reason.CONNECTION_LOST, Reason.INVALID_ANSWER);
    assertThat(isTriedAgain(failed)).isFalse();
  }

  @Test
  void aServiceThatIsNotThereMayBeTriedAgain() throws Exception {
    ToolResult.Failed failed = failed(call(RawServer.nobody(), "rag_search"));
    assertThat(failed.reason()).isEqualTo(Reason.CONNECTION_REFUSED);
    assertThat(isTriedAgain(failed)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing          | ''",
        "half a line      | HTTP/1.1 20",
        "half a head      | HTTP/1.1 200 OK~Content-Type: application/json~",
        "half a body      | HTTP/1.1 200 OK~Content-Length: 1000~~{\"chunks\":",
        "half a chunk     | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~ff~{\"chunks\":",
        "no last chunk    | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~d~{\"chunks\":[]}~",
        "not HTTP         | SSH-2.0-OpenSSH_9.6~~",
        "a wrong status   | HTTP/1.1 XXX OK~~",
        "a wrong length   | HTTP/1.1 200 OK~Content-Length: -5~~",
        "a wrong chunk    | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~",
        "a second length  | HTTP/1.1 200 OK~Content-Length: x~~{}",
      })
  void anAnswerThatBreaksOffIsALostConnection(String what, String answer) throws Exception {
    Manners manners =
        connection -> {
          connection.send(answer.replace("~", "\r\n"));
          connection.socket().close();
        };
    try (RawServer server = new RawServer(manners)) {
      ToolResult.Failed failed = failed(call(server.uri(), "rag_search"));
      assertThat(failed.reason()).as(what).isEqualTo(Reason.CONNECTION_LOST);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aResetIsALostConnectionAndNotTriedAgainUnasked() throws Exception {
    try (RawServer server = new RawServer(RawServer.Connection::reset)) {
      assertThat(failed(call(server.uri(), "rag_search")).reason())
          .isEqualTo(Reason.CONNECTION_LOST);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "silence     | ''",
        "a slow head | HTTP/1.1 200 OK~X-Slow: ",
        "a slow body | HTTP/1.1 200 OK~Content-Length: 1000~~{\"chunks\":",
        "slow chunks | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~d~{\"chunks\":",
      })
  void aCancelClosesTheConnectionAtTheTool(String what, String answer) throws Exception {
    Manners manners =
        connection -> {
          connection.send(answer.replace("~", "\r\n"));
          connection.waitForClose();
        };
    try (RawServer server = new RawServer(manners)) {
      Attempt attempt = start(server.uri(), "rag_search");
      server.awaitRequest();
      assertThat(attempt.ended().toCompletableFuture()).as(what).isNotDone();
      attempt.cancel();
      assertThat(end(attempt)).isEqualTo(new ToolResult.Stopped());
      server.awaitClose();
      attempt.cancel();
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aCancelStopsATrickle() throws Exception {
    Manners manners =
        connection -> {
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
          connection.socket().setSoTimeout(5);
          while (true) {
            connection.send(" ");
            try {
              if (connection.socket().getInputStream().read() < 0) {
                return;
              }
            } catch (java.net.SocketTimeoutException e) {
              // Not closed yet; the next byte is due.
            }
          }
        };
    try (RawServer server = new RawServer(manners)) {
      Attempt attempt = start(server.uri(), "rag_search");
      server.awaitRequest();
      attempt.cancel();
      assertThat(end(attempt)).isEqualTo(new ToolResult.Stopped());
      server.awaitClose();
    }
  }

  @Test
  void aCancelAfterTheEndChangesNothing() throws Exception {
    answer("/search", 200, Json.encode(Given.answer("rag_search")));
    Attempt attempt = start(tools(), "rag_search");
    assertThat(end(attempt)).isEqualTo(Given.success("rag_search"));
    attempt.cancel();
    assertThat(end(attempt)).isEqualTo(Given.success("rag_search"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a declared gigabyte | Content-Length: 1073741824~~",
        "endless chunks      | Transfer-Encoding: chunked~~",
        "no length at all    | Connection: close~~",
      })
  void ofAnAnswerThatIsTooLongOnlySoMuchIsTaken(String what, String head) throws Exception {
    AtomicLong sent = new AtomicLong();
    String kilobyte = "x".repeat(1024);
    String part = head.contains("chunked") ? "400\r\n" + kilobyte + "\r\n" : kilobyte;
    Manners manners =
        connection -> {
          connection.send("HTTP/1.1 200 OK\r\n" + head.replace("~", "\r\n"));
          while (sent.get() < 1L << 30) {
            connection.send(part);
            sent.addAndGet(part.length());
          }
        };
    try (RawServer server = new RawServer(manners)) {
      ToolResult.Failed failed = failed(call(server.uri(), "rag_search"));
      assertThat(failed.reason()).as(what).isEqualTo(Reason.ANSWER_TOO_LARGE);
      assertThat(isTriedAgain(failed)).isFalse();
      // The server could not go on sending.
      server.awaitClose();
      assertThat(sent.get()).isLessThan(64L << 20);
    }
  }

  @Test
  void anEndlessHeadIsNotTakenEither() throws Exception {
    AtomicLong sent = new AtomicLong();
    Manners manners =
        connection -> {
          connection.send("HTTP/1.1 200 OK\r\n");
          while (sent.get() < 1L << 30) {
            connection.send("X-" + sent + ": " + "y".repeat(1000) + "\r\n");
            sent.addAndGet(1000);
          }
        };
    try (RawServer server = new RawServer(manners)) {
      assertThat(failed(call(server.uri(), "rag_search")).reason())
          .isEqualTo(Reason.CONNECTION_LOST);
      server.awaitClose();
      assertThat(sent.get()).isLessThan(64L << 20);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.6~~",
        "HTTP/1.1 XXX OK~~",
        "HTTP/1.1 200 OK~Content-Length: x~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~",
      })
  void aConnectionWithoutHttpIsClosedAndOthersGoOn(String answer) throws Exception {
    answer("/search", 200, Json.encode(Given.answer("rag_search")));
    CountDownLatch go = new CountDownLatch(1);
    Manners slow =
        connection -> {
          go.await();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"chunks\":[]}");
          connection.waitForClose();
        };
    Manners garbage =
        connection -> {
          connection.send(answer.replace("~", "\r\n"));
          connection.waitForClose();
        };
    try (RawServer other = new RawServer(slow);
        RawServer server = new RawServer(garbage)) {
      Attempt underWay = start(other.uri(), "rag_search");
      other.awaitRequest();
      assertThat(failed(call(server.uri(), "rag_search")).reason())
          .isEqualTo(Reason.CONNECTION_LOST);
      assertThat(call(tools(), "rag_search")).isEqualTo(Given.success("rag_search"));
      go.countDown();
      assertThat(end(underWay)).isInstanceOf(ToolResult.Succeeded.class);
      server.awaitClose();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void anAnswerMayBeAsLongAsTheLimit(int over) throws Exception {
    byte[] whole = new byte[MAX + over];
    java.util.Arrays.fill(whole, (byte) ' ');
    byte[] json = Json.encode(Given.answer("rag_search"));
    System.arraycopy(json, 0, whole, 0, json.length);
    answer("/search", 200, whole);
    ToolResult result = call(tools(), "rag_search");
    if (over == 0) {
      assertThat(result).isEqualTo(Given.success("rag_search"));
    } else {
      assertThat(failed(result).reason()).isEqualTo(Reason.ANSWER_TOO_LARGE);
    }
  }

  @Test
  void toolsThatHangDoNotHinderOthers() throws Exception {
    answer("/search", 200, Json.encode(Given.answer("rag_search")));
    try (RawServer stuck = new RawServer(RawServer.Connection::waitForClose)) {
      Attempt[] attempts = new Attempt[200];
      for (int i = 0; i < attempts.length; i++) {
        attempts[i] = start(stuck.uri(), "rag_search");
      }
      for (Attempt unused : attempts) {
        stuck.awaitRequest();
      }
      assertThat(call(tools(), "rag_search")).isEqualTo(Given.success("rag_search"));
      for (Attempt attempt : attempts) {
        attempt.cancel();
      }
      for (Attempt attempt : attempts) {
        assertThat(end(attempt)).isEqualTo(new ToolResult.Stopped());
        stuck.awaitClose();
      }
    }
  }

  private static void answer(String path, int status, byte[] body) {
    TOOLS.stubFor(post(path).willReturn(aResponse().withStatus(status).withBody(body)));
  }

  private static URI tools() {
    return URI.create(TOOLS.baseUrl());
  }

  private static Attempt start(URI tools, String tool) {
    return new HttpTools(CLIENT, MAX).call(Given.call(Given.builtIn(tools).get(tool)));
  }

  private static boolean isTriedAgain(ToolResult.Failed failed) {
    return Given.builtIn(tools()).get("rag_search").pauseAfter(failed, 1).isPresent();
  }

  private static ToolResult call(URI tools, String tool) throws Exception {
    return end(start(tools, tool));
  }

  private static ToolResult end(Attempt attempt) throws Exception {
    return attempt.ended().toCompletableFuture().get(RawServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static ToolResult.Failed failed(ToolResult result) {
    assertThat(result).isInstanceOf(ToolResult.Failed.class);
    return (ToolResult.Failed) result;
  }
}
