package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.http.Settings;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.SessionView;
import dev.agentrooms.protocol.StepWords;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Sessions of a real node that fall asleep about as soon as they may, and users who come then.
@Tag("race")
class SessionSleepRaceTest {

  private static final int CLIENTS = 4;
  private static final int RUNS = Given.stress(500);
  private static final int PATIENCE_SECONDS = 60;

  private record Asked(String sessionId, String runId) {}

  private final long seed = ThreadLocalRandom.current().nextLong();
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private final PromptStore store = new PromptStore(InstantSource.system());
  private final RunSlots slots = new RunSlots(2, 1024, 1024);
  private final Map<String, List<ProgressEvent>> told = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<ProgressEvent>> ends = new ConcurrentHashMap<>();

  @Test
  void nothingIsLostBetweenSleepingAndWaking() throws Exception {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "sleep-race",
            ConfigFactory.parseString(
                    """
                    pekko.cluster.roles = [agent]
                    pekko.loglevel = ERROR
                    pekko.stdout-loglevel = OFF
                    pekko.scheduler.tick-duration = 1ms
                    """)
                .withFallback(Settings.load()));
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Cluster cluster = Cluster.get(system);
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
      Sessions sessions = Sessions.start(system, wiring());
      List<Future<List<Asked>>> clients = new ArrayList<>();
      for (int c = 0; c < CLIENTS; c++) {
        int client = c;
        clients.add(pool.submit(() -> runs(sessions, client, new Random(seed + client))));
      }
      List<Asked> all = new ArrayList<>();
      for (var client : clients) {
        all.addAll(client.get(Given.stress(300), TimeUnit.SECONDS));
      }
      for (Asked asked : all) {
        assertSucceeded(sessions, asked);
        List<ProgressEvent> events = told.getOrDefault(asked.runId(), List.of());
        assertThat(events).extracting(ProgressEvent::eventId).doesNotHaveDuplicates();
        assertThat(events.stream().map(ProgressEvent::step).filter(StepWords::isTerminal))
            .as("seed %d", seed)
            .containsExactly("final_answer");
      }
      long distinct = all.stream().map(Asked::sessionId).distinct().count();
      // How often depends on the machine.
      System.out.printf(
          "%d runs, %d times their session slept and woke%n", all.size(), store.loads() - distinct);
      assertThat(told).hasSize(all.size());
      assertThat(store.size()).isEqualTo(distinct);
      assertThat(store.loads()).isGreaterThan((int) distinct);
      assertThat(slots.running() + slots.waiting()).isZero();
    } finally {
      scheduler.shutdownNow();
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private List<Asked> runs(Sessions sessions, int client, Random random) throws Exception {
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i < RUNS / CLIENTS; i++) {
      // New ones now and then, since what remembers much takes long to fall asleep.
      String sessionId = "s" + random.nextInt(3) + "-" + i / 20;
      String runId = "r-" + client + "-" + i;
      SessionReply.Accepted accepted = run(sessions, sessionId, runId, runId);
      assertThat(accepted.runId()).as("seed %d", seed).isEqualTo(runId);
      asked.add(new Asked(sessionId, runId));
      end(runId).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      // About as long as it takes to fall asleep.
      LockSupport.parkNanos(random.nextInt(5_000_000));
      switch (random.nextInt(4)) {
        case 0 -> assertThat(run(sessions, sessionId, runId + "x", runId)).isEqualTo(accepted);
        case 1 -> assertSucceeded(sessions, asked.get(random.nextInt(asked.size())));
        case 2 ->
            assertThat(answer(sessions.cancel(sessionId, runId)))
                .as("seed %d", seed)
                .isInstanceOf(SessionReply.NothingToCancel.class);
        default -> {
          // The next run is what comes.
        }
      }
    }
    return asked;
  }

  private SessionReply.Accepted run(Sessions sessions, String sessionId, String runId, String key)
      throws Exception {
    SessionReply reply =
        answer(
            sessions.run(
                sessionId,
                key,
                null,
                ignored ->
                    new SessionCommand.Start(
                        Given.specIn(sessionId, runId, Given.ASK),
                        OnBusy.ENQUEUE,
                        List.of(new Key(key, "body")),
                        Turn.LATER)));
    assertThat(reply).as("seed %d", seed).isInstanceOf(SessionReply.Accepted.class);
    return (SessionReply.Accepted) reply;
  }

  private void assertSucceeded(Sessions sessions, Asked asked) throws Exception {
    SessionReply reply = answer(sessions.getRun(asked.sessionId(), asked.runId()));
    assertThat(reply).as("seed %d", seed).isInstanceOf(SessionReply.OneRun.class);
    assertThat(((SessionReply.OneRun) reply).view().status()).isEqualTo(RunStatus.SUCCEEDED);
    SessionReply session = answer(sessions.get(asked.sessionId()));
    assertThat(session).as("seed %d", seed).isInstanceOf(SessionReply.Session.class);
    SessionView view = ((SessionReply.Session) session).view();
    assertThat(view.lastRun()).as("seed %d", seed).isNotNull();
  }

  private static SessionReply answer(CompletionStage<SessionReply> reply) throws Exception {
    return reply.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private CompletableFuture<ProgressEvent> end(String runId) {
    return ends.computeIfAbsent(runId, id -> new CompletableFuture<>());
  }

  private SessionWiring wiring() {
    return Given.wiring(
        Given.sleepySettings(Duration.ofMillis(1), 10_000),
        Given.decisions(),
        new RacingTools(scheduler, seed, 3),
        (event, number, traceparent) -> {
          String runId = String.valueOf(event.runId());
          told.computeIfAbsent(runId, id -> new ArrayList<>()).add(event);
          if (StepWords.isTerminal(event.step())) {
            end(runId).complete(event);
          }
          return CompletableFuture.completedFuture(Outcome.DELIVERED);
        },
        slots,
        store,
        InstantSource.system());
  }
}
