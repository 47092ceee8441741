package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.agent.session.SessionReply;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.OnBusy;
import dev.agentrooms.protocol.ProgressEvent;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A session's progress while the web UI is down, under manual time.
@Tag("unit")
class SessionDeliveryTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create("SessionDeliveryTest", AgentSessionTest.CONFIG);

  private static final Duration RETRY = Given.settings().progress().retryDelay();
  private static final Duration TTL = Given.settings().session().ttl();
  private static final Duration OUTBOX_TTL = Given.settings().progress().outboxTtl();

  // Behind the ttl: a timer that is set while others fire would get the time of any of these.
  private static final Duration LATE_RETRY = TTL.plus(RETRY);

  private SessionBench bench = new SessionBench(KIT);

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @AfterEach
  void stop() {
    bench.stop();
  }

  @Test
  void whatWaitedForTheWebUiFollowsInOrderOnce() throws Exception {
    bench.webUiAnswers(Outcome.UNREACHABLE);
    wholeRun("r-1");
    wholeRun("r-2");
    assertThat(bench.sent().eventId()).isEqualTo("r-1.1");
    bench.assertNothingSent();
    for (int i = 0; i < 3; i++) {
      bench.pass(RETRY);
      assertThat(bench.sent().eventId()).isEqualTo("r-1.1");
    }
    bench.webUiAnswers(Outcome.DELIVERED);
    bench.pass(RETRY);
    assertThat(sent(8))
        .containsExactly("r-1.1", "r-1.2", "r-1.3", "r-1.4", "r-2.1", "r-2.2", "r-2.3", "r-2.4");
    bench.assertNothingSent();
    bench.pass(RETRY.multipliedBy(5));
    bench.assertNothingSent();
  }

  @Test
  void theNextTryComesWithinFiveSeconds() throws Exception {
    bench.webUiAnswers(Outcome.UNREACHABLE);
    wholeRun("r-1");
    bench.sent();
    bench.pass(RETRY.minusMillis(1));
    bench.assertNothingSent();
    bench.pass(Duration.ofMillis(1));
    assertThat(bench.sent().eventId()).isEqualTo("r-1.1");
    assertThat(RETRY).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aRefusedEventIsDroppedAndThoseBehindItGoOn() throws Exception {
    bench.webUiAnswers(Outcome.REFUSED);
    wholeRun("r-1");
    assertThat(sent(4)).containsExactly("r-1.1", "r-1.2", "r-1.3", "r-1.4");
    bench.pass(RETRY);
    bench.assertNothingSent();
  }

  @Test
  void aSinkThatBreaksIsAsGoodAsOneThatCannotBeReached() throws Exception {
    bench.webUiBreaks();
    wholeRun("r-1");
    assertThat(bench.sent().eventId()).isEqualTo("r-1.1");
    bench.assertNothingSent();
    bench.webUiAnswers(Outcome.DELIVERED);
    bench.pass(RETRY);
    assertThat(sent(4)).containsExactly("r-1.1", "r-1.2", "r-1.3", "r-1.4");
  }

  @Test
  void anEventThatCannotBeWrittenIsReplacedByOneThatSaysSo() throws Exception {
    bench.unwritable(event -> event.meta() != null && event.meta().has("result"));
    wholeRun("r-1");
    assertThat(sent(4)).containsExactly("r-1.1", "r-1.2", "r-1.3", "r-1.4");
    ProgressEvent instead = bench.sent();
    assertThat(instead.eventId()).isEqualTo("r-1.4");
    assertThat(instead.step()).isEqualTo("final_answer");
    ObjectNode meta = Objects.requireNonNull(instead.meta());
    assertThat(meta.path("status").asText()).isEqualTo("succeeded");
    assertThat(meta.path("left_out").path(0).asText()).isEqualTo("result");
    assertThat(Json.encode(bench.view())).isNotEmpty();
    wholeRun("r-2");
    assertThat(sent(5)).containsExactly("r-2.1", "r-2.2", "r-2.3", "r-2.4", "r-2.4");
  }

  @Test
  void anEventThatCannotBeWrittenAtAllDoesNotKeepOthersWaiting() throws Exception {
    bench.unwritable(event -> !event.eventId().endsWith(".4"));
    wholeRun("r-1");
    assertThat(sent(7))
        .containsExactly("r-1.1", "r-1.1", "r-1.2", "r-1.2", "r-1.3", "r-1.3", "r-1.4");
    bench.assertNothingSent();
  }

  private void retryLate() {
    bench.stop();
    bench =
        new SessionBench(
            KIT, new RunSlots(64, 1024, 1024), Given.settingsWithRetryAfter(LATE_RETRY));
  }

  @Test
  void undeliveredEventsHoldAnIdleSession() throws Exception {
    retryLate();
    bench.webUiAnswers(Outcome.UNREACHABLE);
    wholeRun("r-1");
    bench.pass(TTL);
    bench.assertStays();
    bench.pass(OUTBOX_TTL.minus(TTL).minusMillis(1));
    bench.assertStays();
    bench.settle();
    bench.passBlindly(Duration.ofMillis(1));
    bench.assertAsksToLeave();
  }

  @Test
  void aSessionThatWasHeldLeavesOnceItHasDelivered() throws Exception {
    retryLate();
    bench.webUiAnswers(Outcome.UNREACHABLE);
    wholeRun("r-1");
    bench.pass(TTL);
    bench.assertStays();
    bench.webUiAnswers(Outcome.DELIVERED);
    bench.settle();
    bench.passBlindly(RETRY);
    bench.assertAsksToLeave();
  }

  @Test
  void aRunInASessionThatWasHeldStartsItsTtlAnew() throws Exception {
    retryLate();
    bench.webUiAnswers(Outcome.UNREACHABLE);
    wholeRun("r-1");
    bench.pass(TTL);
    wholeRun("r-2");
    bench.webUiAnswers(Outcome.DELIVERED);
    bench.pass(RETRY);
    bench.pass(TTL.minus(RETRY).minusMillis(1));
    bench.assertStays();
  }

  @Test
  void aDeletedSessionStaysUntilItsEndIsDelivered() throws Exception {
    bench.webUiAnswers(Outcome.UNREACHABLE);
    wholeRun("r-1");
    assertThat(bench.delete()).isEqualTo(new SessionReply.Deleted());
    assertThat(bench.read()).isEqualTo(new SessionReply.UnknownSession());
    bench.assertStays();
    bench.webUiAnswers(Outcome.DELIVERED);
    bench.settle();
    bench.passBlindly(RETRY);
    bench.assertAsksToLeave();
  }

  @Test
  void anOverflowIsToldInItsPlace() throws Exception {
    bench.webUiAnswers(Outcome.UNREACHABLE);
    for (int i = 0; i < 300; i++) {
      wholeRun("r-" + i);
    }
    assertThat(bench.sent().eventId()).isEqualTo("r-0.1");
    bench.webUiAnswers(Outcome.DELIVERED);
    bench.pass(RETRY);
    ProgressEvent first = bench.sent();
    assertThat(first.eventId()).isEqualTo("r-0.1");
    ProgressEvent gap = bench.sent();
    assertThat(gap.step()).isEqualTo("events_lost");
    int lost = Objects.requireNonNull(gap.meta()).path("count").asInt();
    List<ProgressEvent> rest = Stream.generate(bench::sent).limit(998).toList();
    assertThat(2 + lost + rest.size()).isEqualTo(1200 + 1);
    assertThat(rest.stream().filter(event -> event.step().equals("final_answer"))).hasSize(300);
    bench.assertNothingSent();
  }

  private void wholeRun(String runId) throws InterruptedException {
    assertThat(bench.start(runId, OnBusy.REJECT))
        .isEqualTo(new SessionReply.Accepted(runId, "accepted"));
    bench.tools.next().succeed();
    bench.settle();
  }

  private List<String> sent(int count) {
    return Stream.generate(bench::sent).limit(count).map(ProgressEvent::eventId).toList();
  }
}
