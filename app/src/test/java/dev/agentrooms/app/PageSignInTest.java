package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The page where access is by token: signing in and out, links, and what it says is missing.
@Tag("browser")
class PageSignInTest {

  private static final String SECRET = "a secret of at least thirty-two bytes";
  private static final String INTERNAL = "progress-is-taken-with-this-token";

  private static final String HIGH_IN_THE_HEADER =
      """
      () => [...document.querySelectorAll('.top :is(a, button, span)')]
        .filter((each) => each.offsetHeight > 42)
        .map((each) => each.outerHTML)
      """;

  @AutoClose private static Stack stack;
  private static Chromium chromium;
  private static MockOAuth2Server provider;

  @BeforeAll
  static void start() {
    chromium = Chromium.shared();
    provider = new MockOAuth2Server();
    provider.start();
    stack =
        Stack.quick(
            "access.secret",
            SECRET,
            "internal-token",
            INTERNAL,
            "access.oidc.issuer",
            provider.issuerUrl("team").toString(),
            "access.oidc.client-id",
            "rooms",
            "access.oidc.client-secret",
            "a-secret");
    // Its first answer is slow on a busy machine, and a sign-in waits for it for a few seconds.
    stack.get(provider.wellKnownUrl("team").toString());
  }

  @AfterAll
  static void stop() {
    provider.shutdown();
  }

  // Browsers keep secure cookies for this name.
  private static String page() {
    return stack.webUi().replace("127.0.0.1", "localhost") + "/";
  }

  private static Locator missing(Tab tab) {
    return tab.css(".no-access");
  }

  @Test
  void whoSignsInAsksAndSeesTheAnswerAndSignsOut() {
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(page());
      assertThat(missing(tab)).containsText("Sign in to see your sessions and to ask.");

      missing(tab).getByText("Sign in").last().click();
      assertThat(tab.button("Sign out")).isVisible();
      assertThat(missing(tab)).hasCount(0);

      tab.ask("Create a quiz about tides");
      assertThat(tab.css(".quiz")).isVisible();
      assertThat(tab.css(".sessions")).containsText("Create a quiz about tides");

      // On a phone there is room for it, too: nothing in the header needs a second line.
      for (int width : new int[] {390, 320}) {
        assertThat(tab.widthAt(width)).isEqualTo(width);
        assertThat(tab.page.evaluate(HIGH_IN_THE_HEADER)).isEqualTo(List.of());
      }
      // One who could not be signed out is told so, and nothing is gone.
      tab.page.route("**/signout", Route::abort);
      tab.button("Sign out").click();
      assertThat(missing(tab))
          .hasText("You are still signed in: the server did not answer. Try again.");
      assertThat(tab.css(".sessions")).containsText("Create a quiz about tides");
      tab.page.unroute("**/signout");

      signOut(tab);
      assertThat(tab.page.evaluate(HIGH_IN_THE_HEADER)).isEqualTo(List.of());
      assertThat(tab.widthAt(320)).isEqualTo(320);
      assertThat(tab.css(".sessions")).not().containsText("Create a quiz about tides");
    }
  }

  @Test
  void aLinkOpensItsSessionWithoutSigningInAndLeavesTheAddress() {
    Tokens tokens = Tokens.of(SECRET, InstantSource.system());
    String token = tokens.link("shared", Scope.USE, "ann", Instant.now().plusSeconds(3600));
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(page() + "?session=shared#token=" + token);
      assertThat(tab.css(".settings")).containsText("By a link");
      assertThat(tab.page).hasURL(Pattern.compile("\\?session=shared$"));

      tab.ask("What is gravity?");

      assertThat(tab.css(".outcome.succeeded, .answer").first()).isVisible();
    }
  }

  @Test
  void anothersSessionIsSaidToBeNoneOfOnes() {
    Tokens tokens = Tokens.of(SECRET, InstantSource.system());
    String token = tokens.user("ann", Scope.USE, Instant.now().plusSeconds(3600));
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(page() + "?session=of-nobody#token=" + token);

      assertThat(missing(tab)).containsText("There is no such session among yours.");
    }
  }

  /// The provider vouches for ann, the next time that somebody signs in; otherwise it makes up
  /// another user each time.
  private static void nextIsAnn() {
    provider.enqueueCallback(new DefaultOAuth2TokenCallback("team", "ann"));
  }

  private static void signIn(Tab tab) {
    nextIsAnn();
    missing(tab).getByText("Sign in").last().click();
    assertThat(tab.button("Sign out")).isVisible();
  }

  /// Waits for the page that is loaded anew: the one before it says what is missing, too, and a
  /// script that runs in it when it goes never ends.
  private static void signOut(Tab tab) {
    tab.page.evaluate("() => { window.isBefore = true; }");
    tab.button("Sign out").click();
    tab.page.waitForFunction("() => !window.isBefore");
    assertThat(missing(tab)).isVisible();
  }

  private static String write(Tab tab, String half) {
    tab.page.getByLabel("Your question").fill(half);
    return tab.page.url();
  }

  /// What is on the page stays, and what was half written is there when one is back.
  private static void assertGoesOnAfterSigningIn(Tab tab, String address) {
    assertThat(missing(tab)).containsText("Your access has ended.");
    assertThat(tab.css(".connection-lost")).hasCount(0);
    assertThat(tab.css(".asked h2")).hasText("Create a quiz about tides [exam:slow]");
    assertThat(tab.css(".fold .now")).hasText("Writing the questions");
    assertThat(tab.css(".sessions")).containsText("Create a quiz about tides");
    assertThat(tab.button("Sign out")).hasCount(0);
    // What needs the server says so, too, and keeps the words.
    tab.page.getByLabel("Your question").press("Enter");
    assertThat(tab.css("#ask-problem")).containsText("What you wrote is still here.");

    signIn(tab);
    assertThat(tab.page).hasURL(address);
    assertThat(missing(tab)).hasCount(0);
    assertThat(tab.page.getByLabel("Your question")).hasValue("What is gr");
    tab.button("Stop").click();
    assertThat(tab.css(".outcome.cancelled")).isVisible();
    tab.ask("What is gravity?");
    assertThat(tab.css(".answer .markdown")).isVisible();
    assertThat(tab.page).hasURL(address);
  }

  @Test
  void whoIsSignedOutInMidRunSignsInAgainAndGoesOnThere() {
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(page());
      signIn(tab);
      tab.ask("Create a quiz about tides [exam:slow]");
      assertThat(tab.css(".fold .now")).hasText("Writing the questions");
      String address = write(tab, "What is gr");

      Page other = tab.page.context().newPage();
      other.navigate(page());
      other.getByText("Sign out").click();

      assertGoesOnAfterSigningIn(tab, address);

      // Nobody else who sits down here sees what was written.
      write(tab, "a secret of ann's");
      signOut(tab);
      missing(tab).getByText("Sign in").last().click();
      assertThat(tab.button("Sign out")).isVisible();
      assertThat(tab.page.getByLabel("Your question")).hasValue("");
    }
  }

  @Test
  void whatWasFilledInWhereAPersonIsAskedIsThereAfterSigningInAgain() {
    String ann =
        Tokens.of(SECRET, InstantSource.system())
            .user("ann", Scope.USE, Instant.now().plusSeconds(60));
    stack.post(
        stack.webUi() + "/api/agent/run?wait=30",
        Stack.question("asked", "What is gravity?"),
        "Authorization",
        "Bearer " + ann);
    askPerson(
        "r-form",
        """
        "kind":"approve","tool":"send_reply","editable":true,"value":{"to":"ann","lamps":1}""");
    askPerson("r-choice", "\"kind\":\"ask\",\"options\":[\"red\",\"blue\"]");
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(page() + "?session=asked");
      signIn(tab);
      tab.page.getByLabel("lamps").fill("7 and");
      tab.page.getByLabel("Comment (optional)").first().fill("not yet ");
      tab.page.getByLabel("blue").check();

      Page other = tab.page.context().newPage();
      other.navigate(page());
      other.getByText("Sign out").click();
      assertThat(missing(tab)).isVisible();
      tab.button("Send").click();
      assertThat(tab.css(".input .why")).containsText("What you wrote is still here.");
      signIn(tab);

      assertThat(tab.page.getByLabel("to", new Page.GetByLabelOptions().setExact(true)))
          .hasValue("ann");
      assertThat(tab.page.getByLabel("lamps")).hasValue("7 and");
      assertThat(tab.page.getByLabel("Comment (optional)").first()).hasValue("not yet ");
      assertThat(tab.page.getByLabel("Comment (optional)").last()).hasValue("");
      assertThat(tab.page.getByLabel("blue")).isChecked();
    }
  }

  private static void askPerson(String run, String asked) {
    String event =
        """
        {"event_id":"%s","ts":"2026-11-22T10:00:00Z","session_id":"asked","run_id":"%s",
         "step":"input_required","meta":{"input_id":"%s","prompt":"What now?",%s}}"""
            .formatted(run, run, run, asked);
    assertThat(
            stack
                .post(stack.webUi() + "/api/agent/progress", event, "X-Internal-Token", INTERNAL)
                .status())
        .isEqualTo(200);
  }

  @Test
  void aTokenThatExpiresInMidRunMakesWayForASignIn() {
    Tokens tokens = Tokens.of(SECRET, InstantSource.system());
    // Sixty seconds of grace: it is good for as long as the page needs to load.
    String token = tokens.user("ann", Scope.USE, Instant.now().minusSeconds(50));
    stack.post(
        stack.webUi() + "/api/agent/run",
        """
        {"session_id": "expires", "question": "Create a quiz about tides [exam:slow]"}""",
        "Authorization",
        "Bearer " + tokens.user("ann", Scope.USE, Instant.now().plusSeconds(60)));
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(page() + "?session=expires#token=" + token);
      assertThat(tab.css(".fold .now")).hasText("Writing the questions");

      assertGoesOnAfterSigningIn(tab, write(tab, "What is gr"));

      tab.page.reload();
      assertThat(tab.css(".answer .markdown")).isVisible();
    }
  }

  @Test
  void anOperatorSeesWhoDidWhatToASession() {
    Tokens tokens = Tokens.of(SECRET, InstantSource.system());
    String ann = "Bearer " + tokens.user("ann", Scope.USE, Instant.now().plusSeconds(60));
    String root = tokens.user("root", Scope.ADMIN, Instant.now().plusSeconds(60));
    stack.post(
        stack.webUi() + "/api/agent/run?wait=30",
        Stack.question("audited", "What is gravity?"),
        "Authorization",
        ann);
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(page() + "admin#token=" + root);
      tab.page.getByLabel("Session id").fill("not an id");
      tab.page.getByLabel("Session id").press("Enter");
      assertThat(tab.css("#audit-problem")).containsText("A session id has");
      tab.page.getByLabel("Session id").fill("audited");
      tab.page.getByLabel("Session id").press("Enter");

      assertThat(tab.css("section tbody tr", "POST /api/agent/run")).containsText("ann");
      assertThat(tab.css("#audit-problem")).hasCount(0);
      assertThat(Axe.wrong(tab, null)).isEmpty();
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  void aLinkThatHasExpiredSaysSo() {
    Tokens tokens = Tokens.of(SECRET, InstantSource.system());
    String token = tokens.link("old", Scope.WATCH, "ann", Instant.now().minusSeconds(3600));
    try (Tab tab = chromium.tab()) {
      tab.page.navigate(page() + "?session=old#token=" + token);

      assertThat(missing(tab)).containsText("Your access has ended.");
    }
  }
}
