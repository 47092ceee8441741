package dev.agentrooms.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.app.cli.EventStream.Alive;
import dev.agentrooms.app.cli.EventStream.Cut;
import dev.agentrooms.app.cli.EventStream.Delta;
import dev.agentrooms.app.cli.EventStream.Event;
import dev.agentrooms.app.cli.EventStream.Reset;
import dev.agentrooms.protocol.StepWords;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Follows a session's event stream, and resumes at its position when the connection drops.
///
/// The run's last event may never come: a web UI that was restarted has lost it, or the agent was
/// restarted. So whenever the stream sends a comment, the run's status is requested too.
final class Follower {

  /// Its timeouts.
  ///
  /// @param tick how often the screen is refreshed
  /// @param silence after which a stream counts as dead; a live one sends a comment every 15 s
  /// @param grace how long to wait for the events of a run that has ended
  /// @param firstPause before the first reconnect; doubles up to `lastPause`
  /// @param outage without a connection, after which it gives up
  record Patience(
      Duration tick,
      Duration silence,
      Duration grace,
      Duration firstPause,
      Duration lastPause,
      Duration outage) {

    static final Patience USUAL =
        new Patience(
            Duration.ofMillis(100),
            Duration.ofSeconds(40),
            Duration.ofSeconds(6),
            Duration.ofMillis(500),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5));
  }

  private final Client client;
  private final String sessionId;
  private final @Nullable String runId;
  private final Screen screen;
  private final Patience patience;
  private final Consumer<JsonNode> onAsked;

  private String position;
  private @Nullable JsonNode asked;
  private @Nullable Outcome known;
  private boolean gone;
  private long overSince;

  /// @param runId the run to follow to its end; null to follow the session for ever
  /// @param position where to start, such as `EventStream.START`
  /// @param onAsked called with an event by which a run asks a person, unless it was answered in
  ///     the same moment
  Follower(
      Client client,
      String sessionId,
      @Nullable String runId,
      String position,
      Screen screen,
      Patience patience,
      Consumer<JsonNode> onAsked) {
    this.client = client;
    this.sessionId = sessionId;
    this.runId = runId;
    this.position = position;
    this.screen = screen;
    this.patience = patience;
    this.onAsked = onAsked;
  }

  /// Returns when the run has ended.
  Outcome follow() {
    Optional<Outcome> end = listen(client.events(sessionId, position), true);
    while (end.isEmpty()) {
      end = listen(reconnected(), false);
    }
    return end.get();
  }

  private EventStream reconnected() {
    long lostAt = System.nanoTime();
    Duration pause = patience.firstPause();
    screen.notice("The connection is lost. Trying again.");
    while (true) {
      idle(pause);
      try {
        EventStream stream = client.events(sessionId, position);
        screen.notice("Connected again.");
        return stream;
      } catch (CommandFailed e) {
        if (e.exitCode() == ExitCode.CANCELLED || since(lostAt).compareTo(patience.outage()) > 0) {
          throw e;
        }
      }
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(patience.lastPause()) > 0 ? patience.lastPause() : twice;
    }
  }

  private void idle(Duration pause) {
    long from = System.nanoTime();
    while (since(from).compareTo(pause) < 0) {
      LockSupport.parkNanos(patience.tick().toNanos());
      screen.tick();
    }
  }

  // How the run ended; empty when the stream was cut.
  private Optional<Outcome> listen(EventStream stream, boolean first) {
    try (stream) {
      long heardAt = System.nanoTime();
      while (true) {
        EventStream.Signal signal = stream.next(patience.tick());
        if (signal != null) {
          heardAt = System.nanoTime();
        }
        switch (signal) {
          case null -> {
            if (asked != null) {
              onAsked.accept(asked);
              asked = null;
            }
            screen.tick();
            if (since(heardAt).compareTo(patience.silence()) > 0) {
              return Optional.empty();
            }
          }
          case Event event -> {
            position = event.id();
            Optional<Outcome> end = shown(event.json());
            if (end.isPresent()) {
              return end;
            }
          }
          case Delta(JsonNode delta) -> {
            if (runId == null || delta.path("run_id").asText().equals(runId)) {
              screen.delta(delta);
            }
          }
          case Reset reset -> {
            // With `START`, a reset is what was asked for, and not worth a notice.
            if (!first) {
              screen.notice("Some events are lost; what follows is what is left.");
            }
          }
          case Alive alive -> askRun();
          case Cut cut -> {
            return Optional.empty();
          }
        }
        if (isOver() && since(overSince).compareTo(patience.grace()) > 0) {
          return Optional.of(withoutItsLastEvent());
        }
      }
    }
  }

  private Optional<Outcome> shown(JsonNode event) {
    boolean ours = runId == null || event.path("run_id").asText().equals(runId);
    if (!ours) {
      return Optional.empty();
    }
    screen.event(event);
    asked = event.path("step").asText().equals(StepWords.INPUT_REQUIRED) ? event : null;
    if (runId == null || !Outcome.isTerminal(event)) {
      return Optional.empty();
    }
    // A result that is too large for an event is read from the run.
    return event.path("meta").has("result_url")
        ? client.run(sessionId, runId).map(Outcome::ofRun)
        : Optional.of(Outcome.ofEvent(event));
  }

  private void askRun() {
    if (runId == null || isOver()) {
      return;
    }
    try {
      Optional<Outcome> run = client.run(sessionId, runId).map(Outcome::ofRun);
      known = run.filter(Outcome::isFinal).orElse(null);
      gone = run.isEmpty();
      overSince = System.nanoTime();
    } catch (CommandFailed agentIsDown) {
      // An unreachable agent says nothing about the run; the next comment asks again.
    }
  }

  private boolean isOver() {
    return known != null || gone;
  }

  private Outcome withoutItsLastEvent() {
    if (known == null) {
      throw new CommandFailed(
          ExitCode.FAILED,
          "run " + runId + " is gone: its session was deleted, or the agent was restarted");
    }
    screen.notice("The run has ended; its last event is lost.");
    return known;
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
