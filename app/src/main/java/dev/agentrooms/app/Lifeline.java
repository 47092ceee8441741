package dev.agentrooms.app;

import dev.agentrooms.app.cli.ExitCode;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends a server that cannot go on, with a line that says why and an exit code that is not zero, so
/// that whatever looks after the process starts another. A process that is up and serves nobody is
/// the worst of both.
///
/// - The actor system has stopped without being told to: this node was removed from its cluster, or
///   could not join it.
/// - An `Error` in a thread that nobody looks after: the JVM is not to be trusted any more. (In an
///   actor or a route, Pekko does the same, with 255; out of memory, the JVM does, with 3.)
///
/// An exception ends its thread and no more; that it did is told.
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

  /// Watches what must not end before [#stop] was called.
  void needs(CompletionStage<?> end, String what) {
    end.whenComplete(
        (done, failure) -> {
          if (!stopping.get()) {
            LOG.error("{} has stopped without being told to; this process ends", what, failure);
            halt(ExitCode.BROKEN);
          }
        });
  }

  /// What ends from now on was told to.
  ///
  /// @return whether that is news
  boolean stop() {
    return stopping.compareAndSet(false, true);
  }

  /// Ends the process once its last words are written.
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
