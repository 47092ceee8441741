package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.flow.Agents;
import dev.agentrooms.agent.flow.QuizAgent;
import dev.agentrooms.agent.session.Call;
import dev.agentrooms.agent.session.Failure;
import dev.agentrooms.agent.session.Plan;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.StepStarted;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.agent.session.Trace;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.agent.telemetry.AgentMetrics.Dropped;
import dev.agentrooms.agent.telemetry.AgentMetrics.Gauged;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunRequest;
import dev.agentrooms.tools.Scope;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AgentMetricsTest {

  private static final Instant ACCEPTED = Instant.parse("2026-11-22T10:00:00Z");

  private static final String CALL_ID = "r-1.retrieval.1";
  private static final Call CALL =
      new Call(
          "retrieval",
          "rag_answer",
          "Search",
          new Call.Words("start_retrieval", "Searching", "retrieval_done", "Searched"),
          Json.object());

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final AgentMetrics metrics = new AgentMetrics(registry);
  private SessionState state = SessionState.ABSENT;

  @BeforeEach
  void expect() {
    metrics.expect(
        Given.tools().names(),
        new Agents(new QuizAgent(5, 5), List.of(), Given.tools()).startSteps());
  }

  @Test
  void runIsTimedFromItsStartAndItsWaitApart() {
    happens(accepted("A question about light"));
    happens(started(2_000));
    happens(new StepStarted("r-1", CALL_ID, CALL, after(2_000)));
    happens(new SessionEvent.StepDone("r-1", CALL_ID, Json.object(), after(2_700)));
    happens(new SessionEvent.RunSucceeded("r-1", Json.object(), after(3_500)));

    assertThat(seconds("agentrooms.run.queue.wait")).isEqualTo(2.0);
    assertThat(seconds("agentrooms.step.duration", "step", "start_retrieval")).isEqualTo(0.7);
    assertThat(seconds("agentrooms.run.duration", "status", "succeeded")).isEqualTo(1.5);
    assertThat(timer("agentrooms.run.duration", "status", "failed").count()).isZero();
  }

  @Test
  void clockThatIsSetBackIsHarmless() {
    happens(accepted("A question about light"));
    happens(started(-5_000));
    happens(new StepStarted("r-1", CALL_ID, CALL, after(-6_000)));
    happens(new SessionEvent.StepDone("r-1", CALL_ID, Json.object(), after(-7_000)));
    happens(new SessionEvent.RunSucceeded("r-1", Json.object(), after(-8_000)));

    assertThat(seconds("agentrooms.run.queue.wait")).isZero();
    assertThat(seconds("agentrooms.step.duration", "step", "start_retrieval")).isZero();
    assertThat(seconds("agentrooms.run.duration", "status", "succeeded")).isZero();
  }

  @Test
  void failedAttemptsAreCountedOneByOneAndTheStepOnce() {
    happens(accepted("A question about light"));
    happens(started(0));
    happens(new StepStarted("r-1", CALL_ID, CALL, after(0)));
    var refused = new Failure("connection_refused", null, "gone");
    happens(new SessionEvent.AttemptFailed("r-1", CALL_ID, refused, 300, after(100)));
    happens(new SessionEvent.AttemptStarted("r-1", CALL_ID, after(400)));
    happens(new SessionEvent.StepFailed("r-1", CALL_ID, refused, after(500)));
    happens(new SessionEvent.RunFailed("r-1", "gone", null, after(500)));

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
    happens(new StepStarted("r-1", CALL_ID, CALL, after(0)));
    happens(new SessionEvent.RunCancelled("r-1", "requested", "rag_answer", after(2_000)));

    assertThat(count("agentrooms.tool.abandoned", "tool", "rag_answer")).isEqualTo(1);
    assertThat(timer("agentrooms.run.duration", "status", "cancelled").count()).isEqualTo(1);
  }

  @Test
  void toolCallIsTimedByItsOutcomeOnceItHasEnded() {
    CompletableFuture<ToolResult> end = new CompletableFuture<>();
    Toolbox toolbox =
        Measured.toolbox(
            metrics,
            (call, observer) ->
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
            new ToolCall(
                Given.tools().get("grade_exam"),
                "r-1.grading.1",
                "t",
                Json.object(),
                Scope.of("s", "r-1", "?")));
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
            (event, delivery, traceparent) -> {
              passedOn.complete(traceparent);
              return CompletableFuture.completedFuture(Outcome.REFUSED);
            });

    sink.deliver(
        new ProgressEvent("e", ACCEPTED, "s", "r-1", "step", null, Level.INFO, null, null),
        new Delivery(1, 1),
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
    metrics.runRefused(new SessionReply.Busy("r-1", false));
    metrics.runRefused(new SessionReply.QueueFull(false));
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
    RunSlots slots = new RunSlots(1, 5, 5);
    Backlog backlog = new Backlog();
    // A gauge does not keep what it measures.
    metrics.show(Gauged.RUNS_RUNNING, slots::running);
    metrics.show(Gauged.RUNS_WAITING, slots::waiting);
    metrics.show(Gauged.RUNS_AWAITING_INPUT, () -> 4);
    metrics.show(Gauged.SESSIONS, () -> 3);
    metrics.show(Gauged.OUTBOX_DEPTH, backlog::size);
    backlog.changeBy(7);
    slots.enter("r-1", null, () -> {});
    slots.enter("r-2", null, () -> {});
    slots.enter("r-3", null, () -> {});

    assertThat(registry.get("agentrooms.runs.running").gauge().value()).isEqualTo(1);
    assertThat(registry.get("agentrooms.runs.waiting").gauge().value()).isEqualTo(2);
    assertThat(registry.get("agentrooms.runs.awaiting.input").gauge().value()).isEqualTo(4);
    assertThat(registry.get("agentrooms.sessions").gauge().value()).isEqualTo(3);
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
    return new SessionEvent.RunStarted("r-1", Plan.of("answer", List.of()), after(ms));
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
