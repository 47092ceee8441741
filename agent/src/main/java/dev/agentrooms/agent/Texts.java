package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Told;
import dev.agentrooms.agent.SessionProtocol.Writing;
import dev.agentrooms.agent.session.SessionCommand.EndAttempt;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.protocol.Delta;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.ToolResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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
  private static final int MAX_TEXT_BYTES = 64 * 1024;
  private static final int MAX_PARTIAL_BYTES = 16 * 1024;

  private record Pause(String callId) {}

  private static final class Open {
    final AttemptId id;
    final String runId;
    final String part;
    final AttemptText text;
    final List<Long> cuts = new ArrayList<>();
    int sent;
    long offset;
    boolean isPausing;
    @Nullable Delta underWay;
    boolean isLost;
    @Nullable EndAttempt end;

    Open(AttemptId id, String runId, String part, AttemptText text) {
      this.id = id;
      this.runId = runId;
      this.part = part;
      this.text = text;
    }
  }

  private final String sessionId;
  private final ProgressSink sink;
  private final ProgressDelivery events;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Map<String, Open> open = new HashMap<>();
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
    open.put(id.callId(), new Open(id, runId, step.part(), text));
    return text;
  }

  void on(Writing what) {
    Open one = open.get(what.callId());
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

  private void goOn(Open one) {
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

  private void pause(Open one, Duration pause) {
    one.isPausing = true;
    String callId = one.id.callId();
    timers.startSingleTimer(new Pause(callId), new Writing.Again(callId), pause);
  }

  private void send(Open one, Delta delta) {
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

  private void settled(Open one, Outcome outcome) {
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
    Open one = open.get(end.attempt().callId());
    if (one == null || !one.id.equals(end.attempt())) {
      return end;
    }
    if (one.end != null) {
      return null;
    }
    if (one.text.length() == 0 || end.result() instanceof ToolResult.Stopped) {
      forget(one);
      return with(one, end);
    }
    goOn(one);
    if (isOut(one)) {
      forget(one);
      return with(one, end);
    }
    one.end = end;
    goOn(one);
    return null;
  }

  private static boolean isOut(Open one) {
    return one.underWay == null && one.sent >= one.text.length();
  }

  private void releaseIfOut(Open one) {
    if (isOut(one)) {
      release(one);
    }
  }

  private void release(Open one) {
    if (one.end != null) {
      forget(one);
      EndAttempt whole = with(one, one.end);
      released.put(one.id, whole);
      context.getSelf().tell(new Told(whole));
    }
  }

  private void forget(Open one) {
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

  private static EndAttempt with(Open one, EndAttempt end) {
    if (one.text.length() == 0) {
      return end;
    }
    return new EndAttempt(
        end.attempt(),
        switch (end.result()) {
          case ToolResult.Succeeded done ->
              new ToolResult.Succeeded(
                  done.output(), whole(one, done.meta().deepCopy()), done.hidden());
          case ToolResult.Failed failed ->
              new ToolResult.Failed(
                  failed.reason(),
                  failed.status(),
                  failed.detail(),
                  failed.retryAfter(),
                  partial(one, one.text.all(), failed.meta().deepCopy()));
          case ToolResult.Asks asks ->
              new ToolResult.Asks(asks.requests(), whole(one, asks.meta().deepCopy()));
          case ToolResult.Stopped stopped ->
              new ToolResult.Stopped(
                  partial(one, one.text.all().substring(0, one.sent), stopped.meta().deepCopy()));
        });
  }

  private static ObjectNode whole(Open one, ObjectNode meta) {
    String text = one.text.all();
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    meta.put("part", one.part);
    if (bytes <= MAX_TEXT_BYTES) {
      meta.put("text", text);
    } else {
      meta.put("text_bytes", bytes);
    }
    return meta.set("cuts", cuts(one, text));
  }

  /// Where deltas began, and would have begun of what was not sent.
  private static ArrayNode cuts(Open one, String text) {
    ArrayNode cuts = Json.mapper().createArrayNode();
    long length = text.codePointCount(0, text.length());
    one.cuts.stream().filter(cut -> cut < length).forEach(cuts::add);
    int at = one.sent;
    long offset = one.offset;
    while (at < text.length()) {
      if (offset > 0) {
        cuts.add(offset);
      }
      int end = AttemptText.end(text, at, Delta.MAX_BYTES);
      offset += text.codePointCount(at, end);
      at = end;
    }
    return cuts;
  }

  private static ObjectNode partial(Open one, String text, ObjectNode meta) {
    meta.put("part", one.part);
    String shown = text.substring(0, AttemptText.end(text, 0, MAX_PARTIAL_BYTES));
    meta.put("partial_text", shown);
    return meta.set("cuts", cuts(one, shown));
  }
}
