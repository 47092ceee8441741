package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.WebSocketRoute;
import dev.agentrooms.app.Chromium.Tab;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A lost connection is noticed, shown, and restored automatically.
@Tag("browser")
class PageConnectionTest {

  @AutoClose private static Stack stack;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    stack = Stack.start(EnumSet.of(Role.WEBUI), Stack.settings());
  }

  @Test
  void deviceThatGoesOfflineIsNoticedAtOnceAndSoIsItsReturn() {
    try (Tab tab = chromium.tab().withDetails()) {
      tab.open(stack, "offline");
      assertThat(tab.css(".connection")).hasText("Live");
      begin("offline");
      assertThat(tab.css(".step.running")).isVisible();
      tab.page.clock().install();

      tab.page.context().setOffline(true);
      // No time passes here, so nothing but the browser's word can have told the page.
      assertThat(tab.css(".connection")).hasText("Offline");
      assertThat(tab.css(".connection-lost"))
          .containsText("This device is offline; what you see may be out of date.");
      assertThat(tab.css("main")).not().containsText("goes on");
      assertThat(tab.css("main")).hasClass(java.util.regex.Pattern.compile("stale"));

      tab.page.context().setOffline(false);
      assertThat(tab.css(".connection")).hasText("Live");
      assertThat(tab.css(".connection-lost")).hasCount(0);
      assertThat(tab.css("main")).not().hasClass(java.util.regex.Pattern.compile("stale"));
    }
  }

  @Test
  void silentlyDeadConnectionIsNoticedWithinSeconds() {
    AtomicBoolean dead = new AtomicBoolean();
    try (Tab tab = chromium.tab()) {
      tab.page.clock().install();
      tab.page.routeWebSocket("**/ws", socket -> passOnUnless(dead, socket));
      tab.open(stack, "dead");
      assertThat(tab.css(".connection")).hasText("Live");
      dead.set(true);

      tab.page.clock().runFor("00:17");
      assertThat(tab.css(".connection-lost"))
          .containsText("The connection is lost; what you see may be out of date.");
      assertThat(tab.css(".connection")).not().hasText("Live");
    }
  }

  @Test
  void aDeadConnectionIsNoticedWhenTheTabIsShownAgain() {
    AtomicBoolean dead = new AtomicBoolean();
    try (Tab tab = chromium.tab()) {
      tab.page.clock().install();
      tab.page.routeWebSocket("**/ws", socket -> passOnUnless(dead, socket));
      tab.open(stack, "visible");
      assertThat(tab.css(".connection")).hasText("Live");
      dead.set(true);

      tab.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))");
      tab.page.clock().runFor("00:07");
      assertThat(tab.css(".connection-lost")).isVisible();
    }
  }

  /// However long nothing happens: the answer to a ping is enough.
  @Test
  void quietConnectionThatIsAliveStays() {
    AtomicInteger sockets = new AtomicInteger();
    AtomicInteger unanswered = new AtomicInteger();
    try (Tab tab = chromium.tab()) {
      tab.page.clock().install();
      tab.page.routeWebSocket(
          "**/ws",
          socket -> {
            sockets.incrementAndGet();
            WebSocketRoute server = socket.connectToServer();
            socket.onMessage(
                frame -> {
                  unanswered.incrementAndGet();
                  server.send(frame.text());
                });
            server.onMessage(
                frame -> {
                  socket.send(frame.text());
                  unanswered.decrementAndGet();
                });
          });
      tab.open(stack, "quiet");
      assertThat(tab.css(".connection")).hasText("Live");
      for (int seconds = 0; seconds < 60; seconds += 3) {
        tab.page.clock().runFor(3000);
        // A frame goes to the server and back before the clock moves on.
        tab.page.waitForCondition(() -> unanswered.get() == 0);
      }
      assertThat(tab.css(".connection")).hasText("Live");
      assertThat(sockets).hasValue(1);
    }
  }

  private static void passOnUnless(AtomicBoolean dead, WebSocketRoute socket) {
    WebSocketRoute server = socket.connectToServer();
    socket.onMessage(
        frame -> {
          if (!dead.get()) {
            server.send(frame.text());
          }
        });
    server.onMessage(
        frame -> {
          if (!dead.get()) {
            socket.send(frame.text());
          }
        });
  }

  private static void begin(String session) {
    String event =
        """
        {"event_id":"e1","ts":"2026-11-22T10:00:00Z","session_id":"%s","run_id":"r-1",
         "step":"start_retrieval"}"""
            .formatted(session);
    assertThat(stack.post(stack.webUi() + "/api/agent/progress", event).status()).isEqualTo(200);
  }
}
