package dev.agentrooms.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.access.Rules.Standing;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class RulesTest {

  private static final Instant UNTIL = Instant.parse("2030-01-01T00:00:00Z");

  private static Caller caller(String name) {
    return switch (name) {
      case "anyone" -> Caller.ANYONE;
      case "watching user" -> new Caller.User("ann", Scope.WATCH, UNTIL);
      case "user" -> new Caller.User("ann", Scope.USE, UNTIL);
      case "admin" -> new Caller.User("root", Scope.ADMIN, UNTIL);
      case "watch link" -> new Caller.Link("s", Scope.WATCH, "bob", null, UNTIL);
      case "use link" -> new Caller.Link("s", Scope.USE, "bob", null, UNTIL);
      case "ann's link" -> new Caller.Link("s", Scope.USE, "ann", "ann", UNTIL);
      case "other link" -> new Caller.Link("t", Scope.USE, "bob", null, UNTIL);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static int status(Verdict verdict) {
    return verdict instanceof Verdict.Granted ? 200 : verdict.problem("s").status();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          anyone        | WATCH | NOT_THEIRS | 200
          anyone        | USE   | NOT_THEIRS | 200
          user          | WATCH | OWN        | 200
          user          | WATCH | NOT_THEIRS | 404
          user          | WATCH | NOT_KNOWN  | 503
          user          | USE   | OWN        | 200
          user          | USE   | FREE       | 200
          user          | USE   | NOT_THEIRS | 404
          user          | ADMIN | OWN        | 403
          watching user | WATCH | OWN        | 200
          watching user | WATCH | NOT_THEIRS | 404
          watching user | USE   | OWN        | 403
          watching user | USE   | FREE       | 403
          admin         | WATCH | NOT_THEIRS | 200
          admin         | USE   | NOT_THEIRS | 200
          admin         | ADMIN | NOT_KNOWN  | 200
          watch link    | WATCH | NOT_THEIRS | 200
          watch link    | USE   | OWN        | 403
          use link      | WATCH | NOT_THEIRS | 200
          use link      | USE   | NOT_THEIRS | 200
          use link      | ADMIN | OWN        | 403
          ann's link    | USE   | OWN        | 200
          ann's link    | USE   | FREE       | 200
          ann's link    | WATCH | NOT_THEIRS | 404
          ann's link    | WATCH | NOT_KNOWN  | 503
          other link    | WATCH | OWN        | 403
          other link    | USE   | OWN        | 403
          """)
  void everyCallerAtEveryKindOfDoor(String who, Scope needed, Standing standing, int status) {
    assertThat(status(Rules.session(caller(who), needed, "s", standing))).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "anyone, USE, false, 200",
    "user, USE, false, 200",
    "watching user, WATCH, false, 200",
    "watching user, USE, false, 403",
    "admin, USE, false, 200",
    "use link, WATCH, false, 403",
    "watch link, WATCH, true, 200"
  })
  void whatIsOfNoSessionIsForUsers(String who, Scope needed, boolean forLinks, int status) {
    assertThat(status(Rules.general(caller(who), needed, forLinks))).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "anyone, WATCH, 200",
    "user, WATCH, 200",
    "user, USE, 200",
    "user, ADMIN, 403",
    "admin, ADMIN, 403",
    "admin, USE, 200",
    "watching user, WATCH, 403",
    "watch link, WATCH, 403",
    "use link, WATCH, 200",
    "use link, USE, 200"
  })
  void linksGoNoFurtherThanTheirMakers(String who, Scope asked, int status) {
    assertThat(status(Rules.link(caller(who), asked))).isEqualTo(status);
  }

  @Test
  void whatIsGrantedEndsWithTheToken() {
    assertThat(Rules.session(caller("user"), Scope.USE, "s", Standing.OWN))
        .isEqualTo(new Verdict.Granted(UNTIL));
    assertThat(Rules.session(caller("watch link"), Scope.WATCH, "s", Standing.OWN))
        .isEqualTo(new Verdict.Granted(UNTIL));
    assertThat(Rules.session(caller("anyone"), Scope.USE, "s", Standing.OWN))
        .isEqualTo(new Verdict.Granted(null));
  }
}
