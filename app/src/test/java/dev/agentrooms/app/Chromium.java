package dev.agentrooms.app;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The machine's Chromium, one for all tests of this JVM: each has a browser context of its own.
final class Chromium {

  private static final double PATIENCE_MS = 60_000;

  private static @Nullable Chromium shared;

  private final Browser browser;
  private boolean isTracing;

  private Chromium(Browser browser) {
    this.browser = browser;
  }

  /// Starts it, or starts it anew when a test has crashed it. It ends with this JVM.
  static Chromium shared() {
    if (shared == null || !shared.browser.isConnected()) {
      shared = start();
    }
    return shared;
  }

  private static Chromium start() {
    Path executable = find();
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
    return new Chromium(
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable)
                    .setArgs(
                        List.of(
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync"))));
  }

  private static Path find() {
    return Stream.of(
            System.getenv("CHROMIUM_PATH"),
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
        .filter(Objects::nonNull)
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "Chromium is missing, and the browser tests need it. Install it with"
                        + " ci/browser (on Debian: apt-get install chromium), or let CHROMIUM_PATH"
                        + " name the executable of a Chromium or Chrome."));
  }

  /// A new browser context, without cookies or storage of others.
  Tab tab() {
    return tab(new Browser.NewContextOptions());
  }

  Tab tab(Browser.NewContextOptions options) {
    BrowserContext context =
        browser.newContext(
            options
                .setLocale("en-US")
                .setReducedMotion(ReducedMotion.REDUCE)
                .setScreenSize(1280, 900));
    context.setDefaultTimeout(PATIENCE_MS);
    return new Tab(context.newPage());
  }

  /// Has the browser note what the threads of this page do, and for how long.
  void startTracing(Tab tab) {
    if (isTracing) {
      stopTracing(); // of a test that failed
    }
    isTracing = true;
    browser.startTracing(
        tab.page,
        new Browser.StartTracingOptions()
            .setCategories(List.of("__metadata", "disabled-by-default-devtools.timeline")));
  }

  /// @return the trace, as JSON
  byte[] stopTracing() {
    isTracing = false;
    return browser.stopTracing();
  }

  /// A page, its console errors, and helpers for what users do.
  static final class Tab implements AutoCloseable {

    final Page page;
    final List<String> complaints = new ArrayList<>();

    private Tab(Page page) {
      this.page = page;
      page.onPageError(complaints::add);
      page.onConsoleMessage(
          message -> {
            if (!message.type().equals("log") && !message.type().equals("info")) {
              complaints.add(message.text());
            }
          });
      page.onDialog(
          dialog -> {
            complaints.add("dialog: " + dialog.message());
            dialog.dismiss();
          });
    }

    Tab open(Stack stack, String sessionId) {
      page.navigate(stack.webUi() + "/?session=" + sessionId);
      return this;
    }

    /// Another session, without loading the page anew.
    void goTo(String sessionId) {
      page.evaluate(
          "session => { history.pushState(null, '', '?session=' + session);"
              + " dispatchEvent(new PopStateEvent('popstate')); }",
          sessionId);
    }

    /// Lets the page believe in an agent that knows of no session and takes on no run.
    Tab withoutAgent() {
      page.route(
          "**/api/agent/**",
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setContentType("application/json")
                      .setBody("{\"sessions\":[]}")));
      return this;
    }

    /// Switches on what only developers want, which shows the steps of the latest run as well.
    Tab withDetails() {
      page.addInitScript("localStorage.setItem('agent-rooms.details', 'on')");
      return this;
    }

    Tab ask(String question) {
      Locator box = page.getByLabel("Your question");
      box.fill(question);
      box.press("Enter");
      return this;
    }

    Locator step(String title) {
      return css(".step", title);
    }

    Locator button(String name) {
      return page.getByRole(
          AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator css(String selector) {
      return page.locator(selector);
    }

    Locator css(String selector, String text) {
      return page.locator(selector, new Page.LocatorOptions().setHasText(text));
    }

    /// Shows this many runs, of which it shows twenty by itself.
    void showAllRuns(int all) {
      for (int shown = 20; shown < all; ) {
        PlaywrightAssertions.assertThat(css(".run")).hasCount(shown);
        css("main > .more").click();
        shown = Math.min(all, shown + 20);
      }
      PlaywrightAssertions.assertThat(css(".run")).hasCount(all);
    }

    /// How wide the page is in a window of this width.
    int widthAt(int width) {
      page.setViewportSize(width, 800);
      return ((Number) page.evaluate("() => document.documentElement.scrollWidth")).intValue();
    }

    void clickAll(String selector) {
      css(selector).evaluateAll("elements => elements.forEach((element) => element.click())");
    }

    @Override
    public void close() {
      try {
        page.context().close();
      } catch (PlaywrightException e) {
        // A request that is answered here was under way, and finds the page gone, as it shall be.
        if (!String.valueOf(e.getMessage()).contains("has been closed")) {
          throw e;
        }
      }
    }
  }
}
