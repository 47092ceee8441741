package dev.agentrooms.bench.jmh;

import dev.agentrooms.agent.flow.QuizAgent;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.EndAttempt;
import dev.agentrooms.agent.session.SessionCommand.Start;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionDecisions;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionState;
import dev.agentrooms.agent.session.Trace;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Tools;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to decide, apart from acting on it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionsBenchmark {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int KEPT = 50;

  private final SessionDecisions decisions =
      new SessionDecisions(new QuizAgent(5, 5), Tools.NONE, Duration.ofHours(24));
  private final ToolResult found =
      new ToolResult.Succeeded(
          Json.parse("{\"chunks\":[{\"id\":\"c1\"}]}".getBytes(StandardCharsets.UTF_8)));
  private final Start start =
      new Start(
          new RunSpec(
              "r-1",
              "quiz1",
              "Create a quiz about photosynthesis",
              null,
              null,
              null,
              null,
              NOW,
              Trace.from(null),
              new RunSpec.Caller(null, "r-1", false, null),
              null),
          OnBusy.REJECT,
          List.of(),
          Turn.NOW);

  /// What a question wants.
  @Benchmark
  public Object plan() {
    return new QuizAgent(5, 5).plan(start.spec());
  }

  @Benchmark
  public List<?> decideStart() {
    return decisions.decide(SessionState.ABSENT, start, NOW);
  }

  /// A quiz from its start to its end: three commands, and what comes of them.
  @Benchmark
  public Object wholeRun() {
    SessionState state = after(SessionState.ABSENT, start);
    while (!state.runs().isEmpty()) {
      state =
          after(
              state,
              new EndAttempt(state.runs().getFirst().openSteps().getFirst().attemptId(), found));
    }
    return state;
  }

  private SessionState after(SessionState state, SessionCommand command) {
    SessionState next = state;
    for (SessionEvent event : decisions.decide(state, command, NOW)) {
      next = next.evolve(event, KEPT);
    }
    return next;
  }
}
