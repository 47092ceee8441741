package dev.agentrooms.http;

import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.pekko.NotUsed;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.FutureConverters;

/// What Java's stages lack when they stand for a future of Pekko's.
public final class Stages {

  private Stages() {}

  /// Calls `then` where the stage completes. A stage of Pekko's own would call back in the JVM's
  /// common pool, which costs a change of threads, has few of them, and which anybody may block.
  ///
  /// @param then must be quick; it gets what came, or else the failure
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
