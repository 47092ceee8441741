package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.SessionProtocol.CallTimedOut;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Told;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Tell;
import dev.agentrooms.agent.session.Step.AttemptId;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox;
import dev.agentrooms.tools.Toolbox.Attempt;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of a session that has tools work for it: the attempts under way, by their call, and the
/// timers of their ends, of further attempts, and of a stop that takes too long.
final class Calls {

  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  private sealed interface Timer {
    record End(String callId) implements Timer {}

    record Retry(String callId) implements Timer {}

    record Abandon() implements Timer {}
  }

  private record Working(Attempt attempt, CallProgress progress) {

    void stop() {
      progress.end();
      attempt.cancel();
    }
  }

  private final Toolbox toolbox;
  private final Duration cancelTimeout;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Map<String, Working> underWay = new HashMap<>();
  // Calls whose next attempt is due after a pause.
  private final Set<String> pausing = new HashSet<>();

  Calls(
      Toolbox toolbox,
      Duration cancelTimeout,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    this.toolbox = toolbox;
    this.cancelTimeout = cancelTimeout;
    this.context = context;
    this.timers = timers;
  }

  /// @param text takes what the tool writes
  /// @return completes once the attempt has ended, which may be after its run
  CompletionStage<ToolResult> start(AttemptId id, ToolCall call, AttemptText text) {
    timers.startSingleTimer(
        new Timer.End(id.callId()), new CallTimedOut(id), call.tool().timeout());
    pausing.remove(id.callId());
    CallProgress progress =
        new CallProgress(
            told -> context.getSelf().tell(new Told(new Tell(id, told))), text::append);
    Attempt attempt = toolbox.call(call, progress);
    underWay.put(id.callId(), new Working(attempt, progress));
    CompletionStage<ToolResult> ended = attempt.ended().thenApply(Calls::sound);
    context.pipeToSelf(
        ended,
        (result, failure) ->
            new Told(
                new SessionCommand.EndAttempt(
                    id,
                    result != null
                        ? result
                        : new ToolResult.Failed(
                            ToolResult.Reason.CONNECTION_LOST, null, "The call failed."))));
    return ended;
  }

  /// What a tool answers is kept, shown and sent on: what could not be written again is no answer,
  /// and no question to a person.
  private static ToolResult sound(ToolResult result) {
    boolean isSound =
        switch (result) {
          case ToolResult.Succeeded(JsonNode output, var _, var _) -> isSound(output);
          case ToolResult.Asks(List<InputRequest> requests, var _) ->
              requests.stream().allMatch(each -> isSound(Json.mapper().valueToTree(each)));
          case ToolResult.Failed _, ToolResult.Stopped _ -> true;
        };
    return isSound
        ? result
        : new ToolResult.Failed(
            ToolResult.Reason.INVALID_ANSWER, null, "The service's answer cannot be kept.");
  }

  private static boolean isSound(JsonNode output) {
    try {
      return !Json.isDeeper(output, Json.MAX_DEPTH) && Text.isWellFormed(output);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("a tool's answer cannot be judged", e);
      return false;
    }
  }

  void retryAfter(Duration pause, AttemptId id) {
    pausing.add(id.callId());
    timers.startSingleTimer(
        new Timer.Retry(id.callId()), new Told(new SessionCommand.Retry(id)), pause);
  }

  /// A tool has answered in time, however long it takes to record that.
  void answered(AttemptId id) {
    timers.cancel(new Timer.End(id.callId()));
  }

  /// The run is to stop: its tools are told so, and given their time.
  void cancel(String runId) {
    stopTimers();
    timers.startSingleTimer(
        new Timer.Abandon(), new Told(new SessionCommand.Abandon(runId)), cancelTimeout);
    abortAll();
  }

  private void stopTimers() {
    underWay.keySet().forEach(callId -> timers.cancel(new Timer.End(callId)));
    pausing.forEach(callId -> timers.cancel(new Timer.Retry(callId)));
    pausing.clear();
  }

  /// Tells the tools at work to stop.
  void abortAll() {
    underWay.values().forEach(Working::stop);
  }

  /// Tells one tool to stop, if it is at work.
  void abort(String callId) {
    Working working = underWay.get(callId);
    if (working != null) {
      working.stop();
    }
  }

  /// What was said of this call has been recorded.
  void progressed(String callId) {
    Working working = underWay.get(callId);
    if (working != null) {
      working.progress().recorded();
    }
  }

  /// The attempt under way for this call has ended.
  void ended(String callId) {
    timers.cancel(new Timer.End(callId));
    Working working = underWay.remove(callId);
    if (working != null) {
      working.progress().end();
    }
  }

  /// The run has ended, and with it everything that was still to come.
  void over() {
    stopTimers();
    underWay.values().forEach(working -> working.progress().end());
    underWay.clear();
    timers.cancel(new Timer.Abandon());
  }
}
