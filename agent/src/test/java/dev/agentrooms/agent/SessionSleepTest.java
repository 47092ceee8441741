package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionCommand.Turn;
import dev.agentrooms.agent.session.SessionQuery;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.protocol.InputKind;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.SessionView;
import dev.agentrooms.store.SessionStore;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.RemoteAnswer;
import dev.agentrooms.tools.ToolResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Passivating and waking sessions, under manual time.
@Tag("unit")
class SessionSleepTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create("SessionSleepTest", AgentSessionTest.CONFIG);

  private static final Duration SLEEP_AFTER = Duration.ofSeconds(10);
  private static final Duration ALMOST = Duration.ofSeconds(1);
  private static final Duration TTL = Given.settings().session().ttl();
  private static final Duration RETRY = Given.settings().progress().retryDelay();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final InputRequest QUESTION =
      new InputRequest(
          InputKind.ASK,
          "theirs",
          "Go on?",
          null,
          null,
          new TextNode("as it is"),
          false,
          null,
          List.of());

  private final RunSlots slots = new RunSlots(2, 2, 2);
  private final SessionBench bench =
      new SessionBench(KIT, slots, Given.sleepySettings(SLEEP_AFTER, 50));

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @AfterEach
  void stop() {
    bench.stop();
    assertThat(slots.running()).isZero();
    assertThat(slots.waiting()).isZero();
  }

  @Test
  void whatASessionShowsIsTheSameAfterItsSleep() throws Exception {
    wholeRun("r-1", null);
    wholeRun("r-2", null);
    SessionView before = bench.view();
    byte[] run = Json.encode(bench.run("r-1"));
    List<String> lines = bench.store.lines();
    fallAsleep();
    assertThat(bench.store.lines()).isEqualTo(lines);
    assertThat(bench.store.size()).isEqualTo(1);
    bench.liveAgain();
    assertThat(Json.encode(bench.view())).isEqualTo(Json.encode(before));
    assertThat(Json.encode(bench.run("r-1"))).isEqualTo(run);
    assertThat(bench.store.lines()).isEqualTo(lines);
    assertThat(bench.cancel(null)).isInstanceOf(SessionReply.NothingToCancel.class);
    assertThat(bench.cancel("r-3")).isEqualTo(new SessionReply.UnknownRun("r-3"));
    assertThat(bench.await("r-2").receiveMessage(PATIENCE)).isInstanceOf(SessionReply.OneRun.class);
    bench.assertNothingSent();
  }

  @Test
  void runsGoOnAfterASleepAsIfThereHadBeenNone() throws Exception {
    wholeRun("r-1", null);
    sleepAndWake();
    wholeRun("r-2", null);
    assertThat(bench.view().lastEvents())
        .extracting(event -> event.eventId())
        .containsExactly("r-1.1", "r-1.2", "r-1.3", "r-1.4", "r-2.1", "r-2.2", "r-2.3", "r-2.4");
    sleepAndWake();
    assertThat(bench.run("r-1").status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(bench.run("r-2").status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void aKeyIsStillOneRunAfterASleep() throws Exception {
    Key key = new Key("k1", "body");
    wholeRun("r-1", key);
    sleepAndWake();
    assertThat(bench.start("r-2", Given.ASK, OnBusy.REJECT, key))
        .isEqualTo(new SessionReply.Accepted("r-1", "accepted"));
    assertThat(bench.start("r-3", Given.ASK, OnBusy.REJECT, new Key("k1", "other")))
        .isEqualTo(new SessionReply.KeyReused());
    bench.assertNothingSent();
  }

  @Test
  void anIdThatACallerChoseIsItsSessionsAsLongAsThatIsKept() throws Exception {
    String id = RunSpec.claim(null, "r-1");
    Key key = new Key(id, "body", true);
    wholeRun("r-1", key);
    sleepAndWake();
    assertThat(bench.start("r-1", Given.ASK, OnBusy.REJECT, key))
        .isEqualTo(new SessionReply.Accepted("r-1", "accepted"));
    wholeRun("r-2", null);
    fallAsleep();
    assertThat(bench.store.isTaken(id)).isTrue();
    bench.passBlindly(TTL);
    assertThat(bench.store.forgetUnused(TTL).toCompletableFuture().join())
        .containsExactly(Given.SESSION);
    assertThat(bench.store.isTaken(id)).isFalse();
  }

  @Test
  void aCancelledRunSaysSoAfterASleepToo() throws Exception {
    bench.start("r-1");
    bench.tools.next();
    bench.cancel("r-1");
    bench.assertSent("intent_determined", "start_retrieval", "cancelled");
    sleepAndWake();
    assertThat(bench.cancel(null)).isEqualTo(new SessionReply.Cancelled("r-1"));
    assertThat(bench.run("r-1").error()).isEqualTo("cancelled: requested");
  }

  @Test
  void aSessionThatHasSomethingToDoStaysAwake() throws Exception {
    bench.start("r-1");
    bench.pass(SLEEP_AFTER.multipliedBy(2));
    bench.assertStays();
    bench.tools.next().succeed();
    bench.pass(SLEEP_AFTER.minusMillis(1));
    bench.assertStays();
    fallAsleep();
  }

  @Test
  void aSessionThatHasSomethingToDeliverStaysAwake() throws Exception {
    bench.webUiAnswers(Outcome.UNREACHABLE);
    bench.start("r-1");
    bench.tools.next().succeed();
    bench.pass(SLEEP_AFTER.multipliedBy(3));
    bench.assertStays();
    bench.webUiAnswers(Outcome.DELIVERED);
    bench.pass(RETRY);
    while (!bench.sent().step().equals("final_answer")) {
      assertThat(bench.nextLife).isEmpty();
    }
    fallAsleep();
    bench.liveAgain();
    assertThat(bench.view().lastEvents()).hasSize(4);
    bench.assertNothingSent();
  }

  @Test
  void aSessionThatCannotBeWrittenToSleepStaysUntilItCan() throws Exception {
    wholeRun("r-1", null);
    bench.settle();
    bench.store.away(true);
    bench.passBlindly(SLEEP_AFTER);
    bench.settle();
    bench.store.away(false);
    bench.passBlindly(Duration.ofSeconds(1));
    assertThat(bench.read()).isInstanceOf(SessionReply.Session.class);
    bench.assertStays();

    fallAsleep();
    assertThat(bench.store.size()).isEqualTo(1);
    bench.liveAgain();
    assertThat(bench.run("r-1").status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void aSessionThatIsUsedBeforeItsForgettingIsTriedAgainIsNotForgotten() throws Exception {
    awakeWhenTheTtlIsAlmostOver();
    bench.store.away(true);
    bench.pass(ALMOST);
    bench.assertStays();
    bench.store.away(false);
    wholeRun("r-2", null);
    bench.start("r-3");
    bench.pass(ALMOST);
    assertStaysWith("r-2", RunStatus.SUCCEEDED);
    assertStaysWith("r-3", RunStatus.RUNNING);
    bench.tools.next().succeed();
  }

  @Test
  void aSessionThatCouldNotBeForgottenIsForgottenLater() throws Exception {
    awakeWhenTheTtlIsAlmostOver();
    bench.store.away(true);
    bench.pass(ALMOST);
    bench.store.away(false);
    bench.passBlindly(ALMOST);
    bench.assertAsksToLeave();
    assertThat(bench.store.size()).isZero();
  }

  /// Its time ends while that is recorded, and the message of it waits.
  @Test
  void aSessionThatIsAskedAtTheEndOfItsTimeIsNotForgotten() throws Exception {
    awakeWhenTheTtlIsAlmostOver();
    TestProbe<SessionReply> client = KIT.createTestProbe();
    hold(new SessionProtocol.Start(Given.start("r-2", OnBusy.REJECT, Turn.LATER), client.getRef()));
    client.expectMessage(PATIENCE, new SessionReply.Accepted("r-2", "accepted"));
    bench.pass(ALMOST);
    assertStaysWith("r-2", RunStatus.RUNNING);
    bench.tools.next().succeed();
  }

  @Test
  void aSessionThatIsNamedAtTheEndOfItsTimeIsNotForgotten() throws Exception {
    awakeWhenTheTtlIsAlmostOver();
    TestProbe<SessionReply> client = KIT.createTestProbe();
    hold(new SessionProtocol.Ask(new SessionCommand.Name("of use"), client.getRef()));
    client.expectMessage(PATIENCE, new SessionReply.Named("of use"));
    bench.pass(ALMOST);
    assertStaysWith("r-1", RunStatus.SUCCEEDED);
  }

  /// The store has it after the end of the session's time.
  private void hold(SessionProtocol.Command command) {
    CompletableFuture<Void> recorded = new CompletableFuture<>();
    bench.store.holdUntil(recorded);
    bench.session.tell(command);
    bench.pass(ALMOST);
    recorded.complete(null);
  }

  private void assertStaysWith(String runId, RunStatus status) throws InterruptedException {
    assertThat(bench.run(runId).status()).isEqualTo(status);
    bench.assertStays();
    assertThat(bench.store.size()).isEqualTo(1);
  }

  private void awakeWhenTheTtlIsAlmostOver() throws InterruptedException {
    wholeRun("r-1", null);
    fallAsleep();
    bench.passBlindly(TTL.minus(SLEEP_AFTER).minus(ALMOST));
    bench.liveAgain();
    bench.settle();
  }

  @Test
  void aSessionThatIsWokenWhileTheStoreIsAwayIsReadSoonAfterItIsBack() throws Exception {
    goneInMidRun();
    wokenWhileTheStoreIsAway();
    for (int i = 0; i < 3; i++) {
      bench.passBlindly(AgentSession.READ_AGAIN);
      assertThat(bench.read()).isEqualTo(new SessionReply.NotStored(false));
    }
    bench.assertStays();
    bench.store.away(false);
    bench.passBlindly(AgentSession.READ_AGAIN);
    bench.tools.next().succeed();
    while (!bench.sent().step().equals("final_answer")) {
      bench.assertStays();
    }
  }

  @Test
  void aSessionThatNobodyHasWokenIsNotReadAgain() throws Exception {
    wholeRun("r-1", null);
    fallAsleep();
    bench.store.away(true);
    bench.liveAgain();
    bench.assertAsksToLeave();
    bench.store.away(false);
  }

  @Test
  void aSessionWhoseShardMovesGoesOnWhereItMovesTo() throws Exception {
    goneInMidRun();
    wokenWhileTheStoreIsAway();
    bench.stop();
    assertThat(bench.nextLife).as("not read yet").containsExactly(SessionProtocol.Wake.INSTANCE);
    bench.store.away(false);
    bench.liveAgain();
    bench.tools.next().succeed();
    bench.settle();
    bench.stop();
    assertThat(bench.nextLife).as("nothing to do").isEmpty();
  }

  private void wokenWhileTheStoreIsAway() {
    bench.store.away(true);
    CompletableFuture<Void> asked = new CompletableFuture<>();
    bench.store.holdUntil(asked);
    bench.liveAgain();
    asked.complete(null);
    assertThat(bench.read()).isEqualTo(new SessionReply.NotStored(false));
  }

  /// Its process goes on without it, as after its shard has moved; it is to be woken.
  private void goneInMidRun() throws InterruptedException {
    bench.start("r-1");
    bench.tools.next();
    bench.settle();
    bench.stop();
    assertThat(bench.nextLife).containsExactly(SessionProtocol.Wake.INSTANCE);
  }

  @Test
  void theTtlGoesOnWhileItSleeps() throws Exception {
    wholeRun("r-1", null);
    fallAsleep();
    bench.passBlindly(TTL.minus(SLEEP_AFTER).minusMillis(1));
    assertThat(bench.store.size()).isEqualTo(1);
    assertThat(bench.store.forgetUnused(TTL).toCompletableFuture().join()).isEmpty();
    bench.passBlindly(Duration.ofMillis(1));
    assertThat(bench.store.forgetUnused(TTL).toCompletableFuture().join()).hasSize(1);
    bench.liveAgain();
    assertThat(bench.read()).isEqualTo(new SessionReply.UnknownSession());
    assertThat(bench.store.size()).isZero();
  }

  @Test
  void aSessionThatWokeIsForgottenWhenItWouldHaveBeen() throws Exception {
    wholeRun("r-1", null);
    fallAsleep();
    bench.passBlindly(TTL.minus(SLEEP_AFTER).minusSeconds(5));
    bench.liveAgain();
    assertThat(bench.read()).isInstanceOf(SessionReply.Session.class);
    bench.pass(Duration.ofMillis(4_999));
    // Reading does not count as activity.
    assertThat(bench.read()).isInstanceOf(SessionReply.Session.class);
    bench.assertStays();
    bench.passBlindly(Duration.ofMillis(1));
    bench.assertAsksToLeave();
    assertThat(bench.store.size()).isZero();
  }

  @Test
  void aRunAfterASleepStartsTheTtlAnew() throws Exception {
    wholeRun("r-1", null);
    fallAsleep();
    bench.passBlindly(TTL.minus(SLEEP_AFTER).minusMillis(1));
    bench.liveAgain();
    wholeRun("r-2", null);
    fallAsleep();
    bench.passBlindly(TTL.minus(SLEEP_AFTER).minusMillis(1));
    bench.liveAgain();
    assertThat(bench.run("r-2").status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void aSessionThatSleepsMayBeDeleted() throws Exception {
    wholeRun("r-1", null);
    sleepAndWake();
    assertThat(bench.delete()).isEqualTo(new SessionReply.Deleted());
    assertThat(bench.store.size()).isZero();
    bench.assertAsksToLeave();
    bench.stop();
    bench.liveAgain();
    assertThat(bench.read()).isEqualTo(new SessionReply.UnknownSession());
  }

  @Test
  void whatComesWhileASessionFallsAsleepWakesIt() throws Exception {
    wholeRun("r-1", null);
    bench.settle();
    bench.passBlindly(SLEEP_AFTER);
    bench.assertAsksToLeave();
    TestProbe<SessionReply> probe = KIT.createTestProbe();
    bench.session.tell(
        new SessionProtocol.Start(Given.start("r-2", OnBusy.REJECT, Turn.LATER), probe.getRef()));
    TestProbe<SessionReply> reader = KIT.createTestProbe();
    bench.session.tell(new SessionProtocol.Query(new SessionQuery.ReadRun("r-1"), reader.getRef()));
    bench.stop();
    probe.expectNoMessage(Duration.ofMillis(10));
    bench.liveAgain();
    assertThat(probe.receiveMessage(PATIENCE))
        .isEqualTo(new SessionReply.Accepted("r-2", "accepted"));
    assertThat(reader.receiveMessage(PATIENCE)).isInstanceOf(SessionReply.OneRun.class);
    bench.assertSent("intent_determined", "start_retrieval");
    bench.tools.next().succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  @Test
  void aSessionThatOnlyWaitsForAPersonSleepsUntilTheTimeToAnswerIsNear() throws Exception {
    bench.start("r-1");
    bench.tools.next().end(new ToolResult.Asks(List.of(QUESTION)));
    bench.assertSent("intent_determined", "start_retrieval", "input_required");
    bench.settle();
    assertThat(toDo()).as("while it is awake").containsExactly(Given.SESSION);
    fallAsleep();
    assertThat(toDo()).isEmpty();
    assertThat(bench.store.waiting(bench.now()).toCompletableFuture().join()).isEqualTo(1);
    bench.passBlindly(TTL);
    assertThat(bench.store.forgetUnused(TTL).toCompletableFuture().join()).isEmpty();
    bench.passBlindly(Given.ANSWER_TIME.minus(TTL).minus(SLEEP_AFTER).minus(Waker.EVERY));
    bench.passBlindly(Duration.ofSeconds(5));
    assertThat(toDo()).containsExactly(Given.SESSION);
    bench.liveAgain();
    bench.session.tell(SessionProtocol.Wake.INSTANCE);
    bench.pass(SLEEP_AFTER);
    bench.assertStays();
    bench.pass(Waker.EVERY.minus(SLEEP_AFTER).minusSeconds(5).minusMillis(1));
    bench.assertNothingSent();
    bench.pass(Duration.ofMillis(1));
    bench.assertSent("final_answer");
    assertThat(bench.run("r-1").error()).contains("Nobody answered");
    fallAsleep();
    assertThat(bench.store.waiting(bench.now()).toCompletableFuture().join()).isZero();
  }

  @Test
  void aSessionThatWasAnsweredInItsSleepHasSomethingToDo() throws Exception {
    bench.start("r-1");
    bench.tools.next().end(new ToolResult.Asks(List.of(QUESTION)));
    bench.assertSent("intent_determined", "start_retrieval", "input_required");
    fallAsleep();
    bench.liveAgain();
    assertThat(bench.answer("r-1", "r-1.input.1"))
        .isEqualTo(new SessionReply.Answered("r-1", "r-1.input.1", false));
    assertThat(bench.tools.next().what().arguments())
        .isEqualTo(
            RemoteAnswer.arguments(List.of(new RemoteAnswer("theirs", true, QUESTION.value()))));
    assertThat(toDo()).containsExactly(Given.SESSION);
    bench.assertSent("input_received");
  }

  private List<String> toDo() {
    return bench
        .store
        .open(null, bench.now().plus(Waker.EVERY), 64)
        .toCompletableFuture()
        .join()
        .stream()
        .map(SessionStore.OpenSession::sessionId)
        .toList();
  }

  private void wholeRun(String runId, @Nullable Key key) throws InterruptedException {
    assertThat(bench.start(runId, Given.ASK, OnBusy.REJECT, key))
        .isEqualTo(new SessionReply.Accepted(runId, "accepted"));
    bench.assertSent("intent_determined", "start_retrieval");
    bench.tools.next().succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  private void sleepAndWake() {
    fallAsleep();
    bench.liveAgain();
  }

  private void fallAsleep() {
    bench.settle();
    bench.passBlindly(SLEEP_AFTER);
    bench.assertAsksToLeave();
    bench.stop();
    assertThat(bench.nextLife).isEmpty();
  }
}
