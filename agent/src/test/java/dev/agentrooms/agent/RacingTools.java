package dev.agentrooms.agent;

import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Tools of every kind: quick, slow, failing, ignoring aborts, late. Runs whose id begins with
/// `next` always succeed.
final class RacingTools implements Toolbox {

  private final ScheduledExecutorService scheduler;
  private final Random random;
  private final int tempers;

  RacingTools(ScheduledExecutorService scheduler, long seed) {
    this(scheduler, seed, 8);
  }

  /// @param tempers how many of the kinds are used; the first three always succeed
  RacingTools(ScheduledExecutorService scheduler, long seed, int tempers) {
    this.scheduler = scheduler;
    this.tempers = tempers;
    this.random = new Random(seed);
  }

  @Override
  public Attempt call(ToolCall call, CallObserver observer) {
    int temper;
    long micros;
    synchronized (random) {
      temper = call.runId().startsWith("next") ? 0 : random.nextInt(tempers);
      micros = random.nextInt(3000);
    }
    CompletableFuture<ToolResult> ended = new CompletableFuture<>();
    boolean isDeaf = temper >= 6;
    switch (temper) {
      case 0 -> ended.complete(Given.success(call.tool().name()));
      case 1, 2, 6 -> later(micros, ended, Given.success(call.tool().name()));
      case 3 -> later(micros, ended, Given.refused());
      case 4 -> later(micros, ended, Given.status(500));
      default -> {
        // Hangs: 5 stops when told, 7 not even then.
      }
    }
    return new Attempt() {
      @Override
      public CompletionStage<ToolResult> ended() {
        return ended;
      }

      @Override
      public void cancel() {
        if (!isDeaf) {
          ended.complete(new ToolResult.Stopped());
        } else {
          // Long after it was abandoned.
          later(30_000, ended, Given.success(call.tool().name()));
        }
      }
    };
  }

  private void later(long micros, CompletableFuture<ToolResult> ended, ToolResult result) {
    var unused = scheduler.schedule(() -> ended.complete(result), micros, TimeUnit.MICROSECONDS);
  }
}
