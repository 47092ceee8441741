package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The metrics of dashboard and alerts exist.
@Tag("wire")
class DashboardTest {

  private static final Path OPS = Path.of("../ops");

  /// What Prometheus knows of a target by itself.
  private static final Set<String> GIVEN = Set.of("instance", "job", "up");

  @Test
  void everyQueryIsAnsweredByWhatAServerShows() throws IOException {
    List<PromQl.Selector> shown;
    try (Stack stack = Stack.start("webui.room.history-size", 4)) {
      use(stack);
      System.gc();
      shown =
          Stack.await(
              () -> shown(stack),
              all ->
                  contains(all, "agentrooms_dispatcher_delay_seconds_count")
                      && contains(all, "jvm_gc_pause_seconds_sum"));
    }

    Map<String, String> expressions = new LinkedHashMap<>(queries());
    expressions.putAll(alerts());
    assertThat(expressions).hasSizeGreaterThan(50);
    assertThat(expressions)
        .allSatisfy(
            (name, expression) ->
                assertThat(PromQl.of(expression).faults(shown, GIVEN))
                    .as(name + ": " + expression)
                    .isEmpty());
  }

  @Test
  void queryThatNothingAnswersIsFound() {
    List<PromQl.Selector> shown =
        List.of(PromQl.series("runs_total{reason=\"busy\",le=\"0.5\"}"), PromQl.series("rooms"));

    assertThat(faults("sum by (reason) (rate(runs_total{reason=\"busy\"}[5m])) > 0.5", shown))
        .isEmpty();
    assertThat(faults("sum(rate(runs_total{reason!=\"x\"}[5m])) / rooms", shown)).isEmpty();
    assertThat(faults("max by (instance, le) (runs_total) and up{job=~\"a.*\"} == 0", shown))
        .isEmpty();
    for (String wrong :
        List.of(
            "sum(run_total)",
            "sum by (tool) (runs_total)",
            "runs_total{reason=\"full\"}",
            "runs_total{cause=~\"b.*\"}",
            "rooms / rate(missing[5m])",
            "1 + 1")) {
      assertThat(faults(wrong, shown)).as(wrong).hasSize(1);
    }
  }

  @Test
  void dashboardCanBeLoaded() throws IOException {
    JsonNode dashboard = dashboard();
    assertThat(dashboard.path("uid").asText()).isNotBlank();
    assertThat(dashboard.path("schemaVersion").asInt()).isPositive();
    Set<Integer> ids = new HashSet<>();
    Set<String> cells = new HashSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      String name = panel.path("title").asText();
      assertThat(ids.add(panel.path("id").asInt())).as("the id of " + name).isTrue();
      JsonNode at = panel.path("gridPos");
      assertThat(at.path("x").asInt() + at.path("w").asInt()).as(name).isBetween(1, 24);
      for (int x = 0; x < at.path("w").asInt(); x++) {
        for (int y = 0; y < at.path("h").asInt(); y++) {
          assertThat(cells.add((at.path("x").asInt() + x) + "," + (at.path("y").asInt() + y)))
              .as(name + " lies on another panel")
              .isTrue();
        }
      }
    }
  }

  @Test
  void everyAlertSaysWhatAndHowBadItIsAndIsExplained() throws IOException {
    String guide = Files.readString(Path.of("../docs/operating.md"));
    Set<String> names = new HashSet<>();
    for (JsonNode alert : rules()) {
      String name = alert.path("alert").asText();
      assertThat(names.add(name)).as(name).isTrue();
      assertThat(alert.at("/labels/severity").asText()).as(name).isIn("warning", "critical");
      assertThat(alert.at("/annotations/summary").asText()).as(name).isNotBlank();
      assertThat(alert.at("/annotations/description").asText()).as(name).isNotBlank();
      assertThat(guide).contains("`" + name + "`");
    }
    assertThat(names).isNotEmpty();
  }

  /// Runs that succeed, fail and are cancelled, and a watcher that reconnects.
  private static void use(Stack stack) {
    try (Watcher watcher = Watcher.of(stack, "ops")) {
      stack.run("ops", "Create a quiz about rocks");
      watcher.untilEnded(1);
      stack.run("ops", "Create a quiz about rocks [exam:500]");
      watcher.untilEnded(2);
      stack.run("ops", "Create a quiz about rocks [exam:slow]");
      stack.post(stack.agent() + "/api/agent/cancel", "{\"session_id\":\"ops\"}");
      watcher.untilEnded(3);
      watcher.send("{\"cmd\":\"subscribe\",\"session_id\":\"ops\",\"after\":1}");
      watcher.await(
          told ->
              told.stream().anyMatch(m -> m.has("recovered") && !m.path("recovered").asBoolean()));
    }
  }

  private static List<PromQl.Selector> shown(Stack stack) {
    List<PromQl.Selector> shown = new ArrayList<>();
    for (String server : List.of(stack.agent(), stack.webUi())) {
      new String(stack.get(server + "/metrics").response().body(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> PromQl.series(line.substring(0, line.lastIndexOf(' '))))
          .forEach(shown::add);
    }
    return shown;
  }

  private static boolean contains(List<PromQl.Selector> shown, String metric) {
    return shown.stream().anyMatch(series -> series.metric().equals(metric));
  }

  private static List<String> faults(String expression, List<PromQl.Selector> shown) {
    return PromQl.of(expression).faults(shown, GIVEN);
  }

  /// The dashboard's queries by panel and letter.
  private static Map<String, String> queries() throws IOException {
    Map<String, String> queries = new LinkedHashMap<>();
    for (JsonNode panel : dashboard().path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        String name = panel.path("title").asText() + " " + target.path("refId").asText();
        assertThat(queries.put(name, target.path("expr").asText())).as(name).isNull();
      }
    }
    return queries;
  }

  private static Map<String, String> alerts() throws IOException {
    Map<String, String> alerts = new LinkedHashMap<>();
    rules().forEach(rule -> alerts.put(rule.path("alert").asText(), rule.path("expr").asText()));
    return alerts;
  }

  private static JsonNode dashboard() throws IOException {
    return Json.parse(Files.readAllBytes(OPS.resolve("grafana-dashboard.json")));
  }

  private static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    new ObjectMapper(new YAMLFactory())
        .readTree(OPS.resolve("prometheus-alerts.yml").toFile())
        .path("groups")
        .forEach(group -> group.path("rules").forEach(rules::add));
    return rules;
  }
}
