package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.SessionProtocol.Command;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionQuery;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.store.BrittleStore;
import dev.agentrooms.store.BrittleStore.Counted;
import dev.agentrooms.store.Store;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A session whose process dies at each of its records, before it is stored and after, and whose
/// store is away at each of them; and what the next life makes of it.
@Tag("race")
class SessionRecoveryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ActorTestKit KIT = ActorTestKit.create("SessionRecoveryTest");

  private final Store real = Given.store();
  private final BrittleStore brittle =
      new BrittleStore(real).counting(EnumSet.of(Counted.SESSION_RECORD));
  // What a room keeps: each event once, by its number.
  private final Map<Long, ProgressEvent> room = new ConcurrentSkipListMap<>();
  private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
  private volatile boolean toolsAnswer = true;

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  static Stream<Arguments> deaths() {
    return Stream.of(1, 2, 3)
        .flatMap(n -> Stream.of(Arguments.of(n, false), Arguments.of(n, true)));
  }

  @ParameterizedTest(name = "record {0}, stored: {1}")
  @MethodSource("deaths")
  void aRunGoesOnAndEndsOnceWhereverItsProcessDies(int n, boolean stored) throws Exception {
    dieAt(n, stored);
    Life first = new Life(brittle);
    CompletableFuture<SessionReply> accepted = first.start("r-1", Given.QUIZ);
    brittle.died().toCompletableFuture().get(60, TimeUnit.SECONDS);
    first.end();
    Life second = new Life(real);
    if (accepted.isDone()) {
      assertThat(accepted.join()).isEqualTo(new SessionReply.Accepted("r-1", "accepted"));
    }
    SessionReply ended = second.awaitEnd("r-1");
    if (n == 1 && !stored) {
      assertThat(ended).isEqualTo(new SessionReply.UnknownSession());
      assertThat(room).isEmpty();
      assertThat(calls).isEmpty();
      return;
    }
    assertThat(((SessionReply.OneRun) ended).view().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertWhole(
        "intent_determined",
        "start_retrieval",
        "retrieval_done",
        "start_generate_exam",
        "generate_done",
        "final_answer");
    // Each call under its own key, however often.
    assertThat(calls.stream().distinct()).containsExactly("r-1.retrieval.1", "r-1.generate_exam.1");
  }

  @ParameterizedTest(name = "record {0}, stored: {1}")
  @MethodSource("deaths")
  void aCancelThatWasAnsweredHoldsWhereverItsProcessDies(int n, boolean stored) throws Exception {
    toolsAnswer = false;
    dieAt(n, stored);
    Life first = new Life(brittle);
    CompletableFuture<SessionReply> accepted = first.start("r-1", Given.ASK);
    CompletableFuture<SessionReply> cancelled = first.cancel("r-1");
    brittle.died().toCompletableFuture().get(60, TimeUnit.SECONDS);
    first.end();
    toolsAnswer = true;
    int callsBefore = calls.size();
    Life second = new Life(real);
    SessionReply ended = second.awaitEnd("r-1");
    if (cancelled.isDone()) {
      assertThat(cancelled.join()).isEqualTo(new SessionReply.Cancelling("r-1"));
      assertThat(((SessionReply.OneRun) ended).view().status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(calls).hasSize(callsBefore);
    }
    if (ended instanceof SessionReply.OneRun) {
      assertThat(room.values().stream().map(ProgressEvent::step).filter(StepWords::isTerminal))
          .hasSize(1);
    } else {
      assertThat(accepted).isNotDone();
    }
  }

  @Test
  void aDeleteThatWasAnsweredHolds() throws Exception {
    toolsAnswer = false;
    dieAt(3, false);
    Life first = new Life(brittle);
    first.start("r-1", Given.ASK).get(60, TimeUnit.SECONDS);
    assertThat(first.delete().get(60, TimeUnit.SECONDS)).isEqualTo(new SessionReply.Deleted());
    brittle.died().toCompletableFuture().get(60, TimeUnit.SECONDS);
    first.end();
    int callsBefore = calls.size();
    Life second = new Life(real);
    assertThat(second.awaitEnd("r-1")).isEqualTo(new SessionReply.UnknownSession());
    second.awaitPassivation();
    assertThat(calls).hasSize(callsBefore);
    assertThat(room.values().stream().map(ProgressEvent::step)).endsWith("cancelled");
    assertThat(
            real.sessions()
                .open(null, Instant.ofEpochMilli(Long.MAX_VALUE), 10)
                .toCompletableFuture()
                .join())
        .isEmpty();
  }

  @ParameterizedTest(name = "record {0}, stored: {1}")
  @MethodSource("deaths")
  void aRecordThatFailsIsMadeAgainOrAnswered(int n, boolean stored) throws Exception {
    if (stored) {
      brittle.doubtAt(n);
    } else {
      brittle.failAt(n);
    }
    Life life = new Life(brittle);
    SessionReply reply = life.start("r-1", Given.QUIZ).get(60, TimeUnit.SECONDS);
    if (n == 1) {
      assertThat(reply).isEqualTo(new SessionReply.NotStored(false));
    } else {
      assertThat(reply).isEqualTo(new SessionReply.Accepted("r-1", "accepted"));
    }
    if (stored) {
      // What is stored tells, and only a new life reads it.
      life.awaitPassivation();
      life.end();
      life = new Life(real);
    }
    if (n == 1 && !stored) {
      life.awaitPassivation();
      assertThat(real.sessions().count().toCompletableFuture().join()).isZero();
      assertThat(calls).isEmpty();
    } else {
      SessionReply.OneRun ended = (SessionReply.OneRun) life.awaitEnd("r-1");
      assertThat(ended.view().status()).isEqualTo(RunStatus.SUCCEEDED);
      // A tool whose answer could not be recorded at once is not asked again for that.
      assertThat(stored || calls.size() == 2).isTrue();
    }
    life.end();
  }

  @Test
  void whatComesForASessionThatIsNotThereIsAnsweredOnceOrHandedOverOnce() {
    int asked = 50;
    TestProbe<SessionReply> answers = KIT.createTestProbe();
    Life life = new Life(real);
    for (int i = 0; i < asked; i++) {
      life.session.tell(
          new SessionProtocol.Query(new SessionQuery.ReadRun("r-" + i), answers.ref()));
    }
    life.awaitPassivation();

    life.session.tell(SessionProtocol.Stop.INSTANCE);
    answers.expectTerminated(life.session, PATIENCE);
    int answered = 0;
    while (answered + life.handedOver.size() < asked) {
      assertThat(answers.receiveMessage(PATIENCE)).isEqualTo(new SessionReply.UnknownSession());
      answered++;
    }
    answers.expectNoMessage(Duration.ofMillis(50));
    assertThat(answered + life.handedOver.size()).isEqualTo(asked);
    assertThat(life.handedOver).doesNotHaveDuplicates();
  }

  private void dieAt(int n, boolean stored) {
    if (stored) {
      brittle.dieAfter(n);
    } else {
      brittle.dieBefore(n);
    }
  }

  private void assertWhole(String... steps) {
    assertThat(room.values().stream().map(ProgressEvent::step).filter(s -> !s.equals("tool_retry")))
        .containsExactly(steps);
    assertThat(room.values()).extracting(ProgressEvent::eventId).doesNotHaveDuplicates();
    assertThat(List.copyOf(room.keySet()))
        .isEqualTo(Stream.iterate(1L, n -> n + 1).limit(room.size()).toList());
  }

  /// One life of the session, in a process of its own as far as it knows.
  private final class Life {

    private final TestProbe<ClusterSharding.ShardCommand> shard = KIT.createTestProbe();
    private final ConcurrentLinkedQueue<SessionProtocol.Request> handedOver =
        new ConcurrentLinkedQueue<>();
    private final ActorRef<Command> session;
    private volatile boolean isOver;

    Life(Store store) {
      SessionWiring wiring =
          Given.wiring(
              Given.settings(),
              Given.decisions(),
              this::call,
              (event, delivery, traceparent) -> {
                if (!isOver) {
                  room.putIfAbsent(delivery.n(), event);
                }
                return CompletableFuture.completedFuture(Outcome.DELIVERED);
              },
              new RunSlots(4, 4, 4),
              store,
              InstantSource.system());
      session = KIT.spawn(AgentSession.create(Given.SESSION, wiring, shard.ref(), handedOver::add));
    }

    private Toolbox.Attempt call(ToolCall call, CallObserver observer) {
      CompletableFuture<ToolResult> ended = new CompletableFuture<>();
      if (!isOver) {
        calls.add(call.name());
      }
      if (toolsAnswer) {
        ended.complete(Given.success(call.tool().name()));
      }
      return new Toolbox.Attempt() {
        @Override
        public CompletableFuture<ToolResult> ended() {
          return ended;
        }

        @Override
        public void cancel() {
          ended.complete(new ToolResult.Stopped());
        }
      };
    }

    CompletableFuture<SessionReply> start(String runId, String question) {
      return ask(
          replyTo ->
              new SessionProtocol.Start(
                  new SessionCommand.Start(
                      Given.spec(runId, question), OnBusy.REJECT, List.of(), Turn.LATER),
                  replyTo));
    }

    CompletableFuture<SessionReply> cancel(String runId) {
      return ask(
          replyTo ->
              new SessionProtocol.Ask(new SessionCommand.Cancel(runId, "requested"), replyTo));
    }

    CompletableFuture<SessionReply> delete() {
      return ask(
          replyTo ->
              new SessionProtocol.Ask(new SessionCommand.Delete("session_deleted"), replyTo));
    }

    private CompletableFuture<SessionReply> ask(
        org.apache.pekko.japi.function.Function<ActorRef<SessionReply>, Command> message) {
      return AskPattern.ask(session, message, PATIENCE, KIT.scheduler()).toCompletableFuture();
    }

    /// The run once it has ended and all of it has been told.
    SessionReply awaitEnd(String runId) throws Exception {
      SessionReply ended =
          ask(replyTo -> new SessionProtocol.Await(runId, replyTo)).get(60, TimeUnit.SECONDS);
      if (ended instanceof SessionReply.OneRun) {
        SessionReply.Events events =
            (SessionReply.Events)
                ask(replyTo ->
                        new SessionProtocol.Query(
                            new SessionQuery.ReadEvents(runId, 0, 100), replyTo))
                    .get(60, TimeUnit.SECONDS);
        List<String> told = new ArrayList<>();
        events.page().events().forEach(each -> told.add(each.event().eventId()));
        KIT.createTestProbe()
            .awaitAssert(
                PATIENCE,
                () -> {
                  assertThat(room.values().stream().map(ProgressEvent::eventId).toList())
                      .isEqualTo(told);
                  return null;
                });
      }
      return ended;
    }

    void awaitPassivation() {
      shard.expectMessageClass(ClusterSharding.Passivate.class, PATIENCE);
    }

    /// Its process is gone.
    void end() {
      isOver = true;
      KIT.stop(session);
    }
  }
}
