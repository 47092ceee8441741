package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.agent.AgentSettings;
import dev.agentrooms.app.cluster.ClusterSettings;
import dev.agentrooms.http.Settings;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.Tools;
import dev.agentrooms.webui.WebUiSettings;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every setting that is a duration, with the test in which it fires: an untested timeout may not
/// work.
@Tag("wire")
class TimeoutsTest {

  private static final Map<String, String> FIRES =
      Map.ofEntries(
          Map.entry(
              "agent.shutdown.grace",
              "app/ShutdownTest#runsInFlightGetTheirGraceAndThenEndAsCancelled"),
          Map.entry("agent.session.ttl", "app/EndToEndTest#idleSessionIsForgottenAfterItsTtl"),
          Map.entry(
              "agent.session.sleep-after",
              "agent/SessionSleepTest#whatASessionShowsIsTheSameAfterItsSleep"),
          Map.entry(
              "agent.input.timeout",
              "app/PeopleTest#nobodyInTimeFailsTheRunAndUntilThenItIsCountedAndKeptBeyondTheTtl"),
          Map.entry("agent.tools.timeout", "app/TimeoutsTest#aToolThatTakesTooLongIsAToolError"),
          Map.entry("agent.tools.retry-delay", "app/TimeoutsTest#aSecondAttemptWaitsForItsDelay"),
          Map.entry(
              "agent.tools.cancel-timeout",
              "agent/AgentSessionTest#aToolThatIgnoresTheAbortIsAbandonedAndNamed"),
          Map.entry(
              "agent.model.first-token-timeout",
              "tools/ModelClientTest#eachTimeLimitClosesTheConnectionAndSaysWhichItWas"),
          Map.entry(
              "agent.model.idle-timeout",
              "tools/ModelClientTest#eachTimeLimitClosesTheConnectionAndSaysWhichItWas"),
          Map.entry(
              "agent.model.timeout",
              "tools/ModelClientTest#eachTimeLimitClosesTheConnectionAndSaysWhichItWas"),
          Map.entry(
              "agent.progress.timeout",
              "agent/HttpProgressSinkTest#aWebUiThatDoesNotAnswerInTimeIsLetGo"),
          Map.entry(
              "agent.progress.retry-delay",
              "agent/SessionDeliveryTest#theNextTryComesWithinFiveSeconds"),
          Map.entry(
              "agent.progress.outbox-ttl",
              "agent/SessionDeliveryTest#undeliveredEventsHoldAnIdleSession"),
          Map.entry(
              "webui.room.ttl",
              "webui/PassivationTest#aRoomThatWasForgottenComesBackWithAnotherEpoch"),
          Map.entry(
              "webui.socket.ping-interval",
              "webui/StrictWebUiTest#aSilentPeerIsPingedAndThenClosed"),
          Map.entry(
              "webui.socket.silence-timeout",
              "webui/StrictWebUiTest#aPeerIsSilentForTooLongEvenBeforeItsFirstPing"),
          Map.entry(
              "webui.events.keep-alive", "webui/StrictWebUiTest#aSilentEventStreamGetsComments"),
          Map.entry("webui.streams.long-poll", "webui/StreamsTest#aReaderWhoPollsWaitsForSoLong"),
          Map.entry(
              "store.sync-interval",
              "store/SyncerTest#whatNobodyWaitsForReachesTheDiskAfterTheInterval"),
          Map.entry(
              "store.patience", "store/LaneTest#whatHasWaitedLongerThanAnybodyWaitsIsNotStored"),
          Map.entry(
              "agent.notes.rescan", "tools/NotesTest#whatChangesInTheFolderIsFoundWithinTheRescan"),
          Map.entry("cluster.join-timeout", "app/ClusterTest#aNodeThatFindsNobodyEndsAfterItsTime"),
          Map.entry(
              "cluster.acceptable-pause",
              "app/ClusterTest#aNodeThatIsSilentIsLeftBehindAndEndsWhenItWakes"),
          Map.entry(
              "cluster.stable-after",
              "app/ClusterTest#aNodeThatIsSilentIsLeftBehindAndEndsWhenItWakes"),
          Map.entry(
              "cluster.leave-delay",
              "app/ClusterStopTest#aNodeThatLeavesServesEverythingForItsDelay"),
          Map.entry("http.body-timeout", "http/HttpServerTest#aBodyThatStallsIsGivenUp"),
          Map.entry("http.idle-timeout", "http/HttpServerTest#whoAsksOnceAndNoMoreIsClosed"),
          Map.entry("http.write-timeout", "http/HttpServerTest#whoAsksAndNeverReadsIsCut"),
          Map.entry(
              "http.head-timeout",
              "app/HostileHttpTest#connectionsThatSayNothingOrNeverEndAreCut"));

  private static Set<String> durations() {
    Set<String> durations = new TreeSet<>();
    for (ReferenceConf.Setting setting : ReferenceConf.read().settings()) {
      if (setting.value().matches("\\d+ ?(ms|s|m|h|d)")) {
        durations.add(setting.key());
      }
    }
    return durations;
  }

  @Test
  void everyDurationHasATestThatSeesItFire() {
    assertThat(FIRES.keySet()).as("add a row, and a test").isEqualTo(durations());
    for (String test : FIRES.values()) {
      String[] named = test.split("[/#]");
      String source = TestSources.read(Path.of(".."), named[0], named[1]);
      assertThat(source).as(test).contains(" void " + named[2] + "(");
    }
  }

  /// Each has a value of its own, and is found where its name says.
  @Test
  void everyDurationIsReadIntoItsPlace() throws ReflectiveOperationException {
    Map<String, Object> given = new HashMap<>();
    List<String> keys = List.copyOf(durations());
    for (String key : keys) {
      given.put(key, 100_000 + keys.indexOf(key) + "ms");
    }
    given.put("agent.model.url", "http://127.0.0.1:1/v1");
    given.put("agent.model.name", "test-model");
    Settings settings = Settings.of(ConfigFactory.parseMap(given).withFallback(Settings.load()));
    List<Map.Entry<String, Duration>> read = new ArrayList<>();
    flatten("", AgentSettings.from(settings), read);
    flatten("", WebUiSettings.from(settings), read);
    flatten("", NodeStore.settings(settings), read);
    flatten("", ClusterSettings.from(settings), read);

    for (String key : keys) {
      Duration value = Duration.ofMillis(100_000 + keys.indexOf(key));
      String word = key.substring(key.lastIndexOf('.') + 1).replace("-", "");
      assertThat(read.stream().filter(each -> each.getValue().equals(value)))
          .as(key)
          .isNotEmpty()
          .allMatch(each -> each.getKey().toLowerCase(Locale.ROOT).endsWith(word));
    }
  }

  private static void flatten(String name, Object value, List<Map.Entry<String, Duration>> found)
      throws ReflectiveOperationException {
    if (value instanceof Duration duration) {
      found.add(Map.entry(name, duration));
    } else if (value instanceof Tools tools) {
      for (Tool tool : tools.all()) {
        flatten(name, tool, found);
        // Its parts are named apart.
        found.add(Map.entry(name + ".retrydelay", tool.retry().delay()));
      }
    } else if (value instanceof Tool.Retry) {
      // Said above.
    } else if (value instanceof Record) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        component.getAccessor().setAccessible(true);
        Object inner = component.getAccessor().invoke(value);
        if (inner != null) {
          flatten(name + "." + component.getName(), inner, found);
        }
      }
    }
  }

  @Test
  void aToolThatTakesTooLongIsAToolError() {
    try (Stack stack = Stack.start("agent.tools.timeout", "400ms")) {
      stack.run("slow", "What is patience? [rag:slow]");

      assertThat(stack.untilEnded("slow", 1))
          .filteredOn(event -> event.path("step").asText().equals("tool_error"))
          .singleElement()
          .matches(event -> event.path("meta").path("reason").asText().equals("timeout"));
    }
  }

  @Test
  void aSecondAttemptWaitsForItsDelay() {
    try (Stack stack = Stack.start("agent.tools.retry-delay", "1h")) {
      stack.run("again", "What is patience? [rag:503]");
      String url = stack.agent() + "/metrics";
      Stack.await(
          () ->
              new String(stack.get(url).response().body(), java.nio.charset.StandardCharsets.UTF_8),
          page -> page.matches("(?s).*agentrooms_tool_failures_total\\{[^}]*} 1\\.0.*"));

      assertThat(Stack.steps(stack.messages("again")))
          .doesNotContain("retrieval_done", "final_answer");
    }
    try (Stack stack = Stack.start("agent.tools.retry-delay", "1ms")) {
      stack.run("again", "What is patience? [rag:503]");
      assertThat(Stack.steps(stack.untilEnded("again", 1))).contains("tool_retry", "final_answer");
    }
  }
}
