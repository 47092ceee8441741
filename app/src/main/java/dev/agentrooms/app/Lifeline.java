package dev.agentrooms.app;

import dev.agentrooms.app.cli.ExitCode;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the process when the server cannot go on, with a log line and a non-zero exit code, so
/// that the supervisor (systemd, Docker) restarts it. Without this, the process would stay up and
/// serve nobody.
///
/// - The actor system has stopped by itself: this node was removed from its cluster, or could not
///   join it.
/// - An uncaught `Error` in a thread: the JVM can no longer be trusted. (In an actor or a route,
///   Pekko exits with 255; out of memory, the JVM exits with 3.)
///
/// An uncaught exception only ends its thread, and is logged.
final class Lifeline {

  private static final Logger LOG = LoggerFactory.getLogger(Lifeline.class);

  private final StandardStreams streams;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Lifeline(StandardStreams streams) {
    this.streams = streams;
  }

  static Lifeline hold(StandardStreams streams) {
    Lifeline lifeline = new Lifeline(streams);
    Thread.setDefaultUncaughtExceptionHandler(lifeline::uncaught);
    return lifeline;
  }

  /// Ends the process if `end` completes before [#stop] is called.
  void needs(CompletionStage<?> end, String what) {
    end.whenComplete(
        (done, failure) -> {
          if (!stopping.get()) {
            LOG.error("{} has stopped without being told to; this process ends", what, failure);
            halt(ExitCode.BROKEN);
          }
        });
  }

  /// From now on, an end is an orderly one.
  ///
  /// @return false when it was called before
  boolean stop() {
    return stopping.compareAndSet(false, true);
  }

  /// Ends the process after the log is flushed.
  void halt(int exitCode) {
    streams.drain();
    Runtime.getRuntime().halt(exitCode);
  }

  private void uncaught(Thread thread, Throwable failure) {
    try {
      if (failure instanceof Error) {
        LOG.error("thread {} ended by an error; this process ends", thread.getName(), failure);
      } else {
        LOG.error("thread {} ended by an exception", thread.getName(), failure);
      }
    } finally {
      if (failure instanceof Error) {
        halt(ExitCode.BROKEN);
      }
    }
  }
}
