package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.SimulatedTools.Call;
import dev.agentrooms.agent.session.SessionCommand;
import dev.agentrooms.agent.session.SessionCommand.Key;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.SessionView;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.ToolResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The session actor: its runs, its tools and its timers, under manual time.
@Tag("unit")
class AgentSessionTest {

  static final Config CONFIG =
      ConfigFactory.parseString(
              "pekko.actor.provider = local, pekko.stdout-loglevel = OFF, pekko.loglevel = ERROR")
          .withFallback(ManualTime.config());

  private static final ActorTestKit KIT = ActorTestKit.create("AgentSessionTest", CONFIG);

  private static final Duration TIMEOUT = Given.tools().get("rag_answer").timeout();
  private static final Duration RETRY_DELAY = Given.tools().get("rag_answer").retry().delay();
  private static final Duration CANCEL_TIMEOUT = Given.settings().tools().cancelTimeout();
  private static final Duration TTL = Given.settings().session().ttl();

  private final RunSlots slots = new RunSlots(2, 2, 2);
  private final SessionBench bench = new SessionBench(KIT, slots);
  private final SimulatedTools tools = bench.tools;

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @AfterEach
  void leaveNothingBehind() {
    bench.stop();
    assertThat(slots.running()).isZero();
    assertThat(slots.waiting()).isZero();
  }

  @Test
  void aQuizGoesThroughItsToolsInOrder() throws Exception {
    assertThat(bench.start("r-1", Given.QUIZ, OnBusy.REJECT, null))
        .isEqualTo(new SessionReply.Accepted("r-1", "accepted"));
    bench.assertSent("intent_determined", "start_retrieval");
    Call search = tools.next();
    assertThat(search.what().tool().name()).isEqualTo("rag_search");
    assertThat(search.what().sessionId()).isEqualTo(Given.SESSION);
    assertThat(search.what().runId()).isEqualTo("r-1");
    assertThat(bench.view().status()).isEqualTo(SessionView.Status.RUNNING);
    search.succeed();
    bench.assertSent("retrieval_done", "start_generate_exam");
    Call generate = tools.next();
    assertThat(generate.what().tool().name()).isEqualTo("generate_exam");
    assertThat(generate.what().traceparent()).isNotEqualTo(search.what().traceparent());
    generate.succeed();
    bench.assertSent("generate_done", "final_answer");
    bench.assertNothingSent();
    SessionView idle = bench.view();
    assertThat(idle.status()).isEqualTo(SessionView.Status.IDLE);
    assertThat(idle.run()).isNull();
    assertThat(idle.lastEvents()).hasSize(6);
    assertThat(bench.run("r-1").result()).isEqualTo(Given.answer("generate_exam"));
    assertThat(slots.running()).isZero();
  }

  @Test
  void lateAnswerIsIgnoredAfterCancel() throws Exception {
    tools.ignoreAborts();
    Call call = startAndCall("r-1");
    assertThat(bench.cancel("r-1")).isEqualTo(new SessionReply.Cancelling("r-1"));
    assertThat(call.cancels()).isEqualTo(1);
    bench.pass(CANCEL_TIMEOUT);
    bench.assertSent("cancelled");
    call.succeed();
    bench.assertNothingSent();
    assertThat(bench.run("r-1").status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(bench.run("r-1").result()).isNull();
  }

  @Test
  void cancelAbortsTheToolAndEndsWhenItHasLetGo() throws Exception {
    tools.ignoreAborts();
    Call call = startAndCall("r-1");
    bench.cancel(null);
    assertThat(bench.view().status()).isEqualTo(SessionView.Status.CANCELLING);
    bench.assertNothingSent();
    call.end(new ToolResult.Stopped());
    ProgressEvent cancelled = bench.sent();
    assertThat(cancelled.step()).isEqualTo("cancelled");
    assertThat(Objects.requireNonNull(cancelled.meta()).has("abandoned_tool")).isFalse();
    bench.pass(CANCEL_TIMEOUT.multipliedBy(2));
    bench.assertNothingSent();
  }

  @Test
  void anAnswerThatWinsAgainstTheCancelDoesNotCount() throws Exception {
    tools.ignoreAborts();
    Call call = startAndCall("r-1");
    bench.cancel("r-1");
    call.succeed();
    bench.assertSent("cancelled");
    bench.assertNothingSent();
  }

  @Test
  void aToolThatIgnoresTheAbortIsAbandonedAndNamed() throws Exception {
    tools.ignoreAborts();
    startAndCall("r-1");
    bench.cancel("r-1");
    bench.pass(CANCEL_TIMEOUT.minusMillis(1));
    bench.assertNothingSent();
    bench.pass(Duration.ofMillis(1));
    ProgressEvent cancelled = bench.sent();
    assertThat(cancelled.step()).isEqualTo("cancelled");
    assertThat(Objects.requireNonNull(cancelled.meta()).path("abandoned_tool").asText())
        .isEqualTo("rag_answer");
    assertThat(bench.start("r-2")).isEqualTo(new SessionReply.Accepted("r-2", "accepted"));
    bench.assertSent("intent_determined", "start_retrieval");
    tools.next().succeed();
  }

  @Test
  void whatIsLeftOfAnAbandonedRunDoesNotTouchTheNext() throws Exception {
    tools.ignoreAborts();
    Call abandoned = startAndCall("r-1");
    bench.cancel("r-1");
    bench.pass(CANCEL_TIMEOUT);
    bench.assertSent("cancelled");
    Call next = startAndCall("r-2");
    abandoned.end(Given.status(503));
    bench.pass(CANCEL_TIMEOUT);
    bench.assertNothingSent();
    next.succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  @Test
  void aTimeoutAbortsTheAttemptAndIsAToolError() throws Exception {
    Call call = startAndCall("r-1");
    bench.pass(TIMEOUT.minusMillis(1));
    assertThat(call.cancels()).isZero();
    bench.assertNothingSent();
    bench.pass(Duration.ofMillis(1));
    assertThat(call.cancels()).isEqualTo(1);
    ProgressEvent error = bench.sent();
    assertThat(error.step()).isEqualTo("tool_error");
    assertThat(Objects.requireNonNull(error.meta()).path("reason").asText()).isEqualTo("timeout");
    bench.assertSent("final_answer");
    call.succeed();
    bench.assertNothingSent();
    assertThat(bench.run("r-1").status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void eachAttemptHasItsWholeTimeout() throws Exception {
    Call first = startAndCall("r-1");
    bench.pass(TIMEOUT.minusMillis(1));
    first.end(Given.status(503));
    bench.assertSent("tool_retry");
    bench.pass(RETRY_DELAY);
    Call second = tools.next();
    assertThat(second.what().name()).isEqualTo(first.what().name()).isEqualTo("r-1.retrieval.1");
    bench.pass(TIMEOUT.minusMillis(1));
    assertThat(second.cancels()).isZero();
    second.succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  @Test
  void aToolWhoseTimeIsOverIsShownAsFarAsItHadWritten() throws Exception {
    Call call = startAndCall("r-1");
    call.write("Half an answer");
    bench.pass(TIMEOUT);
    assertThat(call.cancels()).isEqualTo(1);
    ProgressEvent error = bench.sent();
    assertThat(error.step()).isEqualTo("tool_error");
    assertThat(Objects.requireNonNull(error.meta()).path("reason").asText()).isEqualTo("timeout");
    assertThat(error.meta().path("partial_text").asText()).isEqualTo("Half an answer");
    bench.assertSent("final_answer");
  }

  @Test
  void whatAToolWroteBeforeItAskedStandsWithTheQuestion() throws Exception {
    Call call = startAndCall("r-1");
    call.write("I would send it.");
    call.end(
        new ToolResult.Asks(List.of(InputRequest.ask("Send it?", null, false, null, List.of()))));
    ProgressEvent asked = bench.sent();
    assertThat(asked.step()).isEqualTo("input_required");
    JsonNode meta = Objects.requireNonNull(asked.meta());
    assertThat(meta.path("part").asText()).isEqualTo("retrieval");
    assertThat(meta.path("text").asText()).isEqualTo("I would send it.");
    assertThat(meta.path("prompt").asText()).isEqualTo("Send it?");
    bench.cancel("r-1");
    bench.assertSent("cancelled");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 429, 503})
  void aToolThatDidNothingIsTriedOnceMoreAfterAWhile(int status) throws Exception {
    ToolResult.Failed failure = status == 0 ? Given.refused() : Given.status(status);
    startAndCall("r-1").end(failure);
    bench.assertSent("tool_retry");
    bench.pass(RETRY_DELAY.minusMillis(1));
    assertThat(tools.isQuiet()).isTrue();
    bench.pass(Duration.ofMillis(1));
    tools.next().end(failure);
    bench.assertSent("tool_error", "final_answer");
    bench.pass(RETRY_DELAY.multipliedBy(3));
    assertThat(tools.isQuiet()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 500, 502, 504})
  void anyOtherFailureIsFinal(int status) throws Exception {
    startAndCall("r-1").end(Given.status(status));
    bench.assertSent("tool_error", "final_answer");
    bench.pass(RETRY_DELAY.multipliedBy(3));
    assertThat(tools.isQuiet()).isTrue();
  }

  @Test
  void cancelStopsTheBackOffToo() throws Exception {
    startAndCall("r-1").end(Given.refused());
    bench.assertSent("tool_retry");
    assertThat(bench.cancel("r-1")).isEqualTo(new SessionReply.Cancelling("r-1"));
    bench.assertSent("cancelled");
    bench.pass(RETRY_DELAY.multipliedBy(3));
    bench.pass(CANCEL_TIMEOUT);
    assertThat(tools.isQuiet()).isTrue();
    bench.assertNothingSent();
    startAndCall("r-2").succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  @Test
  void aToolThatBreaksDownIsAToolError() throws Exception {
    startAndCall("r-1").breakDown(new IllegalStateException("bug"));
    ProgressEvent error = bench.sent();
    assertThat(error.step()).isEqualTo("tool_error");
    assertThat(Objects.requireNonNull(error.meta()).path("reason").asText())
        .isEqualTo("connection_lost");
    bench.assertSent("final_answer");
  }

  @Test
  void aBugEndsItsRunAndNothingElse() throws Exception {
    startAndCall("r-1").end(Given.status(503));
    bench.assertSent("tool_retry");
    tools.broken(true);
    bench.pass(RETRY_DELAY);
    ProgressEvent end = bench.sent();
    assertThat(end.step()).isEqualTo("final_answer");
    assertThat(Objects.requireNonNull(end.meta()).path("status").asText()).isEqualTo("failed");
    assertThat(slots.running()).isZero();
    tools.broken(false);
    startAndCall("r-2").succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  @Test
  void anAnswerThatCouldNotBeWrittenAgainIsInvalid() throws Exception {
    JsonNode deep = Json.mapper().nullNode();
    for (int i = 0; i < 20_000; i++) {
      deep = Json.mapper().createArrayNode().add(deep);
    }
    JsonNode barely = Given.json("[".repeat(100) + "]".repeat(100));
    List<JsonNode> poisons =
        List.of(deep, Json.mapper().createArrayNode().add(barely), TextNode.valueOf("\ud800"));
    for (int i = 0; i < poisons.size(); i++) {
      startAndCall("r-" + i).end(new ToolResult.Succeeded(poisons.get(i)));
      ProgressEvent error = bench.sent();
      assertThat(error.step()).isEqualTo("tool_error");
      assertThat(Objects.requireNonNull(error.meta()).path("reason").asText())
          .isEqualTo("invalid_answer");
      bench.assertSent("final_answer");
      assertThat(Json.encode(bench.view())).isNotEmpty();
      assertThat(bench.run("r-" + i).status()).isEqualTo(RunStatus.FAILED);
    }
    assertThat(slots.running()).isZero();
  }

  @Test
  void whatAToolSaysOfAFailureOrAsksIsKeptAsFarAsItCanBeWritten() throws Exception {
    Map<ToolResult, String> results =
        Map.of(
            new ToolResult.Failed(ToolResult.Reason.REMOTE_FAILED, null, "Half \ud83c"),
            "remote_failed",
            new ToolResult.Asks(
                List.of(InputRequest.ask("Half \ud83c?", null, false, null, List.of()))),
            "invalid_answer",
            new ToolResult.Asks(
                List.of(
                    InputRequest.ask("Yes?", TextNode.valueOf("\udf3f"), false, null, List.of()))),
            "invalid_answer");
    int number = 0;
    for (Map.Entry<ToolResult, String> result : results.entrySet()) {
      startAndCall("r-" + ++number).end(result.getKey());
      ProgressEvent error = bench.sent();
      assertThat(error.step()).isEqualTo("tool_error");
      assertThat(Objects.requireNonNull(error.meta()).path("reason").asText())
          .isEqualTo(result.getValue());
      bench.assertSent("final_answer");
      assertThat(Json.encode(bench.view())).isNotEmpty();
    }
  }

  static List<Throwable> bugs() {
    return List.of(
        new IllegalStateException("bug"), new StackOverflowError(), new NoClassDefFoundError("X"));
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void aStartThatFailsIsAnsweredAtOnceAndAffectsNoOther(Throwable bug) throws Exception {
    bench.bug(bug);
    assertThat(bench.start("r-1")).isInstanceOf(SessionReply.Broken.class);
    ProgressEvent end = bench.sent();
    assertThat(end.runId()).isEqualTo("r-1");
    assertThat(Objects.requireNonNull(end.meta()).path("status").asText()).isEqualTo("failed");
    bench.settle();
    assertThat(slots.running()).isZero();
    startAndCall("r-2").succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void aStartThatFailsLeavesTheRunAheadOfItAlone(Throwable bug) throws Exception {
    Call call = startAndCall("r-1");
    bench.bug(bug);
    assertThat(bench.start("r-2", OnBusy.ENQUEUE)).isInstanceOf(SessionReply.Broken.class);
    ProgressEvent end = bench.sent();
    assertThat(end.runId()).isEqualTo("r-2");
    assertThat(end.step()).isEqualTo("cancelled");
    bench.settle();
    assertThat(slots.waiting()).isZero();
    call.succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  @Test
  void aSessionThatFailsIsNoOthersConcern() throws Exception {
    SessionBench other = new SessionBench(KIT, slots);
    startAndCall("r-1");
    other.bug(new IllegalStateException("bug"));
    assertThat(other.start("x-1")).isInstanceOf(SessionReply.Broken.class);
    other.assertSent("final_answer");
    other.settle();
    assertThat(bench.view().status()).isEqualTo(SessionView.Status.RUNNING);
    assertThat(slots.running()).isEqualTo(1);
  }

  @Test
  void everyRunIsCancelledWhenTheNodeGoesDown() throws Exception {
    Call call = startAndCall("r-1");
    bench.start("r-2", OnBusy.ENQUEUE);
    bench.assertSent("queued");
    bench.cancelAll("shutdown");
    ProgressEvent waiting = bench.sent();
    assertThat(waiting.runId()).isEqualTo("r-2");
    assertThat(Objects.requireNonNull(waiting.meta()).path("reason").asText())
        .isEqualTo("shutdown");
    bench.assertSent("cancelled");
    assertThat(call.cancels()).isEqualTo(1);
    assertThat(bench.view().status()).isEqualTo(SessionView.Status.IDLE);
  }

  @Test
  void aCancelIsAnsweredByWhatThereIs() throws Exception {
    tools.ignoreAborts();
    Call call = startAndCall("r-1");
    assertThat(bench.cancel("r-9")).isEqualTo(new SessionReply.UnknownRun("r-9"));
    assertThat(bench.cancel(null)).isEqualTo(new SessionReply.Cancelling("r-1"));
    assertThat(bench.cancel("r-1")).isEqualTo(new SessionReply.Cancelling("r-1"));
    assertThat(call.cancels()).isEqualTo(1);
    call.end(new ToolResult.Stopped());
    assertThat(bench.cancel("r-1")).isEqualTo(new SessionReply.Cancelled("r-1"));
    assertThat(bench.cancel(null)).isEqualTo(new SessionReply.Cancelled("r-1"));
    bench.assertSent("cancelled");
    startAndCall("r-2").succeed();
    bench.assertSent("retrieval_done", "final_answer");
    assertThat(bench.cancel("r-2")).isInstanceOf(SessionReply.NothingToCancel.class);
    assertThat(bench.cancel(null)).isInstanceOf(SessionReply.NothingToCancel.class);
    bench.assertNothingSent();
  }

  @Test
  void aBusySessionRefusesAnotherRunAndGoesOn() throws Exception {
    Call call = startAndCall("r-1");
    assertThat(bench.start("r-2")).isEqualTo(new SessionReply.Busy("r-1", false));
    bench.assertNothingSent();
    assertThat(bench.read()).isInstanceOf(SessionReply.Session.class);
    call.succeed();
    bench.assertSent("retrieval_done", "final_answer");
    assertThat(bench.cancel("r-2")).isEqualTo(new SessionReply.UnknownRun("r-2"));
  }

  @Test
  void enqueuedRunsFollowOneAnother() throws Exception {
    Call first = startAndCall("r-1");
    assertThat(bench.start("r-2", OnBusy.ENQUEUE))
        .isEqualTo(new SessionReply.Accepted("r-2", "queued"));
    assertThat(bench.start("r-3", OnBusy.ENQUEUE))
        .isEqualTo(new SessionReply.Accepted("r-3", "queued"));
    assertThat(bench.start("r-4", OnBusy.ENQUEUE)).isEqualTo(new SessionReply.QueueFull(false));
    bench.assertSent("queued", "queued");
    assertThat(bench.view().queued()).isEqualTo(2);
    assertThat(tools.isQuiet()).isTrue();
    first.succeed();
    bench.assertSent("retrieval_done", "final_answer", "intent_determined", "start_retrieval");
    Call second = tools.next();
    assertThat(second.what().runId()).isEqualTo("r-2");
    bench.cancel("r-3");
    bench.assertSent("cancelled");
    second.succeed();
    bench.assertSent("retrieval_done", "final_answer");
    bench.assertNothingSent();
    assertThat(tools.isQuiet()).isTrue();
  }

  @Test
  void anInterruptStartsOnceTheOldRunHasEnded() throws Exception {
    tools.ignoreAborts();
    Call old = startAndCall("r-1");
    bench.start("r-2", OnBusy.ENQUEUE);
    bench.assertSent("queued");
    assertThat(bench.start("r-3", OnBusy.INTERRUPT))
        .isEqualTo(new SessionReply.Accepted("r-3", "queued"));
    bench.assertSent("cancelled", "queued");
    assertThat(old.cancels()).isEqualTo(1);
    assertThat(tools.isQuiet()).isTrue();
    old.end(new ToolResult.Stopped());
    bench.assertSent("cancelled", "intent_determined", "start_retrieval");
    Call next = tools.next();
    assertThat(next.what().runId()).isEqualTo("r-3");
    next.succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  @Test
  void theLastOfManyInterruptsWins() throws Exception {
    tools.ignoreAborts();
    Call old = startAndCall("r-1");
    for (int i = 2; i <= 9; i++) {
      assertThat(bench.start("r-" + i, OnBusy.INTERRUPT))
          .isEqualTo(new SessionReply.Accepted("r-" + i, "queued"));
    }
    old.end(new ToolResult.Stopped());
    Call next = tools.next();
    assertThat(next.what().runId()).isEqualTo("r-9");
    next.succeed();
    bench.settle();
    for (int i = 1; i <= 8; i++) {
      assertThat(bench.run("r-" + i).status()).isEqualTo(RunStatus.CANCELLED);
    }
    assertThat(bench.run("r-9").status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void anInterruptOfARunInItsBackOffStartsAtOnce() throws Exception {
    startAndCall("r-1").end(Given.refused());
    bench.assertSent("tool_retry");
    bench.start("r-2", OnBusy.INTERRUPT);
    bench.assertSent("cancelled", "queued", "intent_determined", "start_retrieval");
    Call next = tools.next();
    assertThat(next.what().runId()).isEqualTo("r-2");
    next.succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  @Test
  void anInterruptOfARunThatWaitsForASlotTakesItsPlace() throws Exception {
    slots.enter("elsewhere-1", null, () -> {});
    slots.enter("elsewhere-2", null, () -> {});
    assertThat(bench.start("r-1")).isEqualTo(new SessionReply.Accepted("r-1", "queued"));
    bench.start("r-2", OnBusy.INTERRUPT);
    bench.assertSent("queued", "cancelled", "queued");
    slots.leave("elsewhere-1");
    bench.assertSent("intent_determined", "start_retrieval");
    tools.next().succeed();
    bench.assertSent("retrieval_done", "final_answer");
    slots.leave("elsewhere-2");
  }

  @Test
  void aRunWaitsForASlotAndIsToldSo() throws Exception {
    slots.enter("elsewhere-1", null, () -> {});
    slots.enter("elsewhere-2", null, () -> {});
    assertThat(bench.start("r-1")).isEqualTo(new SessionReply.Accepted("r-1", "queued"));
    bench.assertSent("queued");
    assertThat(bench.run("r-1").status()).isEqualTo(RunStatus.QUEUED);
    slots.leave("elsewhere-2");
    bench.assertSent("intent_determined", "start_retrieval");
    tools.next().succeed();
    bench.assertSent("retrieval_done", "final_answer");
    slots.leave("elsewhere-1");
  }

  @Test
  void aRunThatIsRefusedCreatesNothing() {
    for (String run : new String[] {"a", "b", "c", "d"}) {
      slots.enter(run, null, () -> {});
    }
    assertThat(bench.start("r-1", Given.ASK, OnBusy.REJECT, new Key("k", "b")))
        .isEqualTo(new SessionReply.QueueFull(false));
    bench.assertAsksToLeave();
    assertThat(bench.store.size()).isZero();
    for (String run : new String[] {"a", "b", "c", "d"}) {
      slots.leave(run);
    }
  }

  @Test
  void aKeyIsOneRun() throws Exception {
    Key key = new Key("k1", "body");
    Call call = startAndCall("r-1", key);
    assertThat(bench.start("r-2", Given.ASK, OnBusy.INTERRUPT, key))
        .isEqualTo(new SessionReply.Accepted("r-1", "accepted"));
    assertThat(bench.start("r-3", Given.ASK, OnBusy.REJECT, new Key("k1", "other")))
        .isEqualTo(new SessionReply.KeyReused());
    assertThat(call.cancels()).isZero();
    call.succeed();
    bench.assertSent("retrieval_done", "final_answer");
    assertThat(bench.start("r-4", Given.ASK, OnBusy.REJECT, key))
        .isEqualTo(new SessionReply.Accepted("r-1", "accepted"));
    bench.assertNothingSent();
    assertThat(tools.isQuiet()).isTrue();
  }

  @Test
  void aRefusedRunDoesNotUseItsKeyUp() throws Exception {
    Call call = startAndCall("r-1");
    Key key = new Key("k1", "body");
    assertThat(bench.start("r-2", Given.ASK, OnBusy.REJECT, key))
        .isEqualTo(new SessionReply.Busy("r-1", false));
    call.succeed();
    bench.assertSent("retrieval_done", "final_answer");
    assertThat(bench.start("r-3", Given.ASK, OnBusy.REJECT, key))
        .isEqualTo(new SessionReply.Accepted("r-3", "accepted"));
    tools.next().succeed();
  }

  @Test
  void aWaitingClientIsToldTheEndOnce() throws Exception {
    Call call = startAndCall("r-1");
    var early = bench.await("r-1");
    var another = bench.await("r-1");
    bench.settle();
    early.expectNoMessage(Duration.ofMillis(10));
    call.succeed();
    for (var probe : List.of(early, another, bench.await("r-1"))) {
      SessionReply reply = probe.receiveMessage(Duration.ofSeconds(60));
      assertThat(((SessionReply.OneRun) reply).view().status()).isEqualTo(RunStatus.SUCCEEDED);
    }
    assertThat(bench.await("r-2").receiveMessage(Duration.ofSeconds(60)))
        .isEqualTo(new SessionReply.UnknownRun("r-2"));
    bench.settle();
    early.expectNoMessage(Duration.ofMillis(10));
  }

  @Test
  void aDeletedSessionEndsItsRunsAndIsForgotten() throws Exception {
    tools.ignoreAborts();
    Call call = startAndCall("r-1");
    bench.start("r-2", OnBusy.ENQUEUE);
    bench.assertSent("queued");
    var awaiting = bench.await("r-1");
    assertThat(bench.delete()).isEqualTo(new SessionReply.Deleted());
    assertThat(bench.read()).isEqualTo(new SessionReply.UnknownSession());
    assertThat(bench.cancel("r-1")).isEqualTo(new SessionReply.UnknownSession());
    assertThat(bench.delete()).isEqualTo(new SessionReply.UnknownSession());
    assertThat(bench.store.size()).isZero();
    assertThat(bench.sent().runId()).isEqualTo("r-2");
    assertThat(call.cancels()).isEqualTo(1);
    bench.assertStays();
    call.end(new ToolResult.Stopped());
    ProgressEvent end = bench.sent();
    assertThat(end.step()).isEqualTo("cancelled");
    assertThat(end.runId()).isEqualTo("r-1");
    assertThat(Objects.requireNonNull(end.meta()).path("reason").asText())
        .isEqualTo("session_deleted");
    assertThat(awaiting.receiveMessage(Duration.ofSeconds(60)))
        .isEqualTo(new SessionReply.UnknownSession());
    bench.assertAsksToLeave();
  }

  @Test
  void aDeletedSessionMayBeginAnewBeforeItsToolHasLetGo() throws Exception {
    tools.ignoreAborts();
    Call old = startAndCall("r-1");
    bench.delete();
    assertThat(bench.start("r-2")).isEqualTo(new SessionReply.Accepted("r-2", "queued"));
    SessionView view = bench.view();
    assertThat(Objects.requireNonNull(view.run()).runId()).isEqualTo("r-2");
    assertThat(bench.cancel("r-1")).isEqualTo(new SessionReply.UnknownRun("r-1"));
    old.end(new ToolResult.Stopped());
    Call next = tools.next();
    assertThat(next.what().runId()).isEqualTo("r-2");
    bench.assertSent("queued", "cancelled", "intent_determined", "start_retrieval");
    next.succeed();
    bench.assertSent("retrieval_done", "final_answer");
    view = bench.view();
    assertThat(view.lastEvents()).allMatch(event -> "r-2".equals(event.runId()));
    assertThat(Objects.requireNonNull(view.lastRun()).runId()).isEqualTo("r-2");
    bench.assertStays();
  }

  @Test
  void anIdleSessionAsksToLeaveAfterItsTtl() throws Exception {
    startAndCall("r-1").succeed();
    bench.assertSent("retrieval_done", "final_answer");
    bench.pass(TTL.minusMillis(1));
    // Reading is no activity.
    assertThat(bench.read()).isInstanceOf(SessionReply.Session.class);
    bench.assertStays();
    bench.passBlindly(Duration.ofMillis(1));
    bench.assertAsksToLeave();
    assertThat(bench.store.size()).isZero();
  }

  @Test
  void aRunThatComesWhileTheSessionLeavesBelongsToItsNextLife() throws Exception {
    startAndCall("r-1").succeed();
    bench.assertSent("retrieval_done", "final_answer");
    bench.settle();
    bench.passBlindly(TTL);
    bench.assertAsksToLeave();
    var probe = KIT.<SessionReply>createTestProbe();
    var run =
        new SessionProtocol.Start(
            Given.start("r-2", OnBusy.REJECT, SessionCommand.Turn.LATER), probe.getRef());
    var await = new SessionProtocol.Await("r-2", probe.getRef());
    bench.session.tell(run);
    bench.session.tell(await);
    bench.session.tell(SessionProtocol.Stop.INSTANCE);
    KIT.createTestProbe().expectTerminated(bench.session, Duration.ofSeconds(60));
    assertThat(bench.nextLife).containsExactly(run, await);
    assertThat(tools.isQuiet()).isTrue();
  }

  @Test
  void activityStartsTheTtlAnew() throws Exception {
    startAndCall("r-1").succeed();
    bench.assertSent("retrieval_done", "final_answer");
    bench.pass(TTL.minusMillis(1));
    Call call = startAndCall("r-2");
    call.succeed();
    bench.assertSent("retrieval_done", "final_answer");
    bench.pass(TTL.minusMillis(1));
    bench.assertStays();
  }

  @Test
  void aRunHoldsItsSessionHoweverLongItTakes() throws Exception {
    slots.enter("elsewhere-1", null, () -> {});
    slots.enter("elsewhere-2", null, () -> {});
    bench.start("r-1");
    bench.pass(TTL.multipliedBy(3));
    bench.assertStays();
    bench.cancel("r-1");
    slots.leave("elsewhere-1");
    slots.leave("elsewhere-2");
  }

  @Test
  void aSessionThatNeverWasLeavesAtOnce() {
    assertThat(bench.read()).isEqualTo(new SessionReply.UnknownSession());
    bench.assertAsksToLeave();
  }

  @Test
  void aSessionThatIsStoppedInMidRunAbortsItsToolAndFreesItsSlot() throws Exception {
    Call call = startAndCall("r-1");
    bench.start("r-2", OnBusy.ENQUEUE);
    bench.stop();
    assertThat(call.cancels()).isEqualTo(1);
    assertThat(slots.running()).isZero();
    assertThat(slots.waiting()).isZero();
  }

  @Test
  void onlyTheLatestEventsAreShown() throws Exception {
    for (int i = 0; i < 20; i++) {
      startAndCall("r-" + i).succeed();
      bench.assertSent("retrieval_done", "final_answer");
    }
    List<String> shown = new ArrayList<>();
    bench.view().lastEvents().forEach(event -> shown.add(event.eventId()));
    assertThat(shown).hasSize(50).startsWith("r-7.3", "r-7.4", "r-8.1").endsWith("r-19.4");
  }

  @Test
  void deliveryDoesNotHoldARunUp() throws Exception {
    bench.webUiAnswers(Outcome.UNREACHABLE);
    assertThat(bench.start("r-1")).isEqualTo(new SessionReply.Accepted("r-1", "accepted"));
    tools.next().succeed();
    bench.settle();
    assertThat(bench.run("r-1").status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(bench.view().lastEvents()).hasSize(4);
  }

  private Call startAndCall(String runId) throws InterruptedException {
    return startAndCall(runId, null);
  }

  private Call startAndCall(String runId, @org.jspecify.annotations.Nullable Key key)
      throws InterruptedException {
    assertThat(bench.start(runId, Given.ASK, OnBusy.REJECT, key))
        .isEqualTo(new SessionReply.Accepted(runId, "accepted"));
    bench.assertSent("intent_determined", "start_retrieval");
    return tools.next();
  }
}
