package dev.agentrooms.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.dispatch.Dispatcher;

/// Meters of the default dispatcher, on which everything runs except rooms and connections.
///
/// - `agentrooms.dispatcher.delay`: how long a task waits for a thread, sampled once a second: the
///   least latency of every actor.
/// - `agentrooms.dispatcher.queued`: waiting tasks: actors and streams with something to do.
/// - `agentrooms.dispatcher.active`: threads at work.
final class DispatcherMeters implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Cancellable probing;

  private DispatcherMeters(Cancellable probing) {
    this.probing = probing;
  }

  static DispatcherMeters start(ActorSystem<?> system, MeterRegistry registry) {
    Executor dispatcher = system.executionContext();
    Timer delay =
        Timer.builder("agentrooms.dispatcher.delay")
            .description("How long a task waits for a thread of the default dispatcher")
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                Duration.ofSeconds(1))
            .register(registry);
    // The dispatcher keeps its pool to itself, save for this method, which is public for Java.
    if (dispatcher instanceof Dispatcher known
        && known.executorService().executor() instanceof ForkJoinPool pool) {
      Gauge.builder(
              "agentrooms.dispatcher.queued",
              pool,
              p -> p.getQueuedTaskCount() + p.getQueuedSubmissionCount())
          .description("Tasks that wait for a thread of the default dispatcher")
          .register(registry);
      Gauge.builder("agentrooms.dispatcher.active", pool, ForkJoinPool::getActiveThreadCount)
          .description("Threads of the default dispatcher that are at work")
          .register(registry);
    }
    Runnable probe = () -> probe(dispatcher, delay);
    return new DispatcherMeters(Recurring.every(system, INTERVAL, "asking the dispatcher", probe));
  }

  private static void probe(Executor dispatcher, Timer delay) {
    long asked = System.nanoTime();
    dispatcher.execute(() -> delay.record(System.nanoTime() - asked, TimeUnit.NANOSECONDS));
  }

  @Override
  public void close() {
    probing.cancel();
  }
}
