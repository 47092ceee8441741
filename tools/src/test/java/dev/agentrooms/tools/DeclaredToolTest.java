package dev.agentrooms.tools;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.ToolResult.Failed;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.ToolResult.Succeeded;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests and answers of declared tools.
@Tag("wire")
class DeclaredToolTest {

  private static final WireMockServer SERVICE = new WireMockServer(wireMockConfig().dynamicPort());
  private static final HttpTools TOOLS = new HttpTools(Given.client(), 64 * 1024);

  static {
    SERVICE.start();
  }

  @AfterAll
  static void stop() {
    SERVICE.stop();
  }

  @BeforeEach
  void answerAll() {
    SERVICE.resetAll();
    answer(ok("{\"ticket\":{\"id\":4711,\"from\":\"a@b\"}}"));
  }

  @Test
  void aRequestIsMadeOfTemplates() throws Exception {
    ToolResult result =
        call(
            """
            http { method = PUT, url = "$URL/tickets/{{input.ticket}}?q={{question}}"
                   headers { Authorization = "Bearer {{input.token}}", Accept = "application/vnd.desk+json" }
                   body { text = "{{arguments.text}}", urgent = "{{input.urgent?}}", n = 1 } }
            result = ticket.from
            """,
            "{'text':'Hi \\\"there\\\"'}");
    assertThat(result).isEqualTo(new Succeeded(Given.json("'a@b'")));
    LoggedRequest request = received();
    assertThat(request.getMethod().value()).isEqualTo("PUT");
    assertThat(request.getUrl()).isEqualTo("/tickets/47%2F11?q=Why%3F");
    assertThat(request.getHeader("Authorization")).isEqualTo("Bearer s3cret");
    assertThat(request.getHeader("Accept")).isEqualTo("application/vnd.desk+json");
    assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
    assertThat(request.getHeader("X-Session-Id")).isEqualTo(Given.SESSION);
    assertThat(request.getHeader("X-Run-Id")).isEqualTo("r-1");
    assertThat(request.getHeader("Idempotency-Key")).isEqualTo("r-1.retrieval.1");
    assertThat(request.getHeader("traceparent")).startsWith("00-");
    assertThat(Json.parse(request.getBody()))
        .isEqualTo(Given.json("{'text':'Hi \\\"there\\\"','urgent':null,'n':1}"));
  }

  @Test
  void aToolThatGivesTextTakesAnyKindOfIt() throws Exception {
    call("http { method = GET, url = \"$URL/\" }, answer = text", "{}");
    assertThat(received().getHeader("Accept")).isEqualTo("*/*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void aMethodWithoutABodySendsNone(String method) throws Exception {
    assertThat(call("http { method = " + method + ", url = \"$URL/\" }", "{'a':1}"))
        .isInstanceOf(Succeeded.class);
    assertThat(received().getBody()).isEmpty();
    SERVICE.verify(
        1,
        com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor(anyUrl())
            .withHeader("Content-Type", absent()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH"})
  void withoutABodyOfItsOwnTheArgumentsAreTheBody(String method) throws Exception {
    call("http { method = " + method + ", url = \"$URL/\" }", "{'a':1}");
    assertThat(Json.parse(received().getBody())).isEqualTo(Given.json("{'a':1}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url = \"$URL/{{input.nothing}}\" | has no value",
        "url = \"$URL/{{input.dots}}\" | A segment of the URL would be",
        "url = \"$URL/\", headers { X = \"{{input.lines}}\" } | The header X would have",
        "url = \"$URL/\", headers { X = \"{{input.cr}}\" } | The header X would have",
        "url = \"$URL/\", headers { X = \"{{input.umlaut}}\" } | The header X would have",
        "url = \"$URL/\", headers { X = \"{{input}}\" } | {{input}} is no text",
        "url = \"$URL/\", body { x = \"{{input.nothing}}\" } | has no value",
      })
  void whatDoesNotFitIsNotSent(String request, String why) throws Exception {
    Failed failed = failed(call("http { method = POST, " + request + " }", "{}"));
    assertThat(failed.reason()).isEqualTo(Reason.TEMPLATE);
    assertThat(failed.detail()).contains(why).endsWith(".");
    assertThat(SERVICE.getAllServeEvents()).isEmpty();
  }

  @Test
  void argumentsThatDoNotFitAreNotSent() throws Exception {
    Failed failed =
        failed(
            call(
                """
                http { method = POST, url = "$URL/" }
                parameters { type = object, required = [text], properties { text { type = string } } }
                """,
                "{'text':5}"));
    assertThat(failed.reason()).isEqualTo(Reason.INVALID_ARGUMENTS);
    assertThat(failed.detail()).isEqualTo("arguments.text must be of the type string.");
    assertThat(SERVICE.getAllServeEvents()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "answer = text | plain | \"plain\"",
        "answer = text | 5 | \"5\"",
        "answer { type = array } | [1,2] | [1,2]",
        "result = a.0.b | {\"a\":[{\"b\":5}]} | 5",
        "idempotent = false | 5 | 5",
      })
  void anAnswerIsReadAsTheToolSays(String tool, String body, String output) throws Exception {
    answer(ok(body));
    assertThat(call("http { method = GET, url = \"$URL/\" }\n" + tool, "{}"))
        .isEqualTo(new Succeeded(Given.json(output)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "idempotent = false | plain",
        "idempotent = false | <html></html>",
        "idempotent = false | ''",
        "answer { type = array } | {}",
        "result = a.0.b | {\"a\":[]}",
        "result = a | {\"a\":null}",
      })
  void anAnswerOfAnotherKindIsInvalid(String tool, String body) throws Exception {
    answer(ok(body));
    Failed failed = failed(call("http { method = GET, url = \"$URL/\" }\n" + tool, "{}"));
    assertThat(failed.reason()).isEqualTo(Reason.INVALID_ANSWER);
    assertThat(failed.status()).isEqualTo(200);
  }

  @Test
  void noContentIsNull() throws Exception {
    answer(status(204));
    assertThat(call("http { method = DELETE, url = \"$URL/\" }", "{}"))
        .isEqualTo(new Succeeded(Given.json("null")));
    assertThat(
            failed(call("http { method = GET, url = \"$URL/\" }, answer { type = object }", "{}"))
                .reason())
        .isEqualTo(Reason.INVALID_ANSWER);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "0, 0",
    "soon, ",
    "-1, ",
    "9999999999, ",
    "'Wed, 21 Oct 2026 07:28:00 GMT', "
  })
  void aServiceSaysHowLongToWait(String header, Integer seconds) throws Exception {
    answer(status(429).withHeader("Retry-After", header));
    assertThat(failed(call("http { method = POST, url = \"$URL/\" }", "{}")).retryAfter())
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  private static void answer(ResponseDefinitionBuilder with) {
    SERVICE.stubFor(any(anyUrl()).willReturn(with));
  }

  private static LoggedRequest received() {
    assertThat(SERVICE.getAllServeEvents()).hasSize(1);
    return SERVICE.getAllServeEvents().getFirst().getRequest();
  }

  private static ToolResult call(String declared, String arguments) throws Exception {
    JsonNode input =
        Given.json(
            "{'ticket':'47/11','token':'s3cret','dots':'..','lines':'a\\r\\nX-Evil: 1','cr':'a\\rb',"
                + "'umlaut':'я'}");
    return TOOLS
        .call(
            Given.call(
                Given.tool(declared.replace("$URL", SERVICE.baseUrl())),
                Given.json(arguments),
                new Scope(Given.SESSION, "r-1", "Why?", input, Map.of())))
        .ended()
        .toCompletableFuture()
        .get(RawServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static Failed failed(ToolResult result) {
    assertThat(result).isInstanceOf(Failed.class);
    return (Failed) result;
  }
}
