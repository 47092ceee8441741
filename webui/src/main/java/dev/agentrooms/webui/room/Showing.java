package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delivery;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes recorded events visible: adds them to the room's history, answers their publishers, and
/// wakes the watchers here and the copies at other nodes.
final class Showing {

  private final Surroundings around;
  private final History history;
  private final Ledger ledger;
  private final Intake intake;
  private final Presence presence;
  private final Audience audience;
  private final Followers followers;

  Showing(
      Surroundings around,
      History history,
      Ledger ledger,
      Intake intake,
      Presence presence,
      Audience audience,
      Followers followers) {
    this.around = around;
    this.history = history;
    this.ledger = ledger;
    this.intake = intake;
    this.presence = presence;
    this.audience = audience;
    this.followers = followers;
  }

  /// An event that was published here.
  void show(Pending recorded) {
    onFirstEvent();
    audience.appending(recorded.seq(), recorded.event());
    if (ledger.record(recorded)) {
      around.wiring().metrics().evicted();
    }
    Published taken = intake.taken(recorded.seq(), false);
    audience.appended(followers.whenShown(() -> around.answer(recorded.publish(), taken)));
    Objects.requireNonNull(around.wiring().listener().get()).accept(around.sessionId());
    followers.appended();
  }

  /// Events whose commit had an unknown outcome, and that the log turned out to have.
  ///
  /// @param delivered up to which delivery the room has its session's events
  void show(List<EncodedEvent> missed, @Nullable Delivery delivered) {
    for (EncodedEvent event : missed) {
      onFirstEvent();
      audience.appending(history.last() + 1, event);
      if (ledger.adopt(event, delivered)) {
        around.wiring().metrics().evicted();
      }
      audience.appended(() -> {});
    }
    followers.appended();
  }

  private void onFirstEvent() {
    if (history.isEmpty()) {
      presence.noLongerEmpty();
      around.wiring().metrics().roomOpened();
      presence.lookIn(around.wiring().settings().ttl());
    }
  }
}
