package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import dev.agentrooms.tools.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class AgentSettingsTest {

  private static final Config DEFAULTS = Settings.load();

  @Test
  void withoutAnythingSaidTheyAreTheContracts() {
    AgentSettings settings = AgentSettings.from(Settings.of(DEFAULTS));
    assertThat(settings.http().address().host()).isEqualTo("127.0.0.1");
    assertThat(settings.http().address().port()).isEqualTo(8250);
    assertThat(settings.session().ttl()).isEqualTo(Duration.ofMinutes(30));
    assertThat(settings.session().sleepAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.runs()).isEqualTo(new AgentSettings.Runs(64, 1024, 512));
    assertThat(settings.tools().declared().tools().all())
        .extracting(Tool::name)
        .containsExactlyInAnyOrder("rag_search", "rag_answer", "generate_exam", "grade_exam");
    assertThat(settings.tools().declared().tools().all())
        .allMatch(tool -> tool.timeout().equals(Duration.ofSeconds(30)));
    assertThat(settings.tools().maxAnswerSize()).isEqualTo(4 * 1024 * 1024);
    assertThat(settings.progress().sink()).isEqualTo(AgentSettings.SinkKind.ROOM);
    assertThat(settings.progress().url())
        .isEqualTo(URI.create("http://127.0.0.1:8150/api/agent/progress"));
    assertThat(settings.progress().outboxSize()).isEqualTo(1000);
    assertThat(settings.progress().outboxTtl()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.internalToken()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "agent.http.port|70000",
        "agent.http.port|-1",
        "agent.http.port|http",
        "agent.http.port|80.5",
        "agent.http.port|''",
        "agent.http.host|''",
        "agent.http.host|'  '",
        "agent.session.ttl|0",
        "agent.session.ttl|0s",
        "agent.session.ttl|-5s",
        "agent.session.ttl|soon",
        "agent.session.ttl|5 parsecs",
        "agent.session.ttl|400d",
        "agent.session.ttl|99999999999999d",
        "agent.session.sleep-after|0",
        "agent.session.last-events|0",
        "agent.session.kept-runs|0",
        "agent.session.max-idempotency-keys|0",
        "agent.runs.max-concurrent|0",
        "agent.runs.max-concurrent|99999999999",
        "agent.runs.max-queued|-1",
        "agent.runs.max-queued-per-user|-1",
        "agent.runs.max-queued-per-user|half",
        "agent.notes.dir|/nowhere/at/all",
        "agent.notes.rescan|0",
        "agent.notes.max-files|0",
        "agent.notes.max-file-size|0",
        "agent.notes.max-total-size|2GiB",
        "agent.tools.rag.url|localhost:8350",
        "agent.tools.rag.url|ftp://127.0.0.1",
        "agent.tools.rag.url|http://",
        "agent.tools.rag.url|http://a b",
        "agent.tools.rag.url|http://127.0.0.1:99999",
        "agent.tools.rag.url|http://127.0.0.1:8350?x=1",
        "agent.tools.rag.url|http://127.0.0.1:8350#x",
        "agent.tools.rag.top-k|0",
        "agent.tools.test-generator.url|file:///etc/passwd",
        "agent.tools.test-generator.num-questions|51",
        "agent.tools.timeout|0ms",
        "agent.tools.retry-delay|0ms",
        "agent.tools.cancel-timeout|0ms",
        "agent.tools.max-answer-size|0",
        "agent.tools.max-answer-size|2GiB",
        "agent.tools.max-answer-size|large",
        "agent.progress.sink|kafka",
        "agent.progress.sink|HTTP",
        "agent.progress.url|nowhere",
        "agent.progress.timeout|0",
        "agent.progress.retry-delay|0",
        "agent.progress.outbox-size|1",
        "agent.progress.outbox-ttl|0",
        "internal-token|with space",
        "internal-token|тайна",
      })
  void whatCannotBeRightIsNamedInOneLine(String key, String value) {
    assertThatExceptionOfType(BadSetting.class)
        .isThrownBy(() -> with(Map.of(key, value)))
        .satisfies(e -> assertThat(e.getMessage()).startsWith(key + ": ").doesNotContain("\n"));
  }

  private static AgentSettings with(Map<String, String> said) {
    var config = ConfigFactory.empty();
    for (Map.Entry<String, String> each : said.entrySet()) {
      config = config.withValue(each.getKey(), ConfigValueFactory.fromAnyRef(each.getValue()));
    }
    return AgentSettings.from(Settings.of(config.withFallback(DEFAULTS)));
  }
}
