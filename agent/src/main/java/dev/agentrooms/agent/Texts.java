package dev.agentrooms.agent;

import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Told;
import dev.agentrooms.agent.SessionProtocol.Writing;
import dev.agentrooms.agent.session.SessionCommand.EndAttempt;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.tools.ToolResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/// The part of a session that shows text while tools write it: each attempt's text is cut into
/// deltas, once for everybody, and these go to the sink between the step's first event and its
/// last.
///
/// The first delta goes out at once, and at most twenty follow in a second. While an event or a
/// delta is on its way, what comes is joined. The end of an attempt waits until all of its text is
/// out, so that the step's last event can say the whole and where it was cut. A sink that cannot be
/// reached is not waited for.
final class Texts {

  /// Nineteen deltas in a second, and a last one.
  static final Duration PAUSE = Duration.ofMillis(53);

  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

  private record Pause(String callId) {}

  private final String sessionId;
  private final ProgressSink sink;
  private final ProgressDelivery events;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Map<String, OpenText> open = new HashMap<>();
  // Ends that were told again, with their text.
  private final Map<AttemptId, EndAttempt> released = new HashMap<>();
  private int underWay;

  Texts(
      String sessionId,
      ProgressSink sink,
      ProgressDelivery events,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    this.sessionId = sessionId;
    this.sink = sink;
    this.events = events;
    this.context = context;
    this.timers = timers;
  }

  /// Takes the text of an attempt that begins.
  AttemptText begin(Step step, String runId) {
    AttemptId id = step.attemptId();
    AttemptText text =
        new AttemptText(() -> context.getSelf().tell(new Writing.Ready(id.callId())));
    open.put(id.callId(), new OpenText(id, runId, step.part(), text));
    return text;
  }

  void on(Writing what) {
    OpenText one = open.get(what.callId());
    switch (what) {
      case Writing.Ready _ -> {}
      case Writing.Again _ -> {
        if (one != null) {
          one.isPausing = false;
        }
      }
      case Writing.Settled(var _, Outcome outcome) -> {
        underWay--;
        if (one != null) {
          settled(one, outcome);
        }
        events.goOn();
      }
    }
    if (one != null) {
      goOn(one);
    }
  }

  /// An event has been settled, and text may follow it.
  void goOn() {
    List.copyOf(open.values()).forEach(this::goOn);
  }

  private void goOn(OpenText one) {
    if (one.isPausing || (one.underWay != null && !one.isLost)) {
      return;
    }
    if (one.underWay != null) {
      send(one, one.underWay);
      return;
    }
    if (!events.isDone()) {
      if (!events.isGoingOn()) {
        release(one);
      }
      return;
    }
    String piece = one.text.next(one.sent);
    if (piece == null) {
      release(one);
      return;
    }
    if (one.offset > 0) {
      one.cuts.add(one.offset);
    }
    Delta delta = new Delta(sessionId, one.runId, one.part, one.offset, piece);
    one.sent += piece.length();
    one.offset += piece.codePointCount(0, piece.length());
    pause(one, PAUSE);
    send(one, delta);
  }

  private void pause(OpenText one, Duration pause) {
    one.isPausing = true;
    String callId = one.id.callId();
    timers.startSingleTimer(new Pause(callId), new Writing.Again(callId), pause);
  }

  private void send(OpenText one, Delta delta) {
    CompletableFuture<Outcome> taken = sink.write(delta).toCompletableFuture();
    if (taken.isDone() && !taken.isCompletedExceptionally()) {
      one.underWay = null;
      releaseIfOut(one);
      return;
    }
    one.underWay = delta;
    one.isLost = false;
    underWay++;
    String callId = one.id.callId();
    context.pipeToSelf(
        taken,
        (outcome, failure) ->
            new Writing.Settled(callId, outcome == null ? Outcome.UNREACHABLE : outcome));
  }

  private void settled(OpenText one, Outcome outcome) {
    if (outcome == Outcome.UNREACHABLE) {
      // The same piece again: it may have arrived.
      one.isLost = true;
      pause(one, TRY_AGAIN);
      release(one);
      return;
    }
    one.underWay = null;
    releaseIfOut(one);
  }

  /// Whether a delta is on its way, behind which an event has to wait.
  boolean isUnderWay() {
    return underWay > 0;
  }

  /// An attempt has ended.
  ///
  /// @return its end with what there is to say of its text; null when that comes later
  @Nullable EndAttempt ended(EndAttempt end) {
    EndAttempt whole = released.get(end.attempt());
    if (whole != null) {
      // One that was stopped because its time was over ends once more.
      return whole == end ? end : null;
    }
    OpenText one = open.get(end.attempt().callId());
    if (one == null || !one.id.equals(end.attempt())) {
      return end;
    }
    if (one.end != null) {
      return null;
    }
    if (one.text.length() == 0 || end.result() instanceof ToolResult.Stopped) {
      forget(one);
      return one.with(end);
    }
    goOn(one);
    if (one.isOut()) {
      forget(one);
      return one.with(end);
    }
    one.end = end;
    goOn(one);
    return null;
  }

  private void releaseIfOut(OpenText one) {
    if (one.isOut()) {
      release(one);
    }
  }

  private void release(OpenText one) {
    if (one.end != null) {
      forget(one);
      EndAttempt whole = one.with(one.end);
      released.put(one.id, whole);
      context.getSelf().tell(new Told(whole));
    }
  }

  private void forget(OpenText one) {
    open.remove(one.id.callId());
    timers.cancel(new Pause(one.id.callId()));
  }

  /// The run is to stop: no end is waited with any more.
  void releaseAll() {
    List.copyOf(open.values()).forEach(this::release);
  }

  /// The run has ended.
  void over() {
    List.copyOf(open.values()).forEach(this::forget);
    released.clear();
  }
}
