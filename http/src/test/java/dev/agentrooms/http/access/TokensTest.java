package dev.agentrooms.http.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class TokensTest {

  private static final String SECRET = "signed-by-this-secret-of-many-bytes";
  private static final String OLD = "signed-by-the-secret-before-this-one";
  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
  private static final long LATER = NOW.getEpochSecond() + 3600;
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  private static final AtomicInteger FETCHES = new AtomicInteger();
  private static HttpServer provider;
  private static RSAKey rsa;
  private static ECKey ec;
  private static KeyPair ed;
  private static volatile List<JWK> published = List.of();

  @BeforeAll
  static void publish() throws Exception {
    rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
    ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = ed.getPublic().getEncoded();
    String x = base64(java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    JWK okp = JWK.parse(Map.of("kty", "OKP", "crv", "Ed25519", "kid", "ed", "x", x));
    published = List.of(rsa, ec, okp);
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/keys",
        exchange -> {
          FETCHES.incrementAndGet();
          byte[] body = new JWKSet(published).toString().getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    provider.start();
  }

  @AfterAll
  static void stop() {
    provider.stop(0);
  }

  private static Tokens tokens(Object... settings) {
    return new Tokens(AccessSettings.from(settings(settings)), CLOCK);
  }

  private static Settings settings(Object... keysAndValues) {
    Map<String, Object> map = new java.util.HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return Settings.of(ConfigFactory.parseMap(map).withFallback(Settings.load()));
  }

  private static Tokens ofProvider() {
    return tokens(
        "access.jwks-url", "http://127.0.0.1:" + provider.getAddress().getPort() + "/keys");
  }

  private static Visit check(Tokens tokens, String token) {
    return tokens.check(token).toCompletableFuture().join();
  }

  private static Caller caller(Tokens tokens, String token) {
    return check(tokens, token) instanceof Visit.Known(Caller caller, var _)
        ? caller
        : Caller.ANYONE;
  }

  private static void assertRefused(Tokens tokens, String token) {
    assertThat(check(tokens, token))
        .isInstanceOfSatisfying(
            Visit.Refused.class,
            refused -> {
              assertThat(refused.problem().status()).isEqualTo(401);
              assertThat(refused.problem().detail()).doesNotContain("eyJ");
            });
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String signed(String header, String claims, JWSSigner signer, JWSAlgorithm by) {
    String content = base64(header.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
    try {
      return content + "." + signer.sign(new JWSHeader(by), content.getBytes(US_ASCII));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hs256(String claims, String secret) {
    try {
      return signed("{\"alg\":\"HS256\"}", claims, new MACSigner(secret), JWSAlgorithm.HS256);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String user(String name) {
    return "{\"sub\":\"" + name + "\",\"exp\":" + LATER + "}";
  }

  @Test
  void aUserMayUseAndALinkMayWatch() {
    Tokens tokens = tokens("access.secret", SECRET);

    assertThat(caller(tokens, hs256(user("ann"), SECRET)))
        .isEqualTo(new Caller.User("ann", Scope.USE, Instant.ofEpochSecond(LATER)));
    assertThat(caller(tokens, hs256("{\"session_id\":\"s\",\"exp\":" + LATER + "}", SECRET)))
        .isEqualTo(new Caller.Link("s", Scope.WATCH, null, null, Instant.ofEpochSecond(LATER)));
    // Both make a link, whose maker is the user.
    String both = "{\"session_id\":\"s\",\"sub\":\"ann\",\"scope\":\"use\",\"exp\":" + LATER + "}";
    assertThat(caller(tokens, hs256(both, SECRET)))
        .isEqualTo(new Caller.Link("s", Scope.USE, "ann", null, Instant.ofEpochSecond(LATER)));
  }

  @Test
  void whatIsMadeIsUnderstood() {
    Tokens tokens =
        tokens("access.secret", SECRET, "access.issuer", "here", "access.audience", "rooms");
    Instant until = Instant.ofEpochSecond(LATER);

    assertThat(caller(tokens, tokens.user("root", Scope.ADMIN, until)))
        .isEqualTo(new Caller.User("root", Scope.ADMIN, until));
    assertThat(caller(tokens, tokens.link("s", Scope.USE, "ann", until)))
        .isEqualTo(new Caller.Link("s", Scope.USE, "ann", null, until));
  }

  @Test
  void twoSecretsCountWhileOneIsRotatedAndTheOldOneNoLongerAfterwards() {
    String old = hs256(user("ann"), OLD);

    Tokens rotating = tokens("access.secret", SECRET + "," + OLD);
    assertThat(caller(rotating, old)).isInstanceOf(Caller.User.class);
    String made = rotating.user("bob", Scope.USE, Instant.ofEpochSecond(LATER));
    assertThat(caller(tokens("access.secret", SECRET), made)).isInstanceOf(Caller.User.class);
    assertRefused(tokens("access.secret", SECRET), old);
  }

  static Stream<String> wrongClaims() {
    String exp = ",\"exp\":" + LATER + "}";
    return Stream.of(
        "null",
        "[]",
        "{}",
        "{\"exp\":" + LATER + "}",
        "{\"sub\":\"ann\"}",
        "{\"sub\":\"\"" + exp,
        "{\"sub\":\"  \"" + exp,
        "{\"sub\":1" + exp,
        "{\"sub\":null" + exp,
        "{\"sub\":[\"ann\"]" + exp,
        "{\"sub\":\"" + "a".repeat(300) + "\"" + exp,
        "{\"session_id\":\"\"" + exp,
        "{\"session_id\":7" + exp,
        "{\"session_id\":null,\"sub\":\"ann\"" + exp,
        "{\"sub\":\"ann\",\"scope\":\"root\"" + exp,
        "{\"sub\":\"ann\",\"scope\":\"USE\"" + exp,
        "{\"sub\":\"ann\",\"scope\":\"use admin\"" + exp,
        "{\"sub\":\"ann\",\"scope\":null" + exp,
        "{\"sub\":\"ann\",\"scope\":[\"use\"]" + exp,
        "{\"session_id\":\"s\",\"scope\":\"admin\"" + exp,
        "{\"sub\":\"ann\",\"iat\":1e300" + exp,
        "{\"sub\":\"ann\",\"iat\":\"now\"" + exp,
        "{\"sub\":\"ann\",\"nbf\":" + (LATER - 60) + exp,
        "{\"sub\":\"ann\",\"exp\":" + (NOW.getEpochSecond() - 60) + "}",
        "{\"sub\":\"ann\",\"exp\":1e300}",
        "{\"sub\":\"ann\",\"exp\":1e400}",
        "{\"sub\":\"ann\",\"exp\":-1}",
        "{\"sub\":\"ann\",\"exp\":9223372036854775807}",
        "{\"sub\":\"ann\",\"exp\":\"" + LATER + "\"}");
  }

  @ParameterizedTest
  @MethodSource("wrongClaims")
  void claimsThatMakeNoSenseAreRefused(String claims) {
    assertRefused(tokens("access.secret", SECRET), hs256(claims, SECRET));
  }

  static Stream<String> wrongHeaders() {
    return Stream.of(
        "null",
        "{}",
        "{\"alg\":\"none\"}",
        "{\"alg\":\"NONE\"}",
        "{\"alg\":\"HS384\"}",
        "{\"alg\":\"RS256\"}",
        "{\"alg\":\"ES256\"}",
        "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"HS256\",\"kid\":{}}");
  }

  @ParameterizedTest
  @MethodSource("wrongHeaders")
  void headersThatSaySomethingElseAreRefused(String header) throws JOSEException {
    String token = signed(header, user("ann"), new MACSigner(SECRET), JWSAlgorithm.HS256);

    assertRefused(tokens("access.secret", SECRET), token);
    assertRefused(tokens("access.secret", SECRET), token.substring(0, token.lastIndexOf('.') + 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {-59, -1})
  void clocksMayDifferByAMinute(long seconds) {
    Tokens tokens = tokens("access.secret", SECRET);
    long exp = NOW.getEpochSecond() + seconds;

    assertThat(caller(tokens, hs256("{\"sub\":\"ann\",\"exp\":" + exp + "}", SECRET)))
        .isEqualTo(new Caller.User("ann", Scope.USE, Instant.ofEpochSecond(exp + 60)));
    String soon = "{\"sub\":\"ann\",\"nbf\":" + (NOW.getEpochSecond() - seconds);
    assertThat(caller(tokens, hs256(soon + ",\"exp\":" + LATER + "}", SECRET)))
        .isInstanceOf(Caller.User.class);
  }

  @Test
  void issuerAndAudienceHoldForEveryToken() {
    Tokens tokens =
        tokens("access.secret", SECRET, "access.issuer", "here", "access.audience", "rooms");
    String rest = ",\"sub\":\"ann\",\"exp\":" + LATER + "}";

    assertRefused(tokens, hs256(user("ann"), SECRET));
    assertRefused(tokens, hs256("{\"iss\":\"there\",\"aud\":\"rooms\"" + rest, SECRET));
    assertRefused(tokens, hs256("{\"iss\":\"here\",\"aud\":\"others\"" + rest, SECRET));
    assertRefused(tokens, hs256("{\"iss\":\"here\",\"aud\":[\"others\"]" + rest, SECRET));
    String among = "{\"iss\":\"here\",\"aud\":[\"others\",\"rooms\"]" + rest;
    assertThat(caller(tokens, hs256(among, SECRET))).isInstanceOf(Caller.User.class);
  }

  private static String byRsa(String header) throws JOSEException {
    return signed(header, user("ann"), new RSASSASigner(rsa), JWSAlgorithm.RS256);
  }

  @Test
  void keysOfAProviderAreForTheirOwnAlgorithm() throws Exception {
    Tokens tokens = ofProvider();

    assertThat(caller(tokens, byRsa("{\"alg\":\"RS256\",\"kid\":\"rsa\"}")))
        .isInstanceOf(Caller.User.class);
    assertThat(caller(tokens, byRsa("{\"alg\":\"RS256\"}"))).isInstanceOf(Caller.User.class);
    String byEc =
        signed(
            "{\"alg\":\"ES256\",\"kid\":\"ec\"}",
            user("ann"),
            new ECDSASigner(ec),
            JWSAlgorithm.ES256);
    assertThat(caller(tokens, byEc)).isInstanceOf(Caller.User.class);
    assertThat(caller(tokens, byEd("{\"alg\":\"EdDSA\",\"kid\":\"ed\"}")))
        .isInstanceOf(Caller.User.class);

    assertRefused(tokens, byRsa("{\"alg\":\"RS256\",\"kid\":\"ec\"}"));
    assertRefused(tokens, byRsa("{\"alg\":\"ES256\",\"kid\":\"rsa\"}"));
    assertRefused(tokens, byRsa("{\"alg\":\"EdDSA\",\"kid\":\"ed\"}"));
    // The public key as a secret of HS256.
    byte[] known = rsa.toRSAPublicKey().getEncoded();
    String confused =
        signed(
            "{\"alg\":\"HS256\",\"kid\":\"rsa\"}",
            user("ann"),
            new MACSigner(known),
            JWSAlgorithm.HS256);
    assertRefused(tokens, confused);
  }

  private static String byEd(String header) throws GeneralSecurityException {
    String content = base64(header.getBytes(UTF_8)) + "." + base64(user("ann").getBytes(UTF_8));
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(ed.getPrivate());
    signature.update(content.getBytes(US_ASCII));
    return content + "." + base64(signature.sign());
  }

  @Test
  void unknownKeysHaveTheProviderAskedOnceInAWhile() throws Exception {
    Tokens tokens = ofProvider();
    check(tokens, byRsa("{\"alg\":\"RS256\",\"kid\":\"rsa\"}"));
    int before = FETCHES.get();

    for (int i = 0; i < 20; i++) {
      assertRefused(tokens, byRsa("{\"alg\":\"RS256\",\"kid\":\"unknown-" + i + "\"}"));
    }
    assertThat(FETCHES.get()).isEqualTo(before);
    assertThat(caller(tokens, byRsa("{\"alg\":\"RS256\",\"kid\":\"rsa\"}")))
        .isInstanceOf(Caller.User.class);
  }

  @Test
  void aProviderThatIsAwayIsNoReasonToLetAnybodyIn() throws IOException, JOSEException {
    Tokens tokens = tokens("access.jwks-url", "http://127.0.0.1:1/keys");

    assertRefused(tokens, byRsa("{\"alg\":\"RS256\",\"kid\":\"rsa\"}"));
  }
}
