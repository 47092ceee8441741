package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionQuery;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.store.Store;
import dev.agentrooms.tools.Definitions;
import dev.agentrooms.tools.Tools;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Cancels at random instants, thousands of them, with tools of every temper and a web UI that
/// comes and goes.
@Tag("race")
class SessionRaceTest {

  private static final int CANCELS = Given.stress(3000);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "SessionRaceTest",
          ConfigFactory.parseString(
              "pekko.actor.provider = local, pekko.stdout-loglevel = OFF, pekko.loglevel = ERROR"));

  private final long seed = ThreadLocalRandom.current().nextLong();
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
  private final RunSlots slots = new RunSlots(48, Integer.MAX_VALUE, Integer.MAX_VALUE);
  private final Store store = Given.store();
  private final Map<String, List<ProgressEvent>> told = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<ProgressEvent>> ends = new ConcurrentHashMap<>();

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void aRunCancelledAtAnyInstantEndsOnceAndAffectsNoOther() throws Exception {
    SessionWiring wiring = wiring();
    ActorRef<ClusterSharding.ShardCommand> shard =
        KIT.<ClusterSharding.ShardCommand>createTestProbe().getRef();
    Random random = new Random(seed);
    List<ActorRef<Command>> sessions = new ArrayList<>();
    for (int i = 0; i < CANCELS; i++) {
      ActorRef<Command> session =
          KIT.spawn(AgentSession.create("s" + i, wiring, shard, request -> {}));
      sessions.add(session);
      String runId = "run-" + i;
      ends.put(runId, new CompletableFuture<>());
      ends.put("next-" + i, new CompletableFuture<>());
      session.tell(start("s" + i, runId, i % 2 == 0 ? Given.QUIZ : Given.ASK));
      var unused =
          scheduler.schedule(
              () ->
                  session.tell(
                      new SessionProtocol.Ask(
                          new SessionCommand.Cancel(runId, "requested"), KIT.system().ignoreRef())),
              random.nextInt(8000),
              TimeUnit.MICROSECONDS);
    }
    for (int i = 0; i < CANCELS; i++) {
      end("run-" + i);
    }

    // The next run of each session is taken at once, and ends well.
    for (int i = 0; i < CANCELS; i++) {
      int number = i;
      SessionReply reply =
          ask(
              sessions.get(i),
              replyTo -> start("s" + number, "next-" + number, Given.ASK, replyTo));
      assertThat(reply).as("seed %d", seed).isInstanceOf(SessionReply.Accepted.class);
    }
    for (int i = 0; i < CANCELS; i++) {
      assertThat(end("next-" + i).step()).isEqualTo("final_answer");
    }

    // Late answers have all come by now.
    scheduler.shutdown();
    assertThat(scheduler.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    for (ActorRef<Command> session : sessions) {
      ask(session, replyTo -> new SessionProtocol.Query(new SessionQuery.Read(), replyTo));
    }
    assertThat(told).hasSize(2 * CANCELS);
    told.forEach(this::assertEndedOnce);
    assertThat(slots.running()).isZero();
    assertThat(slots.waiting()).isZero();
    assertThat(store.sessions().count().toCompletableFuture().join()).isEqualTo(CANCELS);
    // Every kind of end was met, so the instants were as random as they should be.
    assertThat(told.values().stream().map(events -> events.getLast().step()).distinct())
        .containsExactlyInAnyOrder("final_answer", "cancelled");
    assertThat(told.values().stream().filter(SessionRaceTest::isAbandoned)).isNotEmpty();
  }

  private SessionWiring wiring() {
    AgentSettings given = Given.settings();
    Tools tools =
        Given.tools(
            URI.create("http://127.0.0.1:1"),
            Map.of("agent.tools.timeout", "20s", "agent.tools.retry-delay", "1ms"));
    AgentSettings quick =
        new AgentSettings(
            given.http(),
            Duration.ofSeconds(20),
            given.session(),
            given.runs(),
            new AgentSettings.Tools(
                5, 5, Duration.ofMillis(10), 1 << 20, new Definitions(tools, List.of())),
            new AgentSettings.Progress(
                AgentSettings.SinkKind.HTTP,
                given.progress().url(),
                Duration.ofSeconds(1),
                Duration.ofMillis(2),
                1000,
                Duration.ofMinutes(10)),
            null);
    return Given.wiring(
        quick,
        Given.decisions(),
        new RacingTools(scheduler, seed),
        this::deliver,
        slots,
        store,
        () -> Given.T0);
  }

  private CompletableFuture<Outcome> deliver(
      ProgressEvent event, Delivery number, @Nullable String traceparent) {
    if (ThreadLocalRandom.current().nextInt(20) == 0) {
      return CompletableFuture.completedFuture(Outcome.UNREACHABLE);
    }
    String runId = String.valueOf(event.runId());
    told.computeIfAbsent(runId, id -> new ArrayList<>()).add(event);
    if (StepWords.isTerminal(event.step())) {
      var end = ends.get(runId);
      if (end != null) {
        end.complete(event);
      }
    }
    return CompletableFuture.completedFuture(Outcome.DELIVERED);
  }

  private ProgressEvent end(String runId) throws Exception {
    return ends.getOrDefault(runId, new CompletableFuture<>())
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private void assertEndedOnce(String runId, List<ProgressEvent> events) {
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).eventId()).as("seed %d", seed).isEqualTo(runId + "." + (i + 1));
      assertThat(StepWords.isTerminal(events.get(i).step()))
          .as("seed %d, %s", seed, events)
          .isEqualTo(i + 1 == events.size());
    }
  }

  private static boolean isAbandoned(List<ProgressEvent> events) {
    var meta = events.getLast().meta();
    return meta != null && meta.has("abandoned_tool");
  }

  private static SessionReply ask(
      ActorRef<Command> session,
      org.apache.pekko.japi.function.Function<ActorRef<SessionReply>, Command> request)
      throws Exception {
    return AskPattern.ask(session, request, PATIENCE, KIT.scheduler())
        .toCompletableFuture()
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static Command start(String sessionId, String runId, String question) {
    return start(sessionId, runId, question, KIT.system().ignoreRef());
  }

  private static Command start(
      String sessionId, String runId, String question, ActorRef<SessionReply> replyTo) {
    RunSpec spec = Given.specIn(sessionId, runId, question);
    return new SessionProtocol.Start(
        new SessionCommand.Start(spec, OnBusy.REJECT, List.of(), Turn.LATER), replyTo);
  }
}
