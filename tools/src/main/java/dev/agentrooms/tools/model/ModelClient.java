package dev.agentrooms.tools.model;

import dev.agentrooms.tools.ToolClient;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Calls a model: one answer for each call, whatever the server does, within the limits of the
/// settings. It does not call again after a failure; whoever calls decides that.
public final class ModelClient {

  private final ModelSettings settings;
  private final ToolClient client;
  private final LongSupplier nanoClock;
  private final ModelSlots slots;
  private final ScheduledExecutorService timer;
  // Learned from the server's refusal.
  private volatile boolean refusesSchemas;

  /// @param nanoClock as `System::nanoTime`
  public ModelClient(ModelSettings settings, ToolClient client, LongSupplier nanoClock) {
    this.settings = settings;
    this.client = client;
    this.nanoClock = nanoClock;
    this.slots = new ModelSlots(settings.maxConcurrent());
    ScheduledThreadPoolExecutor pool =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("model-limits").daemon().factory());
    pool.setRemoveOnCancelPolicy(true);
    this.timer = pool;
  }

  /// Starts a call and returns at once.
  ///
  /// @param text takes the text as it comes, on one thread at a time; never after a cancel
  public ModelCall call(ModelQuery query, Consumer<String> text) {
    ModelTask task = new ModelTask(this, query, text);
    slots.enter(task);
    return task;
  }

  ModelSettings settings() {
    return settings;
  }

  ToolClient client() {
    return client;
  }

  ModelSlots slots() {
    return slots;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  long now() {
    return nanoClock.getAsLong();
  }

  boolean asksForSchemas() {
    return switch (settings.structuredOutput()) {
      case AUTO -> !refusesSchemas;
      case JSON_SCHEMA -> true;
      case JSON_OBJECT -> false;
    };
  }

  void schemasAreRefused() {
    refusesSchemas = true;
  }
}
