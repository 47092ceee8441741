package dev.agentrooms.tools.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.api.JavaTool;
import dev.agentrooms.api.ToolContext;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.MalformedJson;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.Progress;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolDefaults;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.ToolResult.Reason;
import dev.agentrooms.tools.Toolbox.Attempt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call of a function. A cancel interrupts its thread, and runs what it has left for that.
final class LocalAttempt implements Attempt, ToolContext, Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(LocalAttempt.class);
  private static final int MAX_MESSAGE = 300;

  private final JavaTool tool;
  private final ToolCall call;
  private final CallObserver observer;
  private final int maxAnswerSize;
  private final CompletableFuture<ToolResult> ended = new CompletableFuture<>();

  // Guarded by this object's lock.
  private final List<Runnable> onCancel = new ArrayList<>();
  private @Nullable Thread worker;
  private boolean isCancelled;

  LocalAttempt(JavaTool tool, ToolCall call, CallObserver observer, int maxAnswerSize) {
    this.tool = tool;
    this.call = call;
    this.observer = observer;
    this.maxAnswerSize = maxAnswerSize;
  }

  synchronized void start() {
    worker = Thread.ofVirtual().name("tool-" + tool.name()).start(this);
  }

  @Override
  public void run() {
    ToolResult result = result();
    ended.complete(isCancelled() ? new ToolResult.Stopped() : result);
  }

  // Whatever the function throws, an Error too, ends this call and nothing else; even something
  // that throws when it is asked what it says.
  private ToolResult result() {
    try {
      Object answer = tool.function().call(call.arguments().deepCopy(), this);
      return read(answer);
    } catch (InterruptedException e) {
      return failed("It was interrupted.");
    } catch (Exception | Error e) {
      return failed(said(e));
    }
  }

  private String said(Throwable failure) {
    try {
      if (!isCancelled()) {
        LOG.warn("the tool {} failed", tool.name(), failure);
      }
      String said = failure.getMessage();
      return said == null ? failure.getClass().getSimpleName() : said;
    } catch (RuntimeException | Error e) {
      return failure.getClass().getSimpleName();
    }
  }

  // Written and read, because the function may go on changing a tree, or have put objects into it.
  private ToolResult read(@Nullable Object answer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      Json.mapper().writeValue(new Capped(bytes, maxAnswerSize), answer);
      return new ToolResult.Succeeded(Json.parse(bytes.toByteArray(), ToolDefaults.MAX_TOKENS));
    } catch (Capped.Full e) {
      return new ToolResult.Failed(
          Reason.ANSWER_TOO_LARGE,
          null,
          "The tool's answer is longer than " + maxAnswerSize + " bytes.");
    } catch (MalformedJson e) {
      return new ToolResult.Failed(
          Reason.INVALID_ANSWER, null, "The tool's answer cannot be kept: " + e.detail());
    }
  }

  private static ToolResult failed(String why) {
    return new ToolResult.Failed(
        Reason.TOOL_FAILED, null, "The tool failed: " + Text.cut(why, MAX_MESSAGE));
  }

  @Override
  public CompletionStage<ToolResult> ended() {
    return ended;
  }

  @Override
  public void cancel() {
    List<Runnable> actions;
    synchronized (this) {
      if (isCancelled || ended.isDone()) {
        return;
      }
      isCancelled = true;
      actions = List.copyOf(onCancel);
      if (worker != null) {
        worker.interrupt();
      }
    }
    actions.forEach(LocalAttempt::run);
  }

  private static void run(Runnable action) {
    Thread.startVirtualThread(
        () -> {
          try {
            action.run();
          } catch (RuntimeException | Error e) {
            LOG.warn("what a tool does on a cancel failed", e);
          }
        });
  }

  @Override
  public void onCancel(Runnable action) {
    synchronized (this) {
      if (!isCancelled) {
        onCancel.add(action);
        return;
      }
    }
    run(action);
  }

  @Override
  public synchronized boolean isCancelled() {
    return isCancelled;
  }

  @Override
  public String sessionId() {
    return call.sessionId();
  }

  @Override
  public String runId() {
    return call.runId();
  }

  @Override
  public String callId() {
    return call.name();
  }

  @Override
  public void progress(String message, Map<String, ?> meta) {
    ObjectNode shown = Json.mapper().valueToTree(meta);
    observer.progress(Progress.of(message, shown));
  }

  @Override
  public void delta(String text) {
    observer.delta(text);
  }
}
