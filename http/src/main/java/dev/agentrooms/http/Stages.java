package dev.agentrooms.http;

import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.pekko.NotUsed;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.FutureConverters;

/// Helper for a Java completion stage that wraps a Scala future.
public final class Stages {

  private Stages() {}

  /// Calls `then` on the completing thread. A stage made by Pekko would call back on the JVM's
  /// common pool, which costs a thread switch, is small, and can be blocked by other code.
  ///
  /// @param then gets the value or the failure; must not block
  public static <T> void whenDone(
      CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
    FutureConverters.asScala(stage)
        .onComplete(
            done -> {
              then.accept(
                  done.isSuccess() ? done.get() : null,
                  done.isSuccess() ? null : done.failed().get());
              return NotUsed.getInstance();
            },
            ExecutionContext.parasitic$.MODULE$);
  }
}
