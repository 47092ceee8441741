package dev.agentrooms.webui.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.store.Globs;
import dev.agentrooms.store.Subscription;
import dev.agentrooms.store.Subscription.Link;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class SubscriptionValuesTest {

  private static final Link PENDING = new Link("a", true, false, "e", 2, "e", 5);

  private static Subscription idle(Link... links) {
    return new Subscription("s", "{}", "", 7, "", "", -1, 0, -1, 0, List.of(links));
  }

  private static Subscription woken() {
    return Objects.requireNonNull(Wakes.woken(idle(PENDING), "w", 1_000));
  }

  @Test
  void aWakeComesWhenThereIsSomethingAndOneAtATime() {
    assertThat(woken().generation()).isEqualTo(8);
    assertThat(Wakes.woken(woken(), "w2", 1_000)).isNull();
    assertThat(Wakes.woken(idle(PENDING.done(5)), "w", 1_000)).isNull();
  }

  @Test
  void aWakeThatNobodyFinishesEndsWithItsLease() {
    assertThat(Wakes.isIdle(Wakes.at(woken(), 999))).isFalse();
    assertThat(Wakes.isIdle(Wakes.at(woken(), 1_000))).isTrue();
    assertThat(Wakes.isIdle(Wakes.at(Wakes.told(woken()), Long.MAX_VALUE))).isFalse();
    assertThat(Wakes.isOf(woken(), "w", 8)).isTrue();
    assertThat(Wakes.isOf(woken(), "w", 7)).isFalse();
    assertThat(Wakes.isOf(Wakes.idle(woken()), "w", 8)).isFalse();
  }

  @Test
  void whatIsDoneIsNeverTakenBack() {
    Subscription acked = Wakes.acked(woken(), Map.of("a", 4L));
    assertThat(acked.links().getFirst().acked()).isEqualTo(4);
    assertThat(Wakes.acked(acked, Map.of("a", 1L)).links().getFirst().acked()).isEqualTo(4);
    assertThat(Wakes.acked(acked, Map.of("a", 99L)).isPending()).isFalse();
  }

  @Test
  void ofAStreamThatWasMadeAnewNothingIsDone() {
    Link anew = new Link("a", true, false, "e", 5, "f", 1);
    assertThat(anew.isPending()).isTrue();
    assertThat(anew.ackedNow()).isZero();
  }

  @Test
  void aFailedDeliveryIsTriedAgainLaterAndLater() {
    Subscription it = woken();
    long last = 0;
    for (int i = 0; i < 10; i++) {
      it = Wakes.failed(it, 0, 1.0, 30_000);
      assertThat(it.nextAt()).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(60_000);
      last = it.nextAt();
    }
    assertThat(last).isEqualTo(60_000);
    assertThat(it.generation()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "events/*,events/a,true",
    "events/*,events/a/b,false",
    "events/**,events/a/b,true",
    "events/**,events,true",
    "**/b,a/x/b,true",
    "a,a,true",
    "a,b,false"
  })
  void aPatternHasThePathsThatItMeans(String pattern, String path, boolean matches) {
    assertThat(Globs.matches(pattern, path)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/hook",
        "https://10.0.0.1/hook",
        "https://192.168.1.1/hook",
        "https://169.254.169.254/hook",
        "https://[fd00::1]/hook",
        "https://100.64.0.1/hook",
        "https://0.0.0.0/hook",
        "https://127.0.0.1/hook",
        "http://localhost/hook",
        "https://user@example.org/hook",
        "file:///etc/passwd",
        "nothing"
      })
  void whatIsNearIsNoWebhook(String url) {
    assertThat(new WebhookTarget(false).parse(url)).isNull();
  }

  @Test
  void loopbackIsOneWhereItIsAllowed() {
    assertThat(new WebhookTarget(true).parse("http://127.0.0.1:9/hook")).isNotNull();
    assertThat(new WebhookTarget(true).parse("http://10.0.0.1/hook")).isNull();
    assertThat(new WebhookTarget(false).parse("https://example.org/hook")).isNotNull();
  }

  @Test
  void aSignatureIsVerifiedWithThePublishedKey() throws Exception {
    WebhookKey key = WebhookKey.parse(WebhookKey.fresh());
    byte[] body = "{}".getBytes(UTF_8);
    String[] parts = key.signature(12, body).split("ed25519=", 2);
    assertThat(parts[0]).isEqualTo("t=12,kid=" + key.kid() + ",");
    byte[] open = Base64.getUrlDecoder().decode(key.jwks().path("keys").path(0).path("x").asText());
    byte[] front = HexFormat.of().parseHex("302a300506032b6570032100");
    byte[] encoded = java.util.Arrays.copyOf(front, front.length + open.length);
    System.arraycopy(open, 0, encoded, front.length, open.length);
    Signature check = Signature.getInstance("Ed25519");
    check.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    check.update("12.{}".getBytes(UTF_8));
    assertThat(check.verify(Base64.getUrlDecoder().decode(parts[1]))).isTrue();
  }

  @Test
  void aTokenIsGoodForOneWakeOnly() {
    WebhookKey key = WebhookKey.parse(WebhookKey.fresh());
    String token = key.token("s", 1, "w");
    assertThat(key.isToken(token, "s", 1, "w")).isTrue();
    assertThat(key.isToken(token, "s", 2, "w")).isFalse();
    assertThat(key.isToken(token, "t", 1, "w")).isFalse();
    assertThat(WebhookKey.parse(WebhookKey.fresh()).isToken(token, "s", 1, "w")).isFalse();
  }
}
