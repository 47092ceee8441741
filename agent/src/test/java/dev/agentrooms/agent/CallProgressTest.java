package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.SimulatedTools.Call;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.tools.Progress;
import dev.agentrooms.tools.ToolResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a tool says while it is at work is told in order, and before its result.
@Tag("unit")
class CallProgressTest {

  private static final ActorTestKit KIT =
      ActorTestKit.create("CallProgressTest", AgentSessionTest.CONFIG);

  private final SessionBench bench = new SessionBench(KIT);

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @AfterEach
  void leaveNothingBehind() {
    bench.stop();
  }

  private Call call() throws Exception {
    bench.start("r-1");
    bench.assertSent("intent_determined", "start_retrieval");
    return bench.tools.next();
  }

  @Test
  void progressIsToldInOrderAndBeforeTheResult() throws Exception {
    Call call = call();
    for (int i = 1; i <= 100; i++) {
      call.say(Progress.of("Page " + i, Json.object().put("page", i)));
    }
    call.succeed();
    for (int i = 1; i <= 100; i++) {
      ProgressEvent said = bench.sent();
      assertThat(said.step()).isEqualTo("retrieval_progress");
      assertThat(said.message()).isEqualTo("Page " + i);
      assertThat(said.tool()).isEqualTo("rag_answer");
      ObjectNode meta = Objects.requireNonNull(said.meta());
      assertThat(meta.path("page").asInt()).isEqualTo(i);
      assertThat(meta.path("call_id").asText()).isEqualTo("r-1.retrieval.1");
      assertThat(said.eventId()).isEqualTo("r-1." + (i + 2));
    }
    bench.assertSent("retrieval_done", "final_answer");
  }

  @ParameterizedTest
  @CsvSource({
    "reading_pages, reading_pages",
    "final_answer, retrieval_progress",
    "cancelled, retrieval_progress",
    "start_retrieval, retrieval_progress",
    "retrieval_done, retrieval_progress",
    "Reading pages, retrieval_progress",
  })
  void aNameOfOursIsNoNameForProgress(String said, String shown) throws Exception {
    Call call = call();
    call.say(new Progress(said, null, "At it", Json.object()));
    ProgressEvent event = bench.sent();
    assertThat(event.step()).isEqualTo(shown);
    assertThat(Objects.requireNonNull(event.meta()).has("step")).isEqualTo(!said.equals(shown));
    call.succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  @Test
  void afterACancelNothingIsHeardAndNobodyWaits() throws Exception {
    bench.tools.ignoreAborts();
    Call call = call();
    bench.cancel("r-1");
    for (int i = 0; i < 100; i++) {
      call.say(Progress.of("Still there"));
    }
    bench.assertNothingSent();
    call.end(new ToolResult.Stopped());
    bench.assertSent("cancelled");
  }

  @Test
  void whatCannotBeWrittenOrIsTooLargeIsLeftOut() throws Exception {
    Call call = call();
    call.say(Progress.of("half of a pair: \ud83c"));
    call.say(Progress.of("too deep", Json.object().set("deep", deep())));
    call.say(Progress.of("too large", Json.object().put("text", "x".repeat(100_000))));
    ProgressEvent event = bench.sent();
    assertThat(event.message()).isEqualTo("too large");
    assertThat(Objects.requireNonNull(event.meta()).path("meta_bytes").asInt())
        .isGreaterThan(100_000);
    call.succeed();
    bench.assertSent("retrieval_done", "final_answer");
  }

  private static JsonNode deep() {
    JsonNode deep = Json.object();
    for (int i = 0; i < 200; i++) {
      deep = Json.mapper().createArrayNode().add(deep);
    }
    return deep;
  }

  @Test
  void aToolThatSaysMoreThanIsRecordedWaits() throws Exception {
    List<Progress> heard = Collections.synchronizedList(new ArrayList<>());
    CallProgress progress = new CallProgress(heard::add);
    CountDownLatch all = new CountDownLatch(1);
    Thread tool =
        Thread.startVirtualThread(
            () -> {
              for (int i = 0; i < 40; i++) {
                progress.progress(Progress.of("Page " + i));
              }
              all.countDown();
            });
    while (heard.size() < 16) {
      Thread.onSpinWait();
    }
    assertThat(all.getCount()).isEqualTo(1);
    for (int i = 0; i < 24; i++) {
      progress.recorded();
    }
    assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(heard).hasSize(40);
    tool.join();
  }

  @Test
  void aCharacterThatATextIsCutInIsShownWhole() {
    List<String> heard = new ArrayList<>();
    CallProgress progress = new CallProgress(said -> {}, heard::add);
    for (String more : List.of("a\ud83c", "\udf3fb", "\udf3f", "c\ud83c", "d")) {
      progress.delta(more);
    }
    assertThat(heard).containsExactly("a", "🌿b", "\ufffd", "c", "\ufffdd");
  }

  @Test
  void anInterruptedToolDoesNotWait() throws Exception {
    CallProgress progress = new CallProgress(said -> {});
    Thread tool =
        Thread.startVirtualThread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                progress.progress(Progress.of("Again"));
              }
            });
    tool.interrupt();
    assertThat(tool.join(Duration.ofSeconds(60))).isTrue();
  }

  @Test
  void aToolThatNeverStopsSayingSomethingIsHeardAThousandTimes() {
    List<Progress> heard = new ArrayList<>();
    CallProgress[] self = new CallProgress[1];
    self[0] =
        new CallProgress(
            said -> {
              heard.add(said);
              self[0].recorded();
            });
    for (int i = 0; i < 2000; i++) {
      self[0].progress(Progress.of("Page " + i));
    }
    assertThat(heard).hasSize(1000);
  }
}
