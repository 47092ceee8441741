package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/// Rooms that need a token: every kind of wrong token at every endpoint, and that no token is
/// logged.
@Tag("wire")
class RoomTokenTest {

  private static final String SECRET = "rooms-are-opened-by-this-very-secret";
  private static final String INTERNAL = "progress-is-taken-with-this-token";

  @SuppressWarnings("TimeInStaticInitializer") // any time to come will do
  private static final long LATER = Instant.now().getEpochSecond() + 3600;

  private static final CapturedLogs LOGS = new CapturedLogs();
  private static Stack stack;

  /// @param another whether it is good for another session
  private record Wrong(String name, String token, boolean another) {
    Wrong(String name, String token) {
      this(name, token, false);
    }

    int status() {
      return another ? 403 : 401;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void start() {
    ((Logger) LoggerFactory.getLogger("dev.agentrooms")).setLevel(Level.DEBUG);
    stack = Stack.start("webui.room-token-secret", SECRET, "internal-token", INTERNAL);
    for (String session : List.of("r1", "r2")) {
      String token =
          Tokens.of(SECRET, InstantSource.system())
              .link(session, Scope.USE, null, Instant.now().plusSeconds(60));
      stack.post(
          stack.agent() + "/api/agent/run?wait=20",
          Stack.question(session, "What is a secret?"),
          "Authorization",
          "Bearer " + token);
    }
  }

  @AfterAll
  static void stop() {
    stack.close();
    LOGS.close();
    ((Logger) LoggerFactory.getLogger("dev.agentrooms")).setLevel(Level.INFO);
  }

  static List<Wrong> wrongTokens() throws GeneralSecurityException {
    String hs256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    String claims = claims("\"r1\"", "" + LATER);
    String good = signed(hs256, claims, "HmacSHA256", SECRET);
    String[] parts = good.split("\\.");
    String none = "{\"alg\":\"none\"}";
    PrivateKey rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
    List<Wrong> wrong = new ArrayList<>();
    wrong.add(new Wrong("garbage", "garbage"));
    wrong.add(new Wrong("dots", "a.b.c"));
    wrong.add(new Wrong("no signature", parts[0] + "." + parts[1] + "."));
    wrong.add(new Wrong("no signature and no dot", parts[0] + "." + parts[1]));
    wrong.add(new Wrong("half a signature", good.substring(0, good.length() - 20)));
    wrong.add(new Wrong("others' claims", parts[0] + "." + base64("{}") + "." + parts[2]));
    wrong.add(new Wrong("other secret", signed(hs256, claims, "HmacSHA256", SECRET + "!")));
    wrong.add(new Wrong("the secret as a token", SECRET));
    wrong.add(new Wrong("alg none", base64(none) + "." + base64(claims) + "."));
    wrong.add(
        new Wrong(
            "alg NoNe", base64("{\"alg\":\"NoNe\"}") + "." + base64(claims) + "." + parts[2]));
    wrong.add(new Wrong("no alg", signed("{\"typ\":\"JWT\"}", claims, "HmacSHA256", SECRET)));
    for (String bits : List.of("384", "512")) {
      String header = "{\"alg\":\"HS" + bits + "\"}";
      wrong.add(new Wrong("HS" + bits, signed(header, claims, "HmacSHA" + bits, SECRET)));
      wrong.add(new Wrong("HS256 with HS" + bits, signed(hs256, claims, "HmacSHA" + bits, SECRET)));
    }
    wrong.add(new Wrong("RS256", rsa(rsa, claims)));
    wrong.add(
        new Wrong("RS256 by secret", signed("{\"alg\":\"RS256\"}", claims, "HmacSHA256", SECRET)));
    for (String exp :
        List.of("1", "0", "-1", "" + (LATER - 7200), "\"" + LATER + "\"", "null", "[]", "true")) {
      wrong.add(new Wrong("exp " + exp, token("\"r1\"", exp)));
    }
    wrong.add(new Wrong("no exp", signed(hs256, "{\"session_id\":\"r1\"}", "HmacSHA256", SECRET)));
    for (String id : List.of("\"r2\"", "\"R1\"", "\"r1 \"", "\"\"", "\"*\"", "1", "[\"r1\"]")) {
      wrong.add(new Wrong("session_id " + id, token(id, "" + LATER), id.matches("\"[rR][12]\"")));
    }
    wrong.add(
        new Wrong("no session_id", signed(hs256, "{\"exp\":" + LATER + "}", "HmacSHA256", SECRET)));
    for (String exp : List.of("1e18", "9223372036854775807", "1" + "0".repeat(400), "1e400")) {
      wrong.add(new Wrong("exp beyond any calendar, " + exp.length(), token("\"r1\"", exp)));
    }
    for (String time : List.of("iat", "nbf")) {
      for (String value : List.of("1e18", "9223372036854775807", "\"now\"", "{}", "-1e300")) {
        String odd = claims.replace("{", "{\"" + time + "\":" + value + ",");
        wrong.add(new Wrong(time + " " + value, signed(hs256, odd, "HmacSHA256", SECRET)));
      }
    }
    for (String nothing :
        List.of("null", "[]", "\"HS256\"", "1", "", "{", "{}", "{\"alg\":null}")) {
      wrong.add(new Wrong("header " + nothing, signed(nothing, claims, "HmacSHA256", SECRET)));
      wrong.add(new Wrong("claims " + nothing, signed(hs256, nothing, "HmacSHA256", SECRET)));
    }
    for (String crit : List.of("[\"exp\"]", "[]", "null", "[\"b64\"],\"b64\":false")) {
      String header = "{\"alg\":\"HS256\",\"crit\":" + crit + "}";
      wrong.add(new Wrong("crit " + crit, signed(header, claims, "HmacSHA256", SECRET)));
    }
    for (String alg : List.of("hs256", "HS256 ", "none", "None", "")) {
      String header = "{\"alg\":\"" + alg + "\"}";
      wrong.add(new Wrong("alg " + alg, signed(header, claims, "HmacSHA256", SECRET)));
    }
    String spare = parts[2].substring(0, 42);
    // 32 bytes are 43 characters, whose last one has two bits to spare.
    for (char other :
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
      if (other != parts[2].charAt(42)) {
        wrong.add(new Wrong("last of " + other, parts[0] + "." + parts[1] + "." + spare + other));
      }
    }
    wrong.add(new Wrong("padded", good + "="));
    wrong.add(new Wrong("padded twice", good + "=="));
    wrong.add(new Wrong("padded header", parts[0] + "=." + parts[1] + "." + parts[2]));
    wrong.add(new Wrong("with a dot more", good + "."));
    wrong.add(new Wrong("with a dot before", "." + good));
    wrong.add(new Wrong("with 500 characters more", good + "A".repeat(500)));
    wrong.add(
        new Wrong(
            "not yet",
            signed(
                hs256,
                claims.replace("{", "{\"nbf\":" + (LATER - 60) + ","),
                "HmacSHA256",
                SECRET)));
    return wrong;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongTokens")
  void wrongTokenOpensNothing(Wrong wrong) {
    for (Door door : doors("r1")) {
      Stack.Answer byHeader = door.knock("Bearer " + wrong.token(), "");
      Stack.Answer byQuery = door.knock("", wrong.token());
      for (Stack.Answer answer : List.of(byHeader, byQuery)) {
        assertThat(answer.status())
            .as("%s %s", door.method(), door.path())
            .isEqualTo(wrong.status());
        assertThat(answer.json().path("session_id").asText()).isEqualTo("r1");
        assertThat(new String(answer.response().body(), UTF_8))
            .doesNotContain(wrong.token(), SECRET);
      }
    }
    try (Watcher watcher = new Watcher(stack.webUi())) {
      watcher.send(subscribe("r1", wrong.token()));
      watcher.send("{\"cmd\":\"ping\"}");
      List<JsonNode> told = watcher.await(messages -> messages.size() == 2);
      assertThat(told.getFirst().path("code").asText())
          .isEqualTo(wrong.another() ? "forbidden" : "unauthorized");
      assertThat(told.getFirst().toString()).doesNotContain(wrong.token(), SECRET);
      assertThat(told.getLast().path("type").asText()).isEqualTo("pong");
    }
  }

  @Test
  void withoutATokenNothingOpens() {
    for (Door door : doors("r1")) {
      for (String header : List.of("", "Basic cjE6cjE=", "Bearer", SECRET)) {
        Stack.Answer answer = door.knock(header, "");
        assertThat(answer.status()).as("%s by %s", door.path(), header).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
      }
    }
    try (Watcher watcher = new Watcher(stack.webUi())) {
      watcher.send("{\"cmd\":\"subscribe\",\"session_id\":\"r1\"}");
      watcher.send("{\"cmd\":\"subscribe\",\"session_id\":\"r1\",\"token\":null}");
      List<JsonNode> told = watcher.await(messages -> messages.size() == 2);
      assertThat(told).allMatch(m -> m.path("code").asText().equals("unauthorized"));
    }
  }

  @Test
  void theListOfALinkIsItsSessionAlone() {
    String url = stack.webUi() + "/api/agent/sessions";

    assertThat(stack.get(url).status()).isEqualTo(401);
    JsonNode listed = stack.get(url + "?token=" + token("\"r1\"", "" + LATER)).json();
    assertThat(listed.path("sessions").findValuesAsText("session_id")).containsExactly("r1");
  }

  @Test
  void tokenOpensItsRoomAtEveryDoor() {
    String minted =
        Tokens.of(SECRET, InstantSource.system())
            .link("r2", Scope.WATCH, null, Instant.now().plusSeconds(60));
    for (String token : List.of(minted, token("\"r2\"", "" + LATER))) {
      for (Door door : doors("r2")) {
        if (door.method().equals("GET") && !door.path().contains("/api/events")) {
          assertThat(door.knock("Bearer " + token, "").status()).isIn(200, 404);
          assertThat(door.knock("", token).status()).isIn(200, 404);
        }
      }
      try (Watcher watcher = new Watcher(stack.webUi())) {
        watcher.send(subscribe("r2", token));
        JsonNode told = watcher.await(messages -> !messages.isEmpty()).getFirst();
        assertThat(told.path("type").asText()).isEqualTo("subscribed");
        assertThat(told.path("seq").asInt()).isPositive();
      }
    }
  }

  @Test
  void socketAndStreamEndWhenTheTokenExpires() throws Exception {
    String token = token("\"r2\"", "" + (Instant.now().getEpochSecond() + 5));
    try (Watcher watcher = new Watcher(stack.webUi());
        RawHttp stream = new RawHttp(stack.webUi())) {
      watcher.send(subscribe("r2", token));
      watcher.await(messages -> !messages.isEmpty());
      stream.write(
          "GET /api/events?session_id=r2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + "Authorization: Bearer "
              + token
              + "\r\n\r\n");

      assertThat(watcher.closed().get(60, TimeUnit.SECONDS)).isEqualTo(4401);
      assertThat(stream.isCut()).isTrue();
    }
  }

  @Test
  void socketStaysWhenItsTokenIsRenewedInTime() throws Exception {
    String brief = token("\"r2\"", "" + (Instant.now().getEpochSecond() + 5));
    try (Watcher renewed = new Watcher(stack.webUi());
        Watcher expired = new Watcher(stack.webUi())) {
      for (Watcher watcher : List.of(renewed, expired)) {
        watcher.send(subscribe("r2", brief));
        watcher.await(messages -> !messages.isEmpty());
      }
      renewed.send(subscribe("r2", token("\"r2\"", "" + LATER)));
      renewed.await(messages -> messages.size() == 2);

      assertThat(expired.closed().get(60, TimeUnit.SECONDS)).isEqualTo(4401);
      renewed.send("{\"cmd\":\"ping\"}");
      assertThat(renewed.await(messages -> messages.size() == 3).getLast().path("type").asText())
          .isEqualTo("pong");
    }
  }

  @Test
  void noSecretIsLogged() {
    String good = token("\"r2\"", "" + LATER);
    String wrong = token("\"r2\"", "" + (LATER - 7200));
    for (Door door : doors("r2")) {
      for (String token : List.of(good, wrong)) {
        if (!door.path().contains("/api/events")) {
          door.knock("Bearer " + token, token);
        }
      }
    }
    String progress = stack.webUi() + "/api/agent/progress";
    assertThat(stack.post(progress, "{}", "X-Internal-Token", INTERNAL).status()).isEqualTo(400);
    assertThat(stack.post(progress, "{}", "X-Internal-Token", INTERNAL + "!").status())
        .isEqualTo(403);

    assertThat(LOGS.lines()).isNotEmpty();
    assertThat(LOGS.lines())
        .noneMatch(line -> line.contains(SECRET) || line.contains(INTERNAL))
        .noneMatch(line -> line.contains(good) || line.contains(wrong) || line.contains("eyJ"));
  }

  /// A request that shows what is in a room, or changes it.
  private record Door(String method, String path) {

    Stack.Answer knock(String authorization, String queryToken) {
      String query =
          queryToken.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + "token=" + queryToken;
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(stack.webUi() + path + query))
              .method(method, HttpRequest.BodyPublishers.noBody());
      if (!authorization.isEmpty()) {
        request.header("Authorization", authorization);
      }
      return stack.send(request.build());
    }
  }

  private static List<Door> doors(String sessionId) {
    return List.of(
        new Door("GET", "/api/messages?session_id=" + sessionId),
        new Door("GET", "/api/events?session_id=" + sessionId),
        new Door("GET", "/api/agent/sessions/" + sessionId),
        new Door("GET", "/api/agent/sessions/" + sessionId + "/runs/r-1"),
        new Door("DELETE", "/api/agent/sessions/" + sessionId));
  }

  private static String subscribe(String sessionId, String token) {
    return "{\"cmd\":\"subscribe\",\"session_id\":\"%s\",\"token\":\"%s\"}"
        .formatted(sessionId, token);
  }

  private static String token(String sessionId, String exp) {
    return signed("{\"alg\":\"HS256\"}", claims(sessionId, exp), "HmacSHA256", SECRET);
  }

  private static String claims(String sessionId, String exp) {
    return "{\"session_id\":" + sessionId + ",\"exp\":" + exp + "}";
  }

  private static String signed(String header, String claims, String algorithm, String secret) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), algorithm));
      String content = base64(header) + "." + base64(claims);
      return content + "." + base64(mac.doFinal(content.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String rsa(PrivateKey key, String claims) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key);
    String content = base64("{\"alg\":\"RS256\"}") + "." + base64(claims);
    signature.update(content.getBytes(UTF_8));
    return content + "." + base64(signature.sign());
  }

  private static String base64(String text) {
    return base64(text.getBytes(UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
