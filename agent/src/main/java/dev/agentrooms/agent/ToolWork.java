package dev.agentrooms.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.AgentSession.CallEnded;
import dev.agentrooms.agent.AgentSession.CallTimedOut;
import dev.agentrooms.agent.AgentSession.Command;
import dev.agentrooms.agent.AgentSession.RetryDue;
import dev.agentrooms.agent.AgentSession.StopOverdue;
import dev.agentrooms.agent.Toolbox.Attempt;
import dev.agentrooms.agent.Toolbox.ToolCall;
import dev.agentrooms.agent.session.Run.CallId;
import dev.agentrooms.agent.session.ToolResult;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Text;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of a session that has a tool work for it: the attempt under way, and the timers of its
/// end, of a second attempt, and of a stop that takes too long.
final class ToolWork {

  private static final Logger LOG = LoggerFactory.getLogger(ToolWork.class);

  private enum Timer {
    CALL,
    RETRY,
    ABANDON
  }

  private final Toolbox toolbox;
  private final AgentSettings.Tools settings;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private @Nullable Attempt attempt;

  ToolWork(
      Toolbox toolbox,
      AgentSettings.Tools settings,
      ActorContext<Command> context,
      TimerScheduler<Command> timers) {
    this.toolbox = toolbox;
    this.settings = settings;
    this.context = context;
    this.timers = timers;
  }

  /// @return completes once the attempt has ended, which may be after its run
  CompletionStage<ToolResult> start(CallId id, ToolCall call) {
    timers.startSingleTimer(Timer.CALL, new CallTimedOut(id), settings.timeout());
    Attempt started = toolbox.call(call);
    attempt = started;
    CompletionStage<ToolResult> ended = started.ended().thenApply(ToolWork::sound);
    context.pipeToSelf(
        ended,
        (result, failure) ->
            new CallEnded(
                id,
                result != null
                    ? result
                    : new ToolResult.Failed(
                        ToolResult.Reason.CONNECTION_LOST, null, "The call failed.")));
    return ended;
  }

  /// What a tool answers is kept, shown and sent on: what could not be written again is no answer.
  private static ToolResult sound(ToolResult result) {
    return result instanceof ToolResult.Succeeded(JsonNode output) && !isSound(output)
        ? new ToolResult.Failed(
            ToolResult.Reason.INVALID_ANSWER, null, "The service's answer cannot be kept.")
        : result;
  }

  private static boolean isSound(JsonNode output) {
    try {
      return !Json.isDeeper(output, Json.MAX_DEPTH) && Text.isWellFormed(output);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("a tool's answer cannot be judged", e);
      return false;
    }
  }

  void retryLater(CallId id) {
    timers.startSingleTimer(Timer.RETRY, new RetryDue(id), settings.retryDelay());
  }

  /// The run is to stop: its tool is told so, and given its time.
  void cancel(String runId) {
    timers.cancel(Timer.CALL);
    timers.cancel(Timer.RETRY);
    timers.startSingleTimer(Timer.ABANDON, new StopOverdue(runId), settings.cancelTimeout());
    abort();
  }

  /// Tells the tool at work to stop, if there is one.
  void abort() {
    if (attempt != null) {
      attempt.cancel();
    }
  }

  /// The attempt has ended.
  void ended() {
    timers.cancel(Timer.CALL);
    attempt = null;
  }

  /// The run has ended, and with it everything that was still to come.
  void over() {
    ended();
    timers.cancel(Timer.RETRY);
    timers.cancel(Timer.ABANDON);
  }
}
