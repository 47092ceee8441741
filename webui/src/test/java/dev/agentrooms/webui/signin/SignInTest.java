package dev.agentrooms.webui.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreListener;
import dev.agentrooms.store.StoreSettings;
import dev.agentrooms.store.Stores;
import dev.agentrooms.webui.TestSocket;
import dev.agentrooms.webui.TestWebUi;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signing in with a provider, which says at once who one is.
@Tag("wire")
@Timeout(300)
class SignInTest {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  private static MockOAuth2Server provider;
  private static HttpServer agent;
  private static Store store;
  private static TestWebUi webUi;
  private static TestWebUi other;

  @BeforeAll
  static void start() throws Exception {
    provider = new MockOAuth2Server();
    provider.start();
    // Every session is theirs who ask.
    agent = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    agent.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    agent.start();
    store = Stores.open(StoreSettings.inMemory(), InstantSource.system(), StoreListener.NONE);
    webUi = TestWebUi.start(store, settings());
    other = TestWebUi.start(store, settings());
  }

  private static String[] settings() {
    return new String[] {
      "access.oidc.issuer = \"" + provider.issuerUrl("team") + "\"",
      "webui.agent-url = \"http://127.0.0.1:" + agent.getAddress().getPort() + "\"",
      "access.oidc.client-id = rooms",
      "access.oidc.client-secret = a-secret"
    };
  }

  @AfterAll
  static void stop() {
    webUi.close();
    other.close();
    store.close();
    provider.shutdown();
    agent.stop(0);
  }

  private static URI at(TestWebUi node, String path) {
    return URI.create("http://localhost:" + node.address().getPort() + path);
  }

  private static HttpResponse<String> get(URI uri, @Nullable String cookie) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (cookie != null) {
      request.header("Cookie", cookie);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI location(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isIn(302, 303);
    return answer.uri().resolve(answer.headers().firstValue("Location").orElseThrow());
  }

  private static String cookie(HttpResponse<String> answer, String name) {
    return answer.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith(name + "="))
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .findFirst()
        .orElseThrow();
  }

  /// As far as the provider's sending back.
  private record There(String cookie, URI back) {}

  private static There there(String to) throws Exception {
    HttpResponse<String> begun =
        get(at(webUi, "/signin?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8)), null);
    return new There(cookie(begun, Cookies.SIGNING_IN), location(get(location(begun), null)));
  }

  private static String signedIn() throws Exception {
    There there = there("/");
    return cookie(get(there.back(), there.cookie()), Cookies.SIGNED_IN);
  }

  private static HttpResponse<String> signOut(TestWebUi node, String cookie) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(at(node, "/signout"))
            .header("Cookie", cookie)
            .header("Origin", "http://localhost:" + node.address().getPort())
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode who(TestWebUi node, String cookie) throws Exception {
    return Json.parse(get(at(node, "/api/access"), cookie).body().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whoHasSignedInIsKnownAtEveryNodeAndGoesBackToTheirPage() throws Exception {
    There there = there("/?session=quiz1");

    HttpResponse<String> in = get(there.back(), there.cookie());

    assertThat(location(in)).isEqualTo(at(webUi, "/?session=quiz1"));
    assertThat(in.headers().allValues("Set-Cookie"))
        .anySatisfy(
            cookie ->
                assertThat(cookie)
                    .startsWith(Cookies.SIGNED_IN + "=")
                    .contains("; Path=/; Max-Age=28800; HttpOnly; Secure; SameSite=Lax"));
    String cookie = cookie(in, Cookies.SIGNED_IN);
    for (TestWebUi node : new TestWebUi[] {webUi, other}) {
      JsonNode who = who(node, "a=b; " + cookie);
      assertThat(who.path("caller").asText()).isEqualTo("user");
      assertThat(who.path("user").asText()).isNotEmpty();
      assertThat(who.path("scope").asText()).isEqualTo("use");
      assertThat(who.path("expires_at").asText()).isNotEmpty();
    }
  }

  @Test
  void theProviderIsAskedWithAProofKeyAStateAndANonce() throws Exception {
    HttpResponse<String> begun = get(at(webUi, "/signin"), null);

    assertThat(location(begun).getQuery())
        .contains("response_type=code")
        .contains("code_challenge_method=S256")
        .contains("code_challenge=")
        .contains("state=")
        .contains("nonce=")
        .contains("redirect_uri=http://localhost:");
  }

  @Test
  void whoSignsOutIsKnownNowhere() throws Exception {
    String cookie = signedIn();

    HttpResponse<String> out = signOut(webUi, cookie);

    assertThat(out.statusCode()).isEqualTo(204);
    assertThat(out.headers().firstValue("Set-Cookie").orElse("")).contains("Max-Age=0");
    assertThat(who(webUi, cookie).has("user")).isFalse();
    assertThat(who(other, cookie).has("user")).isFalse();
    assertThat(get(at(webUi, "/api/messages?session_id=r1"), cookie).statusCode()).isEqualTo(401);
  }

  @Test
  void aSocketAndAStreamEndWithTheSignInThatOpenedThem() throws Exception {
    String cookie = signedIn();
    try (var socket = TestSocket.open(webUi.address(), "Cookie: " + cookie);
        var stream = webUi.events("session_id=r1", "Cookie", cookie)) {
      assertThat(stream.line()).isEqualTo(":");

      signOut(webUi, cookie);

      assertThat(socket.next().closing()).isEqualTo("4401 signed out");
      assertThat(stream.lines().lines().filter(line -> !line.isEmpty())).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/signout", "/api/agent/cancel"})
  void aPageOfAnotherSiteChangesNothingForWhoHasSignedIn(String path) throws Exception {
    HttpResponse<String> refused =
        CLIENT.send(
            HttpRequest.newBuilder(at(webUi, path))
                .header("Cookie", signedIn())
                .header("Origin", "https://evil.example")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"session_id\":\"r1\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(refused.statusCode()).isEqualTo(403);
  }

  @Test
  void aCodeIsTakenFromTheBrowserThatBeganAndOnce() throws Exception {
    There there = there("/");
    There another = there("/");

    assertThat(location(get(there.back(), null)).getQuery()).isEqualTo("signin=expired");
    assertThat(location(get(there.back(), another.cookie())).getQuery())
        .isEqualTo("signin=expired");
    assertThat(get(there.back(), there.cookie()).headers().allValues("Set-Cookie"))
        .anyMatch(cookie -> cookie.startsWith(Cookies.SIGNED_IN + "="));
    assertThat(location(get(there.back(), there.cookie())).getQuery()).isEqualTo("signin=expired");
  }

  @Test
  void aCodeThatIsNoneSignsNobodyIn() throws Exception {
    There there = there("/");
    URI forged = URI.create(there.back().toString().replaceFirst("code=[^&]+", "code=another"));

    HttpResponse<String> refused = get(forged, there.cookie());

    assertThat(location(refused).getQuery()).isEqualTo("signin=failed");
    assertThat(refused.headers().allValues("Set-Cookie"))
        .noneMatch(cookie -> cookie.startsWith(Cookies.SIGNED_IN + "="));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "//evil.example", "/\\evil.example", "evil"})
  void nobodyIsSentToAnotherSite(String to) throws Exception {
    There there = there(to);

    assertThat(location(get(there.back(), there.cookie()))).isEqualTo(at(webUi, "/"));
  }
}
