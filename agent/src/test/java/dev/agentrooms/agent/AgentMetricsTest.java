package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.ProgressSink.Delivery;
import dev.agentrooms.agent.session.Intent;
import dev.agentrooms.agent.session.Planner;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.StageStarted;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.agent.session.Tool;
import dev.agentrooms.agent.session.ToolResult;
import dev.agentrooms.agent.session.Trace;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.agent.telemetry.AgentMetrics.Dropped;
import dev.agentrooms.agent.telemetry.AgentMetrics.Gauged;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunRequest;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AgentMetricsTest {

  private static final Instant ACCEPTED = Instant.parse("2026-11-22T10:00:00Z");

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final AgentMetrics metrics = new AgentMetrics(registry);
  private SessionState state = SessionState.ABSENT;

  @Test
  void runIsTimedFromItsStartAndItsWaitApart() {
    happens(accepted("A question about light"));
    happens(started(2_000));
    happens(new StageStarted("r-1", 0, Json.object(), after(2_000)));
    happens(new SessionEvent.StageDone("r-1", Json.object(), after(2_700)));
    happens(new SessionEvent.RunSucceeded("r-1", Json.object(), after(3_500)));

    assertThat(seconds("agentrooms.run.queue.wait")).isEqualTo(2.0);
    assertThat(seconds("agentrooms.step.duration", "step", "start_retrieval")).isEqualTo(0.7);
    assertThat(seconds("agentrooms.run.duration", "status", "succeeded")).isEqualTo(1.5);
    assertThat(timer("agentrooms.run.duration", "status", "failed").count()).isZero();
  }

  @Test
  void clockThatIsSetBackHarmsNobody() {
    happens(accepted("A question about light"));
    happens(started(-5_000));
    happens(new StageStarted("r-1", 0, Json.object(), after(-6_000)));
    happens(new SessionEvent.StageDone("r-1", Json.object(), after(-7_000)));
    happens(new SessionEvent.RunSucceeded("r-1", Json.object(), after(-8_000)));

    assertThat(seconds("agentrooms.run.queue.wait")).isZero();
    assertThat(seconds("agentrooms.step.duration", "step", "start_retrieval")).isZero();
    assertThat(seconds("agentrooms.run.duration", "status", "succeeded")).isZero();
  }

  @Test
  void failedAttemptsAreCountedOneByOneAndTheStepOnce() {
    happens(accepted("A question about light"));
    happens(started(0));
    happens(new StageStarted("r-1", 0, Json.object(), after(0)));
    var refused = new ToolResult.Failed(ToolResult.Reason.CONNECTION_REFUSED, null, "gone");
    happens(new SessionEvent.ToolFailedOnce("r-1", refused, after(100)));
    happens(new SessionEvent.ToolRetried("r-1", after(400)));
    happens(new SessionEvent.ToolFailed("r-1", refused, after(500)));
    happens(new SessionEvent.RunFailed("r-1", "gone", after(500)));

    assertThat(
            count("agentrooms.tool.failures", "tool", "rag_answer", "reason", "connection_refused"))
        .isEqualTo(2);
    assertThat(timer("agentrooms.step.duration", "step", "start_retrieval").count()).isEqualTo(1);
    assertThat(seconds("agentrooms.run.duration", "status", "failed")).isEqualTo(0.5);
  }

  @Test
  void abandonedToolIsCountedWithItsRun() {
    happens(accepted("A question about light"));
    happens(started(0));
    happens(new StageStarted("r-1", 0, Json.object(), after(0)));
    happens(new SessionEvent.RunCancelled("r-1", "requested", Tool.RAG_ANSWER, after(2_000)));

    assertThat(count("agentrooms.tool.abandoned", "tool", "rag_answer")).isEqualTo(1);
    assertThat(timer("agentrooms.run.duration", "status", "cancelled").count()).isEqualTo(1);
  }

  @Test
  void toolCallIsTimedByItsOutcomeOnceItHasEnded() {
    CompletableFuture<ToolResult> end = new CompletableFuture<>();
    Toolbox toolbox =
        Measured.toolbox(
            metrics,
            call ->
                new Toolbox.Attempt() {
                  @Override
                  public CompletableFuture<ToolResult> ended() {
                    return end;
                  }

                  @Override
                  public void cancel() {
                    end.complete(new ToolResult.Stopped());
                  }
                });
    var attempt =
        toolbox.call(
            new Toolbox.ToolCall(Tool.GRADE_EXAM, "s", "r-1", "r-1.grading.1", "t", Json.object()));
    String[] stopped = {"tool", "grade_exam", "outcome", "stopped"};

    assertThat(timer("agentrooms.tool.duration", stopped).count()).isZero();
    attempt.cancel();
    assertThat(timer("agentrooms.tool.duration", stopped).count()).isEqualTo(1);
  }

  @Test
  void deliveryIsTimedByItsOutcomeAndCarriesTheTrace() {
    CompletableFuture<String> passedOn = new CompletableFuture<>();
    ProgressSink sink =
        Measured.sink(
            metrics,
            new ProgressSink() {
              @Override
              public CompletableFuture<Delivery> deliver(ProgressEvent event) {
                throw new AssertionError("the trace is lost");
              }

              @Override
              public CompletableFuture<Delivery> deliver(
                  ProgressEvent event, @Nullable String traceparent) {
                passedOn.complete(traceparent);
                return CompletableFuture.completedFuture(Delivery.REFUSED);
              }
            });

    sink.deliver(
        new ProgressEvent("e", ACCEPTED, "s", "r-1", "step", null, Level.INFO, null, null),
        "00-trace");

    assertThat(passedOn).isCompletedWithValue("00-trace");
    assertThat(timer("agentrooms.progress.delivery", "outcome", "refused").count()).isEqualTo(1);
  }

  @Test
  void eventsThatAreDroppedAddUpByTheirReason() {
    metrics.eventsDropped(Dropped.LOST, 2);
    metrics.eventsDropped(Dropped.LOST, 0);
    metrics.eventsDropped(Dropped.UNDELIVERED, 1);

    assertThat(count("agentrooms.events.dropped", "reason", "lost")).isEqualTo(2);
  }

  @Test
  void onlyRefusalsOfRunsCountAsSuch() {
    metrics.runRefused(new SessionReply.Busy("r-1"));
    metrics.runRefused(new SessionReply.QueueFull());
    metrics.runRefused(new SessionReply.Accepted("r-2", "accepted"));

    assertThat(count("agentrooms.runs.refused", "reason", "busy")).isEqualTo(1);
    assertThat(
            registry.get("agentrooms.runs.refused").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum())
        .isEqualTo(2);
  }

  @Test
  void slotsSessionsAndBacklogAreRead() {
    RunSlots slots = new RunSlots(1, 5);
    Backlog backlog = new Backlog();
    // A gauge does not keep what it measures.
    SessionIndex index = Given.index();
    metrics.show(Gauged.RUNS_RUNNING, slots::running);
    metrics.show(Gauged.RUNS_WAITING, slots::waiting);
    metrics.show(Gauged.SESSIONS, index::size);
    metrics.show(Gauged.OUTBOX_DEPTH, backlog::size);
    backlog.changeBy(7);
    slots.enter("r-1", () -> {});
    slots.enter("r-2", () -> {});
    slots.enter("r-3", () -> {});

    assertThat(registry.get("agentrooms.runs.running").gauge().value()).isEqualTo(1);
    assertThat(registry.get("agentrooms.runs.waiting").gauge().value()).isEqualTo(2);
    assertThat(registry.get("agentrooms.sessions").gauge().value()).isEqualTo(index.size());
    assertThat(registry.get("agentrooms.outbox.depth").gauge().value()).isEqualTo(7);
  }

  @Test
  void everySeriesIsThereBeforeAnythingHasHappened() {
    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .filteredOn(id -> id.getName().equals("agentrooms.step.duration"))
        .extracting(id -> id.getTag("step"))
        .containsExactlyInAnyOrder("start_retrieval", "start_generate_exam", "start_grading");
  }

  private void happens(RunEvent event) {
    state.run(event.runId()).ifPresent(run -> metrics.saw(run, event));
    state = state.evolve(event, 10);
  }

  private static RunEvent accepted(String question) {
    RunRequest request =
        RunRequest.from(
            Json.parseObject(
                ("{\"question\":\"" + question + "\"}").getBytes(StandardCharsets.UTF_8)));
    return new SessionEvent.RunAccepted(
        RunSpec.of("r-1", "s", request, ACCEPTED, Trace.from(null)), List.of());
  }

  private static RunEvent started(long ms) {
    return new SessionEvent.RunStarted(
        "r-1", new Planner.Plan(Intent.ANSWER, "light", null), after(ms));
  }

  private static Instant after(long ms) {
    return ACCEPTED.plusMillis(ms);
  }

  private Timer timer(String name, String... tags) {
    return registry.get(name).tags(tags).timer();
  }

  private double seconds(String name, String... tags) {
    assertThat(timer(name, tags).count()).isEqualTo(1);
    return timer(name, tags).totalTime(TimeUnit.MILLISECONDS) / 1_000;
  }

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }
}
