package dev.agentrooms.app;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.agentrooms.app.Chromium.Tab;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.Tokens;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Pattern;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The page where access is by token: signing in and out, links, and what it says is missing.
@Tag("browser")
class PageSignInTest {

  private static final String SECRET = "a secret of at least thirty-two bytes";

  @AutoClose private static Stack stack;
  @AutoClose private static Chromium chromium;
  private static MockOAuth2Server provider;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
    provider = new MockOAuth2Server();
    provider.start();
    stack =
        Stack.start(
            "access.secret",
            SECRET,
            "access.oidc.issuer",
            provider.issuerUrl("team").toString(),
            "access.oidc.client-id",
            "rooms",
            "access.oidc.client-secret",
            "a-secret");
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

      tab.button("Sign out").click();
      assertThat(missing(tab)).isVisible();
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
}
