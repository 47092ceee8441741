package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.SessionProtocol.Request;
import dev.agentrooms.agent.session.Narrator;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionEvent;
import dev.agentrooms.agent.session.SessionQuery;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.agent.telemetry.AgentMetrics;
import dev.agentrooms.agent.telemetry.RunTracer;
import dev.agentrooms.protocol.Decision;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunView;
import dev.agentrooms.protocol.SessionView;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;

/// A test bench: one session with simulated tools, web UI and time.
final class SessionBench {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final SimulatedTools tools = new SimulatedTools();
  final RunSlots slots;
  final PromptStore store;
  final List<Request> nextLife = new CopyOnWriteArrayList<>();
  final TestProbe<ClusterSharding.ShardCommand> shard;
  ActorRef<Command> session;

  private final ActorTestKit kit;
  private final AgentSettings settings;
  private final ManualTime time;
  private final TestProbe<SessionReply> replies;
  private final TestProbe<ProgressEvent> attempts;
  private volatile Instant now = Given.T0;
  private volatile Outcome delivery = Outcome.DELIVERED;
  private volatile boolean sinkIsBroken;
  private volatile Predicate<ProgressEvent> unwritable = event -> false;
  private volatile @Nullable Throwable bug;

  SessionBench(ActorTestKit kit) {
    this(kit, new RunSlots(64, 1024, 1024));
  }

  SessionBench(ActorTestKit kit, RunSlots slots) {
    this(kit, slots, Given.settings());
  }

  SessionBench(ActorTestKit kit, RunSlots slots, AgentSettings settings) {
    this.kit = kit;
    this.slots = slots;
    this.settings = settings;
    this.store = new PromptStore(() -> now);
    this.time = ManualTime.get(kit.system());
    this.replies = kit.createTestProbe();
    this.attempts = kit.createTestProbe();
    this.shard = kit.createTestProbe();
    this.session = life();
  }

  private ActorRef<Command> life() {
    return kit.spawn(AgentSession.create(Given.SESSION, wiring(), shard.getRef(), nextLife::add));
  }

  /// Starts the session's actor again, as its shard does on the next message, with the buffered
  /// messages.
  void liveAgain() {
    session = life();
    nextLife.forEach(session::tell);
    nextLife.clear();
  }

  private SessionWiring wiring() {
    return new SessionWiring(
        settings,
        Given.agent(),
        Given.tools(),
        Given.decisions(),
        new Narrator(Given.agent(), Given.tools()),
        tools,
        (event, number, traceparent) -> {
          attempts.getRef().tell(event);
          if (unwritable.test(event)) {
            throw new UncheckedIOException(new IOException("cannot be written"));
          }
          return sinkIsBroken
              ? CompletableFuture.failedFuture(new IllegalStateException("broken"))
              : CompletableFuture.completedFuture(delivery);
        },
        slots,
        store,
        new Backlog(),
        new AgentMetrics(new SimpleMeterRegistry()),
        new RunTracer() {
          @Override
          public void saw(Run run, SessionEvent.RunEvent event) {
            throwTheBug();
          }

          @Override
          public ToolSpan call(Run run, Step step) {
            return RunTracer.OFF.call(run, step);
          }

          @Override
          public void lost(Run run) {}
        },
        () -> now);
  }

  /// Runs this before the next event of a run is applied.
  void bug(Throwable next) {
    bug = next;
  }

  private void throwTheBug() {
    Throwable next = bug;
    bug = null;
    switch (next) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }

  void webUiAnswers(Outcome answer) {
    delivery = answer;
    sinkIsBroken = false;
  }

  /// Events for which encoding fails.
  void unwritable(Predicate<ProgressEvent> events) {
    unwritable = events;
  }

  void webUiBreaks() {
    sinkIsBroken = true;
  }

  SessionReply start(String runId) {
    return start(runId, Given.ASK, OnBusy.REJECT, null);
  }

  SessionReply start(String runId, OnBusy onBusy) {
    return start(runId, Given.ASK, onBusy, null);
  }

  SessionReply start(String runId, String question, OnBusy onBusy, @Nullable Key key) {
    session.tell(
        new SessionProtocol.Start(
            new SessionCommand.Start(
                Given.spec(runId, question),
                onBusy,
                key == null ? List.of() : List.of(key),
                Turn.LATER),
            replies.getRef()));
    return reply();
  }

  SessionReply cancel(@Nullable String runId) {
    session.tell(
        new SessionProtocol.Ask(new SessionCommand.Cancel(runId, "requested"), replies.getRef()));
    return reply();
  }

  void cancelAll(String reason) {
    session.tell(new SessionProtocol.Ask(new SessionCommand.CancelAll(reason), replies.getRef()));
    reply();
  }

  /// A person leaves what is asked as it is, and agrees.
  SessionReply answer(String runId, String inputId) {
    session.tell(
        new SessionProtocol.Ask(
            new SessionCommand.Answer(runId, inputId, Decision.APPROVE, null, null),
            replies.getRef()));
    return reply();
  }

  SessionReply delete() {
    session.tell(
        new SessionProtocol.Ask(new SessionCommand.Delete("session_deleted"), replies.getRef()));
    return reply();
  }

  /// Asks to be told when the run has ended.
  TestProbe<SessionReply> await(String runId) {
    TestProbe<SessionReply> probe = kit.createTestProbe();
    session.tell(new SessionProtocol.Await(runId, probe.getRef()));
    return probe;
  }

  SessionReply read() {
    session.tell(new SessionProtocol.Query(new SessionQuery.Read(), replies.getRef()));
    return reply();
  }

  SessionView view() {
    return ((SessionReply.Session) read()).view();
  }

  RunView run(String runId) {
    session.tell(new SessionProtocol.Query(new SessionQuery.ReadRun(runId), replies.getRef()));
    return ((SessionReply.OneRun) reply()).view();
  }

  private SessionReply reply() {
    return replies.receiveMessage(PATIENCE);
  }

  /// The events sent to the web UI so far.
  ProgressEvent sent() {
    return attempts.receiveMessage(PATIENCE);
  }

  void assertSent(String... steps) {
    List<String> sent = new ArrayList<>();
    for (String step : steps) {
      ProgressEvent event = sent();
      sent.add(event.step());
      if (!event.step().equals(step)) {
        break;
      }
    }
    assertThat(sent).containsExactly(steps);
  }

  void assertNothingSent() {
    settle();
    attempts.expectNoMessage(Duration.ofMillis(20));
  }

  /// Lets the session process all its messages, deliveries included.
  void settle() {
    for (int i = 0; i < 4; i++) {
      session.tell(new SessionProtocol.Query(new SessionQuery.ReadRun("none"), replies.getRef()));
      reply();
    }
  }

  Instant now() {
    return now;
  }

  /// Lets time pass, once the session has set its timers.
  void pass(Duration duration) {
    settle();
    passBlindly(duration);
    settle();
  }

  /// Lets time pass for a session that has stopped.
  void passBlindly(Duration duration) {
    now = now.plus(duration);
    time.timePasses(duration);
  }

  void assertAsksToLeave() {
    shard.expectMessageClass(ClusterSharding.Passivate.class, PATIENCE);
  }

  void assertStays() {
    shard.expectNoMessage(Duration.ofMillis(20));
  }

  void stop() {
    session.tell(SessionProtocol.Stop.INSTANCE);
    kit.createTestProbe().expectTerminated(session, PATIENCE);
  }
}
