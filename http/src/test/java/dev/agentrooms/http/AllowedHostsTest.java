package dev.agentrooms.http;

import static dev.agentrooms.http.AllowedHosts.Verdict.ALLOWED;
import static dev.agentrooms.http.AllowedHosts.Verdict.MALFORMED;
import static dev.agentrooms.http.AllowedHosts.Verdict.MISDIRECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.AllowedHosts.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class AllowedHostsTest {

  private static final String[] LOOPBACK = {
    "localhost",
    "LocalHost",
    "localhost.",
    "localhost:8150",
    "localhost:1",
    "localhost:65535",
    "localhost:",
    "127.0.0.1",
    "127.0.0.1:8150",
    "127.0.0.2",
    "127.255.255.255",
    "[::1]",
    "[::1]:8150",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]:80",
  };

  private static final String[] OTHERS = {
    "rooms.example",
    "evil.example:8150",
    "localhost.evil.example",
    "evil.localhost",
    "localhost.localdomain",
    "notlocalhost",
    "127.0.0.1.evil.example",
    "127.0.0.1.nip.io",
    "127.0.0.256",
    "127.0.0.01",
    "127.1",
    "127.0.0",
    "2130706433",
    "0x7f000001",
    "0.0.0.0",
    "128.0.0.1",
    "192.0.2.1",
    "[::]",
    "[::2]",
    "[2001:db8::1]:8150",
    "a_b.example",
  };

  private static final String[] NONE = {
    "",
    " ",
    ":",
    ":8150",
    ".",
    "localhost..",
    ".localhost",
    "a..b",
    "localhost:65536",
    "localhost:99999",
    "localhost:100000",
    "localhost:-1",
    "localhost:x",
    "localhost:80:80",
    "localhost: 80",
    "user@localhost",
    "user:secret@localhost",
    "localhost@evil.example",
    "localhost/",
    "localhost/path",
    "localhost?x",
    "localhost#x",
    "http://localhost",
    "localhost, evil.example",
    "localhost evil.example",
    "local host",
    "local\\host",
    "localhost\t",
    "localhost\u0000",
    "l%6fcalhost",
    "löcalhost",
    "localhost:８０",
    "::1",
    "[::1",
    "::1]",
    "[]",
    "[localhost]",
    "[127.0.0.1]",
    "[1.2]",
    "[::1]x",
    "[::1]:x",
    "[::1%25lo]",
    "[:::]",
    "[1:2:3:4:5:6:7:8:9]",
    "[v1.a]",
    "*",
    "*.example",
  };

  private static AllowedHosts hosts(String bound, String setting, String publicUrl) {
    return AllowedHosts.from(
        Settings.of(
            ConfigFactory.parseMap(
                Map.of("http.allowed-hosts", setting, "webui.public-url", publicUrl))),
        new HttpAddress("test.http", bound, 0));
  }

  private static void assertThatAll(String[] hosts, AllowedHosts allowed, Verdict verdict) {
    assertThat(hosts)
        .allSatisfy(host -> assertThat(allowed.judge(List.of(host))).as(host).isEqualTo(verdict));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.0.0.7"})
  void onLoopbackOnlyNamesOfLoopbackAreOurs(String bound) {
    AllowedHosts allowed = hosts(bound, "", "");

    assertThatAll(LOOPBACK, allowed, ALLOWED);
    assertThatAll(OTHERS, allowed, MISDIRECTED);
    assertThatAll(NONE, allowed, MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void beyondLoopbackAnyNameIsOursUnlessTheyAreListed(String bound) {
    for (AllowedHosts allowed :
        List.of(hosts(bound, "", ""), hosts(bound, "", "https://rooms.example"))) {
      assertThatAll(LOOPBACK, allowed, ALLOWED);
      assertThatAll(OTHERS, allowed, ALLOWED);
      assertThatAll(NONE, allowed, MALFORMED);
    }
    AllowedHosts listed = hosts(bound, "b.example", "");
    assertThatAll(OTHERS[1].split(" "), listed, MISDIRECTED);
    assertThatAll(NONE, listed, MALFORMED);
  }

  @ParameterizedTest
  @CsvSource({
    "'rooms.example', rooms.example",
    "'rooms.example', ROOMS.example.:443",
    "'Rooms.Example:8150', rooms.example",
    "'a.example, rooms.example ,', rooms.example:1",
    "'[2001:DB8::1]', [2001:db8:0:0:0:0:0:1]:80",
    "'192.0.2.7', 192.0.2.7",
    "'rooms.example', localhost",
    "'*', evil.example",
  })
  void listedNamesAreOursBesides(String setting, String host) {
    assertThat(hosts("127.0.0.1", setting, "").judge(List.of(host))).isEqualTo(ALLOWED);
    assertThat(hosts("0.0.0.0", setting, "").judge(List.of(host))).isEqualTo(ALLOWED);
  }

  @Test
  void soAreTheBoundAddressAndTheHostOfThePublicUrl() {
    AllowedHosts allowed = hosts("192.0.2.1", "b.example", "https://Rooms.Example:8443");

    for (String ours : List.of("192.0.2.1:8150", "b.example", "rooms.example", "localhost")) {
      assertThat(allowed.judge(List.of(ours))).as(ours).isEqualTo(ALLOWED);
    }
    assertThat(allowed.judge(List.of("192.0.2.2"))).isEqualTo(MISDIRECTED);
    assertThat(
            hosts("127.0.0.1", "", "https://rooms.example/").judge(List.of("rooms.example:8150")))
        .isEqualTo(ALLOWED);
  }

  @Test
  void aRequestHasOneHostOrIsOfNoBrowser() {
    AllowedHosts allowed = hosts("127.0.0.1", "", "");
    assertThat(allowed.judge(List.of())).isEqualTo(ALLOWED);
    assertThat(allowed.judge(List.of("localhost", "localhost"))).isEqualTo(MALFORMED);
    assertThat(AllowedHosts.ANY.judge(List.of("localhost", "evil.example"))).isEqualTo(MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "http://rooms.example", "rooms.example:99999", "a,b@c", "*.a"})
  void anEntryThatIsNoHostIsNamed(String setting) {
    assertThatThrownBy(() -> hosts("127.0.0.1", setting, ""))
        .isInstanceOf(BadSetting.class)
        .hasMessageContaining("http.allowed-hosts");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rooms.example",
        "ftp://rooms.example",
        "https://",
        "https://rooms.example/path",
        "https://user@rooms.example",
        "https://rooms.example?x",
        "https://rooms.example:70000",
      })
  void aPublicUrlThatIsNoOriginIsNamed(String url) {
    for (String bound : List.of("127.0.0.1", "0.0.0.0")) {
      assertThatThrownBy(() -> hosts(bound, "", url))
          .isInstanceOf(BadSetting.class)
          .hasMessageContaining("webui.public-url");
    }
  }
}
