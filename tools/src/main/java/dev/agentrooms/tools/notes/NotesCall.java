package dev.agentrooms.tools.notes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.tools.CallObserver;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolCall;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Toolbox;
import dev.agentrooms.tools.Toolbox.Attempt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A call of a tool of the notes, at work on a virtual thread of its own, from which it may ask a
/// model.
///
/// That thread is not interrupted by a cancel, because that could close the index under other
/// calls; it looks for a cancel itself. What it has asked a model is cancelled at once.
final class NotesCall implements Attempt {

  private final ToolCall call;
  private final CallObserver observer;
  private final Toolbox models;
  private final CompletableFuture<ToolResult> ended = new CompletableFuture<>();
  private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
  // Guarded by this object's lock.
  private @Nullable Attempt asked;

  /// @param models calls the model that it asks
  NotesCall(ToolCall call, CallObserver observer, Toolbox models) {
    this.call = call;
    this.observer = observer;
    this.models = models;
  }

  NotesCall begin(Function<NotesCall, ToolResult> work) {
    Thread.ofVirtual().name(call.name()).start(() -> ended.complete(work.apply(this)));
    return this;
  }

  ToolCall call() {
    return call;
  }

  boolean isCancelled() {
    return cancelled.isDone();
  }

  /// Completes when the call is cancelled.
  CompletableFuture<Boolean> cancelled() {
    return cancelled;
  }

  /// Text that watchers see while it is being written.
  void show(String more) {
    if (!more.isEmpty()) {
      observer.delta(more);
    }
  }

  /// Waits for what a model answers.
  ///
  /// @param hears the text of the answer as it comes
  ToolResult ask(Tool model, ObjectNode arguments, CallObserver hears) {
    Attempt attempt;
    synchronized (this) {
      if (isCancelled()) {
        return new ToolResult.Stopped();
      }
      attempt =
          models.call(
              new ToolCall(model, call.name(), call.traceparent(), arguments, call.scope()), hears);
      asked = attempt;
    }
    return attempt.ended().toCompletableFuture().join();
  }

  @Override
  public CompletionStage<ToolResult> ended() {
    return ended;
  }

  @Override
  public void cancel() {
    Attempt underWay;
    synchronized (this) {
      cancelled.complete(true);
      underWay = asked;
    }
    if (underWay != null) {
      underWay.cancel();
    }
  }
}
