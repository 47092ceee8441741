package dev.agentrooms.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.Settings;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class AccessSettingsTest {

  private static final String SECRET = "signed-by-this-secret-of-many-bytes";
  private static final HttpAddress EVERYWHERE = new HttpAddress("webui.http", "0.0.0.0", 0);

  private static AccessSettings of(Map<String, String> settings) {
    return AccessSettings.from(
        Settings.of(ConfigFactory.parseMap(settings).withFallback(Settings.load())));
  }

  private static void assertRefused(Map<String, String> settings, String key) {
    assertThatThrownBy(() -> of(settings))
        .isInstanceOf(BadSetting.class)
        .hasMessageContaining(key)
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void everythingIsOpenWhenNothingIsSet() {
    assertThat(of(Map.of()).isOpen()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"access.secret", "webui.room-token-secret"})
  void aSecretNeedsTokens(String key) {
    assertThat(of(Map.of(key, SECRET)).isOpen()).isFalse();
    assertThat(of(Map.of(key, SECRET, "access.mode", "open")).isOpen()).isTrue();
    assertRefused(Map.of(key, "short"), key);
    assertRefused(Map.of(key, SECRET + ",short"), key);
    assertRefused(Map.of(key, SECRET + "," + SECRET + "," + SECRET), key);
  }

  @Test
  void keysOrAUserHeaderNeedTokens() {
    assertThat(of(Map.of("access.jwks-url", "http://127.0.0.1:1/keys")).isOpen()).isFalse();
    assertThat(of(Map.of("access.user-header", "X-User", "access.trusted-proxies", "::1")).isOpen())
        .isFalse();
  }

  @Test
  void aModeThatCannotBeIsRefused() {
    assertRefused(Map.of("access.mode", "closed"), "access.mode");
    assertRefused(Map.of("access.mode", "token"), "access.mode");
    assertRefused(Map.of("access.user-header", "X-User"), "access.user-header");
  }

  @Test
  void beyondLoopbackOpenMustBeSaid() {
    assertThatThrownBy(() -> of(Map.of()).requireFor(EVERYWHERE))
        .isInstanceOf(BadSetting.class)
        .hasMessageContaining("access.mode");
    assertThatCode(() -> of(Map.of("access.mode", "open")).requireFor(EVERYWHERE))
        .doesNotThrowAnyException();
    assertThatCode(() -> of(Map.of("access.secret", SECRET)).requireFor(EVERYWHERE))
        .doesNotThrowAnyException();
    assertThatCode(() -> of(Map.of()).requireFor(new HttpAddress("webui.http", "127.0.0.1", 0)))
        .doesNotThrowAnyException();
  }

  @Test
  void proxiesAreAddressesAndNetworks() {
    TrustedProxies proxies =
        of(Map.of(
                "access.user-header",
                "X-User",
                "access.trusted-proxies",
                "10.0.0.0/8, 192.0.2.7, fd00::/16"))
            .proxies();

    for (String inside : new String[] {"10.255.1.2", "192.0.2.7", "fd00::1"}) {
      assertThat(proxies.contains(InetAddress.ofLiteral(inside))).as(inside).isTrue();
    }
    for (String outside : new String[] {"11.0.0.1", "192.0.2.8", "fd01::1", "::a00:1"}) {
      assertThat(proxies.contains(InetAddress.ofLiteral(outside))).as(outside).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "192.0.2.1  | 1.1.1.1                                | 192.0.2.1",
        "10.0.0.1   | -                                      | 10.0.0.1",
        "10.0.0.1   | 9.9.9.9                                | 9.9.9.9",
        "10.0.0.1   | 1.1.1.1, 9.9.9.9                       | 9.9.9.9",
        "10.0.0.1   | 1.1.1.1,9.9.9.9 , 10.0.0.2             | 9.9.9.9",
        "10.0.0.1   | 10.0.0.3, 10.0.0.2                     | 10.0.0.3",
        "10.0.0.1   | 9.9.9.9:5123                           | 9.9.9.9",
        "10.0.0.1   | [2001:db8::1]:5123                     | 2001:db8:0:0:0:0:0:1",
        "10.0.0.1   | 2001:db8::1                            | 2001:db8:0:0:0:0:0:1",
        "10.0.0.1   | unknown                                | 10.0.0.1",
        "10.0.0.1   | 9.9.9.9, unknown                       | 10.0.0.1",
        "10.0.0.1   | 9.9.9.9, 999.1.1.1, 10.0.0.2           | 10.0.0.2",
        "10.0.0.1   | ''                                     | 10.0.0.1",
      })
  void aRequestCameFromTheLastAddressThatIsNoProxys(
      String peer, @Nullable String forwarded, String origin) {
    TrustedProxies proxies = of(Map.of("access.trusted-proxies", "10.0.0.0/8")).proxies();
    List<String> lines = forwarded == null ? List.of() : List.of(forwarded);
    assertThat(proxies.origin(InetAddress.ofLiteral(peer), lines).getHostAddress())
        .isEqualTo(origin);
  }

  @Test
  void severalLinesAreOneList() {
    TrustedProxies proxies = of(Map.of("access.trusted-proxies", "10.0.0.0/8")).proxies();
    assertThat(
            proxies.origin(
                InetAddress.ofLiteral("10.0.0.1"), List.of("1.1.1.1", "9.9.9.9, 10.0.0.2")))
        .isEqualTo(InetAddress.ofLiteral("9.9.9.9"));
  }
}
