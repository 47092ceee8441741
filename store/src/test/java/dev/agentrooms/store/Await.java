package dev.agentrooms.store;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// Waits for a store's answers.
final class Await {

  private Await() {}

  static <T> T done(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static StoreFailure failure(CompletionStage<?> stage) {
    try {
      Object result = stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
      throw new AssertionError("did not fail, but was answered " + result);
    } catch (Exception e) {
      return StoreFailure.of(e);
    }
  }
}
