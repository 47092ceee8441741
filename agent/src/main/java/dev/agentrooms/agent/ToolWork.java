package dev.agentrooms.agent;

import dev.agentrooms.agent.AgentSession.CallEnded;
import dev.agentrooms.agent.AgentSession.CallTimedOut;
import dev.agentrooms.agent.AgentSession.Command;
import dev.agentrooms.agent.AgentSession.RetryDue;
import dev.agentrooms.agent.AgentSession.StopOverdue;
import dev.agentrooms.agent.Run.CallId;
import dev.agentrooms.agent.Toolbox.Attempt;
import dev.agentrooms.agent.Toolbox.ToolCall;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/// The part of a session that has a tool work for it: the attempt under way, and the timers of its
/// end, of a second attempt, and of a stop that takes too long.
final class ToolWork {

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
    context.pipeToSelf(
        started.ended(),
        (result, failure) ->
            new CallEnded(
                id,
                result != null
                    ? result
                    : new ToolResult.Failed(
                        ToolResult.Reason.CONNECTION_LOST, null, "The call failed.")));
    return started.ended();
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
