package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A thousand events are not drawn in one go: no task of the page's main thread grows with them.
@Tag("browser")
class PageLoadTest {

  // Of processor time, many times what a task of some events takes: a slow machine at a load of 20
  // needed 66 ms.
  private static final long LONG_TASK_MICROS = 250_000;

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.start(EnumSet.of(Role.WEBUI), Stack.settings("webui.room.history-size", 2000));
  }

  @Test
  void thousandEventsComeLiveWithoutALongTask() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "live");
      assertThat(tab.css(".connection")).hasText("Live");
      chromium.startTracing(tab);
      publish("live", 1000, 1000);
      assertThat(tab.css(".step .title").last()).hasText("Done");
      assertThat(tab.css(".step")).hasCount(60);
      assertThat(tab.css(".log .more")).hasText("Show 441 earlier steps");

      assertThat(MainThread.tasks(chromium.stopTracing()))
          .isNotEmpty()
          .allMatch(t -> t <= LONG_TASK_MICROS);
    }
  }

  @Test
  void thousandEventsAreReplayedWithoutALongTask() {
    publish("one-run", 1000, 1000);
    publish("many-runs", 1000, 5);
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "empty");
      assertThat(tab.css(".connection")).hasText("Live");
      // The page itself is loaded already; what counts is what it does with the events.
      chromium.startTracing(tab);
      tab.goTo("one-run");
      assertThat(tab.css(".step .title").last()).hasText("Done");
      assertThat(tab.css(".step")).hasCount(60);
      tab.goTo("many-runs");
      assertThat(tab.css(".run")).hasCount(20);
      assertThat(tab.css("main > .more")).hasText("Show 180 earlier runs");

      assertThat(MainThread.tasks(chromium.stopTracing()))
          .isNotEmpty()
          .allMatch(t -> t <= LONG_TASK_MICROS);
    }
  }

  /// `total` events in runs of `perRun`: pairs that begin and end a step, with something in them.
  private static void publish(String session, int total, int perRun) {
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < total; i++) {
      int place = i % perRun;
      boolean last = place == perRun - 1;
      ObjectNode meta = Json.object();
      meta.putObject(place % 2 == 0 ? "input" : "output").put("text", "words ".repeat(20));
      if (last) {
        meta.put("status", "succeeded").putObject("result").put("words", i);
      }
      String part = "part_" + (place / 2);
      ObjectNode event =
          Json.object()
              .put("event_id", session + i)
              .put("ts", Instant.now().toString())
              .put("session_id", session)
              .put("run_id", session + "-" + (i / perRun))
              .put(
                  "step", last ? "final_answer" : place % 2 == 0 ? "start_" + part : part + "_done")
              .put("message", "Step " + place);
      event.set("meta", meta);
      events.add(event);
    }
    stack.publish(session, events);
  }
}
