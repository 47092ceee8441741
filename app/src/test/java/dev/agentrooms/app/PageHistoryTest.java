package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The page with a history that is long, incomplete or lost, and with a server that restarts.
@Tag("browser")
class PageHistoryTest {

  private static final Map<String, Object> PORTS = Stack.ports();

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = stack();
  }

  private static Stack stack() {
    Map<String, Object> settings = new HashMap<>(PORTS);
    settings.put("webui.room.history-size", 10);
    return Stack.quick(settings);
  }

  @Test
  void afterTheServersRestartThePageComesBackByItselfAndKeepsWhatItShowed() {
    try (Tab tab = chromium.tab()) {
      tab.open(stack, "restart").ask("What is gravity?");
      assertThat(tab.css(".answer")).containsText("What is gravity?");

      stack.close();
      assertThat(tab.css(".connection-lost")).containsText("The connection is lost");
      assertThat(tab.css(".connection-lost")).containsText("Next try in");
      assertThat(tab.css(".connection")).hasText("Offline");
      assertThat(tab.css(".answer")).containsText("What is gravity?");

      stack = stack();
      assertThat(tab.css(".connection")).hasText("Live");
      assertThat(tab.css(".connection-lost")).hasCount(0);
      assertThat(tab.css(".history-lost")).containsText("began this session’s history anew");
      assertThat(tab.css(".answer")).containsText("What is gravity?");

      tab.ask("How do tides work?");
      assertThat(tab.css(".answer", "How do tides work?")).isVisible();
      assertThat(tab.css(".run")).hasCount(2);
    }
  }

  @Test
  void whatTheRoomDroppedIsSaidAndWhatIsLeftIsShown() {
    for (int run = 1; run <= 4; run++) {
      int last = 4 * run;
      stack.run("evicted", "What is gravity, part " + run + "?");
      stack.messages(
          "evicted", events -> !events.isEmpty() && events.getLast().path("seq").asInt() == last);
    }
    try (Tab tab = chromium.tab()) {
      tab.open(stack, "evicted");

      assertThat(tab.css(".history-lost")).containsText("6 older ones are gone");
      assertThat(tab.css(".history-lost")).containsText("10 events, from #7 on");
      assertThat(tab.css(".run .state").last()).hasText("done");
      // A run whose beginning is gone still has its question, from the agent.
      assertThat(tab.css(".run .title").first()).containsText("What is gravity, part");
      tab.button("Dismiss").click();
      assertThat(tab.css(".history-lost")).hasCount(0);
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void addressWithANumberOpensThatEvent() {
    stack.run("linked", "What is gravity?");
    stack.untilEnded("linked", 1);
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "linked#3");
      assertThat(tab.css("#event-3")).hasClass("here");
      assertThat(tab.css("#event-3")).isInViewport();
      assertThat(tab.css("#event-3")).containsText("retrieval_done");

      tab.css("#event-2 a").click();
      assertThat(tab.css("#event-2")).hasClass("here");
      tab.open(stack, "linked#99");
      assertThat(tab.css(".notice")).containsText("Event #99 is not kept");
    }
  }

  @Test
  void eventsAreDownloadedAsLinesOfJson() throws IOException {
    stack.run("download", "What is gravity?");
    stack.untilEnded("download", 1);
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "download");
      assertThat(tab.css(".answer")).isVisible();
      Download download = tab.page.waitForDownload(() -> tab.button("Download").click());

      assertThat(download.suggestedFilename()).isEqualTo("download.ndjson");
      List<String> lines = Files.readAllLines(download.path());
      assertThat(lines.stream().map(line -> Json.parse(line.getBytes(UTF_8))).toList())
          .isEqualTo(stack.messages("download"));
    }
  }

  @Test
  void idsAreCopied() {
    stack.run("copied", "What is gravity?");
    String runId = stack.untilEnded("copied", 1).getFirst().path("run_id").asText();
    try (Tab tab = chromium.tab().withDetails()) {
      tab.page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
      tab.open(stack, "copied");
      tab.button("Copy: Run and correlation id").click();
      assertThat(tab.css("#polite")).hasText("Copied");
      assertThat(tab.page.evaluate("() => navigator.clipboard.readText()")).isEqualTo(runId);
    }
  }
}
