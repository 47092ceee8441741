package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.Progress;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Tools whose answers a test controls.
final class SimulatedTools implements Toolbox {

  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private volatile boolean ignoreAborts;
  private volatile boolean isBroken;

  void ignoreAborts() {
    ignoreAborts = true;
  }

  /// Whether calling a tool throws, like a bug.
  void broken(boolean broken) {
    isBroken = broken;
  }

  @Override
  public Attempt call(ToolCall toolCall, CallObserver observer) {
    if (isBroken) {
      throw new IllegalStateException("simulated");
    }
    Call call = new Call(toolCall, observer, !ignoreAborts);
    calls.add(call);
    return call;
  }

  /// The next call, for which it waits.
  Call next() throws InterruptedException {
    Call call = calls.poll(60, TimeUnit.SECONDS);
    assertThat(call).as("a call of a tool").isNotNull();
    return call;
  }

  boolean isQuiet() {
    return calls.isEmpty();
  }

  static final class Call implements Attempt {

    private final ToolCall what;
    private final CallObserver observer;
    private final boolean stopsWhenTold;
    private final CompletableFuture<ToolResult> ended = new CompletableFuture<>();
    private final AtomicInteger cancels = new AtomicInteger();

    Call(ToolCall what, CallObserver observer, boolean stopsWhenTold) {
      this.what = what;
      this.observer = observer;
      this.stopsWhenTold = stopsWhenTold;
    }

    ToolCall what() {
      return what;
    }

    int cancels() {
      return cancels.get();
    }

    /// Says something of its work.
    void say(Progress progress) {
      observer.progress(progress);
    }

    /// Goes on with its text.
    void write(String more) {
      observer.delta(more);
    }

    void succeed() {
      end(Given.success(what.tool().name()));
    }

    void end(ToolResult result) {
      ended.complete(result);
    }

    void breakDown(Throwable failure) {
      ended.completeExceptionally(failure);
    }

    @Override
    public CompletionStage<ToolResult> ended() {
      return ended;
    }

    @Override
    public void cancel() {
      cancels.incrementAndGet();
      if (stopsWhenTold) {
        ended.complete(new ToolResult.Stopped());
      }
    }
  }
}
