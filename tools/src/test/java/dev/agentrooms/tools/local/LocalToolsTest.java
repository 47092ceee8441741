package dev.agentrooms.tools.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.api.JavaTool;
import dev.agentrooms.api.ToolFunction;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.Definitions;
import dev.agentrooms.tools.Progress;
import dev.agentrooms.tools.Scope;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolDefaults;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.Toolbox.Attempt;
import dev.agentrooms.tools.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Tools in Java: what they answer, throw and tell, and what a cancel does to them.
@Tag("unit")
class LocalToolsTest {

  private static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"sku\":{\"type\":\"string\"}}}";
  private static final ToolDefaults DEFAULTS =
      new ToolDefaults(Duration.ofSeconds(30), Duration.ofMillis(300));

  private static final int MAX_ANSWER = 1 << 20;

  private record Price(String articleName, int euros) {}

  private final ObjectNode given = Json.object();
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  private final CallObserver observer =
      new CallObserver() {
        @Override
        public void progress(Progress progress) {
          heard.add(progress.message() + " " + progress.meta());
        }

        @Override
        public void delta(String more) {
          heard.add(more);
        }
      };

  private Attempt call(ToolFunction function) {
    return call(function, "tea");
  }

  private Attempt call(ToolFunction function, Object sku) {
    JavaTool tool = JavaTool.of("price", SCHEMA, function);
    Tools tools = new Definitions(Tools.NONE, List.of()).and(List.of(tool), DEFAULTS).tools();
    return new LocalTools(
            List.of(tool),
            MAX_ANSWER,
            (call, listener) -> {
              throw new AssertionError("not in Java");
            })
        .call(
            new ToolCall(
                tools.get("price"),
                "r-1.price.1",
                "00-t",
                given.set("sku", Json.mapper().valueToTree(sku)),
                Scope.of("s", "r-1", "?")),
            observer);
  }

  private static ToolResult result(Attempt attempt) throws Exception {
    return attempt.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void whatAFunctionReturnsIsTheResult() throws Exception {
    assertThat(result(call((arguments, context) -> new Price("tea", 4))))
        .isEqualTo(
            new ToolResult.Succeeded(Json.object().put("article_name", "tea").put("euros", 4)));
    assertThat(result(call((arguments, context) -> null)))
        .isEqualTo(new ToolResult.Succeeded(Json.mapper().nullNode()));
    assertThat(
            result(
                call(
                    (arguments, context) ->
                        List.of(context.sessionId(), context.runId(), context.callId()))))
        .hasToString(
            new ToolResult.Succeeded(Json.mapper().valueToTree(List.of("s", "r-1", "r-1.price.1")))
                .toString());
  }

  @Test
  void whatAFunctionChangesInItsTreesChangesNothingOfTheRun() throws Exception {
    ObjectNode kept = Json.object().put("euros", 4);
    kept.putPOJO("price", new Price("tea", 4));
    Attempt attempt =
        call(
            (arguments, context) -> {
              ((ObjectNode) arguments).put("article", "changed");
              return kept;
            });
    ToolResult result = result(attempt);
    kept.removeAll();
    assertThat(((ToolResult.Succeeded) result).output().toString())
        .isEqualTo("{\"euros\":4,\"price\":{\"article_name\":\"tea\",\"euros\":4}}");
    assertThat(given.toString()).doesNotContain("changed");
  }

  @Test
  void whatAFunctionThrowsIsTheReason() throws Exception {
    for (Throwable thrown :
        List.of(new IllegalStateException("no tea"), new StackOverflowError())) {
      ToolResult result =
          result(
              call(
                  (arguments, context) -> {
                    if (thrown instanceof Error error) {
                      throw error;
                    }
                    throw (Exception) thrown;
                  }));
      ToolResult.Failed failed = (ToolResult.Failed) result;
      assertThat(failed.reason()).isEqualTo(Reason.TOOL_FAILED);
      assertThat(failed.detail())
          .isEqualTo(
              "The tool failed: " + (thrown instanceof Error ? "StackOverflowError" : "no tea"));
    }
  }

  @Test
  void whatThrowsEvenWhenItIsAskedWhyEndsItsCallAsWell() throws Exception {
    class Mute extends RuntimeException {
      @Override
      public String getMessage() {
        throw new StackOverflowError();
      }
    }
    assertThat(
            result(
                call(
                    (arguments, context) -> {
                      throw new Mute();
                    })))
        .isEqualTo(new ToolResult.Failed(Reason.TOOL_FAILED, null, "The tool failed: Mute"));
  }

  /// None of them takes more memory than an answer may have.
  @Test
  void anAnswerThatIsTooLargeOrHasNoEndIsNone() throws Exception {
    Map<String, Object> itself = new HashMap<>();
    itself.put("self", itself);
    Iterable<Integer> endless = () -> Stream.iterate(0, n -> n + 1).iterator();
    Map<Object, Reason> answers =
        Map.of(
            "x".repeat(MAX_ANSWER),
            Reason.ANSWER_TOO_LARGE,
            endless,
            Reason.ANSWER_TOO_LARGE,
            Collections.nCopies(300_000, 1),
            Reason.INVALID_ANSWER);
    for (Map.Entry<Object, Reason> answer : answers.entrySet()) {
      assertThat(reason((arguments, context) -> answer.getKey()))
          .as(answer.getKey().getClass().getName())
          .isEqualTo(answer.getValue());
    }
    assertThat(reason((arguments, context) -> itself)).isEqualTo(Reason.TOOL_FAILED);
    assertThat(reason((arguments, context) -> new Object())).isEqualTo(Reason.TOOL_FAILED);
  }

  private Reason reason(ToolFunction function) throws Exception {
    return ((ToolResult.Failed) result(call(function))).reason();
  }

  @Test
  void argumentsThatDoNotFitAreNotForTheFunction() throws Exception {
    AtomicBoolean called = new AtomicBoolean();
    ToolResult result = result(call((arguments, context) -> called.getAndSet(true), 7));
    assertThat(((ToolResult.Failed) result).reason()).isEqualTo(Reason.INVALID_ARGUMENTS);
    assertThat(called).isFalse();
  }

  @Test
  void aFunctionTellsHowFarItIs() throws Exception {
    result(
        call(
            (arguments, context) -> {
              context.progress("Half of it", Map.of("percent", 50));
              context.delta("Te");
              context.delta("a");
              return Thread.currentThread().isVirtual();
            }));
    assertThat(heard).containsExactly("Half of it {\"percent\":50}", "Te", "a");
  }

  @Test
  void aCancelInterruptsAndRunsWhatWasLeftForIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch cleaned = new CountDownLatch(2);
    Attempt attempt =
        call(
            (arguments, context) -> {
              context.onCancel(cleaned::countDown);
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                assertThat(context.isCancelled()).isTrue();
                context.onCancel(cleaned::countDown);
                throw e;
              }
              return "never";
            });
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    attempt.cancel();
    attempt.cancel();
    assertThat(result(attempt)).isEqualTo(new ToolResult.Stopped());
    assertThat(cleaned.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aFunctionThatIgnoresACancelEndsWhenItEnds() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    Attempt attempt =
        call(
            (arguments, context) -> {
              while (cancelled.getCount() > 0) {
                Thread.onSpinWait();
              }
              return "done";
            });
    attempt.cancel();
    assertThat(attempt.ended().toCompletableFuture()).isNotDone();
    cancelled.countDown();
    assertThat(result(attempt)).isEqualTo(new ToolResult.Stopped());
  }
}
