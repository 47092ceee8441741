package dev.agentrooms.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.Settings;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class ServerUrlTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:9",
    "0.0.0.0, http://127.0.0.1:9",
    "::, http://[::1]:9",
    "::1, http://[::1]:9",
    "rooms.example.org, http://rooms.example.org:9",
  })
  void anAddressToListenAtIsOneToAsk(String host, String url) {
    var settings = Map.of("webui.http.host", host, "webui.http.port", 9);

    assertThat(ServerUrl.of(Settings.of(ConfigFactory.parseMap(settings)))).isEqualTo(url);
    assertThat(ServerUrl.of(" http://x ", Map.of("AGENT_ROOMS_URL", "http://y")))
        .isEqualTo("http://x");
    assertThat(ServerUrl.of(null, Map.of("AGENT_ROOMS_URL", "http://y"))).isEqualTo("http://y");
  }
}
