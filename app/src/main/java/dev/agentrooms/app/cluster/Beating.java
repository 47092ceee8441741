package dev.agentrooms.app.cluster;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that does one thing again and again. It is its own, so that it goes on in time however
/// much the actors have to do, and may block.
final class Beating implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Beating.class);

  private final ScheduledExecutorService thread;
  private final String name;

  private Beating(String name) {
    this.name = name;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(name).daemon().factory());
  }

  static Beating every(long millis, String name, Runnable task) {
    Beating beating = new Beating(name);
    var _ =
        beating.thread.scheduleAtFixedRate(
            () -> beating.run(task), 0, millis, TimeUnit.MILLISECONDS);
    return beating;
  }

  // A task that throws would not be repeated.
  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException bug) {
      LOG.error("{} failed; it will be tried again", name, bug);
    }
  }

  /// Ends it once it has done what it is doing.
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
