package dev.agentrooms.agent.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.Failure;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.SessionEvent.AttemptFailed;
import dev.agentrooms.agent.session.SessionEvent.AttemptStarted;
import dev.agentrooms.agent.session.SessionEvent.CancelRequested;
import dev.agentrooms.agent.session.SessionEvent.InputReceived;
import dev.agentrooms.agent.session.SessionEvent.InputRequired;
import dev.agentrooms.agent.session.SessionEvent.RunAccepted;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunQueued;
import dev.agentrooms.agent.session.SessionEvent.RunStarted;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.session.SessionEvent.StepDone;
import dev.agentrooms.agent.session.SessionEvent.StepFailed;
import dev.agentrooms.agent.session.SessionEvent.StepInterrupted;
import dev.agentrooms.agent.session.SessionEvent.StepProgressed;
import dev.agentrooms.agent.session.SessionEvent.StepSkipped;
import dev.agentrooms.agent.session.SessionEvent.StepStarted;
import dev.agentrooms.agent.session.SessionEvent.StepStopped;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.tools.ToolResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The agent's meters. Prometheus writes the names with underscores, times with `_seconds` and
/// counts with `_total`.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `agentrooms.run.duration` | `status` | runs that ended, and how long from their start |
/// | `agentrooms.run.queue.wait` | | from accepted to started |
/// | `agentrooms.runs.running`, `.waiting` | | runs with a slot, and without |
/// | `agentrooms.runs.awaiting.input` | | runs that wait for a person, of all nodes |
/// | `agentrooms.runs.refused` | `reason` | requests for a run that got none |
/// | `agentrooms.sessions` | | sessions, of all nodes |
/// | `agentrooms.step.duration` | `step` | from the step to the one that ends it |
/// | `agentrooms.tool.duration` | `tool`, `outcome` | one attempt; a timeout is `stopped` |
/// | `agentrooms.tool.failures` | `tool`, `reason` | failed attempts, timeouts among them |
/// | `agentrooms.tool.abandoned` | `tool` | tools that did not stop when cancelled |
/// | `agentrooms.progress.delivery` | `outcome` | one delivery of one event |
/// | `agentrooms.deltas.sent` | | pieces of text that sessions sent to rooms |
/// | `agentrooms.model.tokens` | `direction` | tokens of models: `input`, `output` |
/// | `agentrooms.outbox.depth` | | events that are not delivered yet |
/// | `agentrooms.wakes` | `outcome` | looks for sessions that have something to do |
/// | `agentrooms.events.dropped` | `reason` | events that never will be |
public final class AgentMetrics {

  /// Why an event is never delivered.
  public enum Dropped {
    /// The web UI refused it.
    REFUSED,
    /// The outbox overflowed.
    LOST,
    /// The session ended before the event was delivered.
    UNDELIVERED
  }

  /// Gauges, read on each scrape.
  public enum Gauged {
    RUNS_RUNNING("agentrooms.runs.running", "Runs with a slot"),
    RUNS_WAITING("agentrooms.runs.waiting", "Runs without a slot"),
    RUNS_AWAITING_INPUT(
        "agentrooms.runs.awaiting.input", "Runs that wait for a person, of all nodes"),
    SESSIONS("agentrooms.sessions", "Sessions, of all nodes"),
    OUTBOX_DEPTH("agentrooms.outbox.depth", "Events that are not delivered yet");

    private final String meter;
    private final String what;

    Gauged(String meter, String what) {
      this.meter = meter;
      this.what = what;
    }
  }

  /// The values of the tag `outcome` of a delivery.
  public static final List<String> OUTCOMES = List.of("delivered", "refused", "unreachable");

  private static final List<RunStatus> ENDS =
      Stream.of(RunStatus.values()).filter(RunStatus::isFinal).toList();

  private final MeterRegistry registry;
  private final MeterProvider<Timer> runs;
  private final Timer queueWait;
  private final MeterProvider<Counter> refusedRuns;
  private final MeterProvider<Timer> steps;
  private final MeterProvider<Timer> tools;
  private final MeterProvider<Counter> toolFailures;
  private final MeterProvider<Counter> abandoned;
  private final MeterProvider<Timer> deliveries;
  private final MeterProvider<Counter> dropped;
  private final Counter deltas;
  private final MeterProvider<Counter> tokens;
  private final MeterProvider<Counter> wakes;

  public AgentMetrics(MeterRegistry registry) {
    this.registry = registry;
    runs =
        Buckets.timer("agentrooms.run.duration", "Runs that ended, from their start", 50, 120_000)
            .withRegistry(registry);
    queueWait =
        Buckets.timer("agentrooms.run.queue.wait", "From accepted to started", 1, 60_000)
            .register(registry);
    refusedRuns = counter("agentrooms.runs.refused", "Requests for a run that got none");
    steps =
        Buckets.timer("agentrooms.step.duration", "From a step to the one that ends it", 10, 60_000)
            .withRegistry(registry);
    tools =
        Buckets.timer("agentrooms.tool.duration", "One attempt at a tool", 10, 60_000)
            .withRegistry(registry);
    toolFailures = counter("agentrooms.tool.failures", "Failed attempts at a tool");
    abandoned =
        counter(
            "agentrooms.tool.abandoned", "Tools that did not stop when their run was cancelled");
    deliveries =
        Buckets.timer("agentrooms.progress.delivery", "One delivery of one event", 1, 2_500)
            .withRegistry(registry);
    dropped = counter("agentrooms.events.dropped", "Events that were never delivered");
    deltas =
        Counter.builder("agentrooms.deltas.sent")
            .description("Pieces of text that sessions sent to rooms")
            .register(registry);
    tokens = counter("agentrooms.model.tokens", "Tokens of models that were asked");
    wakes = counter("agentrooms.wakes", "Looks for sessions with something to do");
    beginAtZero();
  }

  /// Registers a gauge for a number that is kept elsewhere.
  public void show(Gauged level, Supplier<Number> now) {
    Gauge.builder(level.meter, now).description(level.what).register(registry);
  }

  /// The sessions with something to do were woken, or could not be found.
  public void woken(boolean isDone) {
    wakes.withTag("outcome", isDone ? "done" : "failed").increment();
  }

  /// @param run the run before the event
  public void saw(Run run, RunEvent event) {
    switch (event) {
      case RunStarted e ->
          record(queueWait, Duration.between(run.spec().createdAt(), e.at()).toMillis());
      case AttemptFailed e -> toolFailed(run.step(e.callId()), e.failure());
      case StepDone e -> {
        used(e.meta());
        stepEnded(run.step(e.callId()), e.at());
      }
      case StepFailed e -> {
        toolFailed(run.step(e.callId()), e.failure());
        stepEnded(run.step(e.callId()), e.at());
      }
      case RunSucceeded e -> runEnded(run, RunStatus.SUCCEEDED, e.at());
      case RunFailed e -> runEnded(run, RunStatus.FAILED, e.at());
      case RunCancelled e -> {
        if (e.abandonedTool() != null) {
          abandoned.withTag("tool", e.abandonedTool()).increment();
        }
        runEnded(run, RunStatus.CANCELLED, e.at());
      }
      case RunAccepted _,
          RunQueued _,
          StepStarted _,
          StepInterrupted _,
          AttemptStarted _,
          StepProgressed _,
          StepSkipped _,
          StepStopped _,
          InputRequired _,
          InputReceived _,
          CancelRequested _ -> {}
    }
  }

  public void runRefused(SessionReply reply) {
    RunRefusal refusal = RunRefusal.of(reply);
    if (refusal != null) {
      refusedRuns.withTag("reason", word(refusal)).increment();
    }
  }

  public void eventsDropped(Dropped why, int count) {
    dropped.withTag("reason", word(why)).increment(count);
  }

  /// Starts a timer.
  public Timer.Sample begin() {
    return Timer.start(registry);
  }

  /// One attempt at a tool has ended.
  public void toolEnded(Timer.Sample begun, String tool, ToolResult result) {
    begun.stop(tools.withTags("tool", tool, "outcome", word(result)));
  }

  /// A piece of text was sent.
  public void wrote() {
    deltas.increment();
  }

  private void used(@Nullable ObjectNode meta) {
    if (meta != null && meta.path("usage").isObject()) {
      tokens.withTag("direction", "input").increment(meta.at("/usage/input_tokens").asLong());
      tokens.withTag("direction", "output").increment(meta.at("/usage/output_tokens").asLong());
    }
  }

  /// One delivery of one event has ended.
  ///
  /// @param outcome one of [#OUTCOMES]
  public void delivered(Timer.Sample begun, String outcome) {
    begun.stop(deliveries.withTag("outcome", outcome));
  }

  private void toolFailed(Step step, Failure failure) {
    toolFailures.withTags("tool", step.call().tool(), "reason", failure.reason()).increment();
  }

  private void stepEnded(Step step, Instant at) {
    record(steps.withTag("step", step.call().words().start()), step.durationMs(at));
  }

  private void runEnded(Run run, RunStatus status, Instant at) {
    record(runs.withTag("status", status.word()), run.durationMs(at));
  }

  // A clock that is set back gives a negative duration, on which the timer would throw.
  private static void record(Timer timer, long ms) {
    timer.record(Math.max(0, ms), TimeUnit.MILLISECONDS);
  }

  /// Registers the counters of all tools and steps with 0.
  ///
  /// @param startSteps names of the events that begin a step
  public void expect(Collection<String> toolNames, Collection<String> startSteps) {
    startSteps.forEach(step -> steps.withTag("step", step));
    for (String tool : toolNames) {
      abandoned.withTag("tool", tool);
      Stream.of("succeeded", "failed", "stopped")
          .forEach(outcome -> tools.withTags("tool", tool, "outcome", outcome));
      for (ToolResult.Reason reason : ToolResult.Reason.values()) {
        toolFailures.withTags("tool", tool, "reason", reason.word());
      }
    }
  }

  /// An alert cannot see the first increase of a counter that was not there before.
  private void beginAtZero() {
    ENDS.forEach(end -> runs.withTag("status", end.word()));
    Stream.of(RunRefusal.values()).forEach(each -> refusedRuns.withTag("reason", word(each)));
    Stream.of("input", "output").forEach(each -> tokens.withTag("direction", each));
    Stream.of("done", "failed").forEach(outcome -> wakes.withTag("outcome", outcome));
    OUTCOMES.forEach(outcome -> deliveries.withTag("outcome", outcome));
    Stream.of(Dropped.values()).forEach(each -> dropped.withTag("reason", word(each)));
  }

  private MeterProvider<Counter> counter(String name, String what) {
    return Counter.builder(name).description(what).withRegistry(registry);
  }

  private static String word(ToolResult result) {
    return switch (result) {
      case ToolResult.Succeeded succeeded -> "succeeded";
      case ToolResult.Failed failed -> "failed";
      case ToolResult.Stopped stopped -> "stopped";
      // It has done its part.
      case ToolResult.Asks asks -> "succeeded";
    };
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
