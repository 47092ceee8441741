package dev.agentrooms.webui.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.http.Loop;
import dev.agentrooms.http.Origins;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.access.AccessSettings;
import dev.agentrooms.http.access.Rules.Standing;
import dev.agentrooms.http.access.Visit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A command that meets a mistake of ours.
@Tag("unit")
class BrokenCommandTest {

  private static final RateLimit.Rate OFTEN = new RateLimit.Rate(1_000, 1_000);

  private final Outgoing outgoing = new Outgoing(false);

  /// Without rooms, every wish to join one is a mistake.
  @SuppressWarnings("NullAway")
  private final SocketCommands commands =
      new SocketCommands(
          null,
          new SubscribeDoor(
              new RoomDoor(
                  new Access(AccessSettings.OPEN, Origins.parse(""), InstantSource.system()),
                  (visit, user, sessionId) -> CompletableFuture.completedFuture(Standing.OWN)),
              Visit.ANYONE,
              null),
          new SocketSettings(Duration.ofHours(1), Duration.ofHours(1), 2, OFTEN, OFTEN),
          outgoing,
          Loop.NONE,
          woken -> {},
          answered -> {});

  private String told(String command) {
    commands.carryOut(ByteString.fromString(command.replace('\'', '"')));
    return new String(outgoing.next().toArray(), UTF_8);
  }

  @Test
  void aBugEndsTheCommandAndNotTheSocket() {
    for (int i = 0; i < 5; i++) {
      assertThat(told("{'cmd':'subscribe','session_id':'a'}")).contains("\"internal_error\"");
      assertThat(commands.isWaiting()).isFalse();
      assertThat(outgoing.isClosing()).isFalse();
      assertThat(told("{'cmd':'ping'}")).contains("\"pong\"");
    }
  }
}
