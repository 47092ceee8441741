package dev.agentrooms.agent;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.http.LastingClient;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.tools.RawServer;
import dev.agentrooms.tools.RawServer.Manners;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("wire")
class HttpProgressSinkTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final HttpClient CLIENT = AgentServer.httpClient();
  private static final WireMockServer WEB_UI = new WireMockServer(wireMockConfig().dynamicPort());

  private static final ProgressEvent EVENT =
      new ProgressEvent(
          "r-1.1",
          Given.T0,
          Given.SESSION,
          "r-1",
          "start_retrieval",
          "rag_search",
          Level.INFO,
          "Ищу 🌱",
          Json.object().put("top_k", 5));

  static {
    WEB_UI.start();
  }

  @AfterAll
  static void stop() {
    WEB_UI.stop();
    CLIENT.shutdownNow();
  }

  @BeforeEach
  void forget() {
    WEB_UI.resetAll();
  }

  @Test
  void anEventIsPostedAsJson() throws Exception {
    answer(200);
    assertThat(deliver("s3cret")).isEqualTo(Outcome.DELIVERED);
    WEB_UI.verify(
        1,
        postRequestedFor(urlEqualTo("/progress"))
            .withHeader("Content-Type", equalTo("application/json"))
            .withHeader("X-Internal-Token", equalTo("s3cret"))
            .withRequestBody(equalToJson(new String(Json.encode(EVENT), StandardCharsets.UTF_8))));
  }

  @Test
  void withoutATokenNoneIsSent() throws Exception {
    answer(200);
    deliver(null);
    WEB_UI.verify(1, postRequestedFor(urlEqualTo("/progress")).withoutHeader("X-Internal-Token"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, DELIVERED",
    "204, DELIVERED",
    "400, REFUSED",
    "401, REFUSED",
    "403, REFUSED",
    "404, REFUSED",
    "413, REFUSED",
    "422, REFUSED",
    "302, UNREACHABLE",
    "500, UNREACHABLE",
    "502, UNREACHABLE",
    "503, UNREACHABLE",
  })
  void theStatusSaysWhatBecameOfIt(int status, Outcome delivery) throws Exception {
    answer(status);
    assertThat(deliver(null)).isEqualTo(delivery);
    WEB_UI.verify(1, postRequestedFor(urlEqualTo("/progress")));
  }

  @Test
  void aWebUiThatIsAwayIsUnreachable() throws Exception {
    assertThat(deliver(RawServer.nobody(), LONG)).isEqualTo(Outcome.UNREACHABLE);
  }

  @Test
  void afterANetworkErrorItIsTriedOnceMore() throws Exception {
    Manners manners =
        connection -> {
          if (connection.number() == 1) {
            connection.reset();
          } else {
            connection.send(OK);
            connection.waitForClose();
          }
        };
    try (RawServer server = new RawServer(manners)) {
      assertThat(deliver(server.uri(), LONG)).isEqualTo(Outcome.DELIVERED);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void andNotASecondTime() throws Exception {
    try (RawServer server = new RawServer(RawServer.Connection::reset)) {
      assertThat(deliver(server.uri(), LONG)).isEqualTo(Outcome.UNREACHABLE);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nX-Slow: ",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
      })
  void aWebUiThatDoesNotAnswerInTimeIsLetGo(String beginning) throws Exception {
    Manners manners =
        connection -> {
          connection.send(beginning);
          connection.waitForClose();
        };
    try (RawServer server = new RawServer(manners)) {
      assertThat(deliver(server.uri(), Duration.ofMillis(300))).isEqualTo(Outcome.UNREACHABLE);
      server.awaitClose();
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  private static void answer(int status) {
    WEB_UI.stubFor(
        post("/progress")
            .willReturn(aResponse().withStatus(status).withHeader("Location", "/progress")));
  }

  private static Outcome deliver(@Nullable String token) throws Exception {
    return deliver(URI.create(WEB_UI.baseUrl()), LONG, token);
  }

  private static Outcome deliver(URI webUi, Duration timeout) throws Exception {
    return deliver(webUi, timeout, null);
  }

  private static Outcome deliver(URI webUi, Duration timeout, @Nullable String token)
      throws Exception {
    AgentSettings.Progress settings =
        new AgentSettings.Progress(
            AgentSettings.SinkKind.HTTP,
            URI.create(webUi + "/progress"),
            timeout,
            Duration.ofSeconds(2),
            1000,
            Duration.ofMinutes(10));
    return new HttpProgressSink(new LastingClient(() -> CLIENT), settings, token)
        .deliver(EVENT, new Delivery(7, 12), null)
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }
}
