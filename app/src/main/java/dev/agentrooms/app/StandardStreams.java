package dev.agentrooms.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes standard output and error of a server non-blocking, for the log and for whatever
/// libraries and the JDK write there. The other commands keep the usual streams.
final class StandardStreams {

  private static final Logger LOG = LoggerFactory.getLogger(StandardStreams.class);
  private static final int CAPACITY = 1 << 20;
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final NonBlockingStream out;
  private final NonBlockingStream err;

  private StandardStreams(NonBlockingStream out, NonBlockingStream err) {
    this.out = out;
    this.err = err;
  }

  /// Replaces them for the whole process; its exit waits a while for them to be flushed.
  static StandardStreams neverBlock() {
    LongConsumer told =
        lines -> LOG.warn("{} lines of output were dropped, because nobody read it", lines);
    StandardStreams streams =
        new StandardStreams(
            new NonBlockingStream("stdout", to(FileDescriptor.out), CAPACITY, told),
            new NonBlockingStream("stderr", to(FileDescriptor.err), CAPACITY, told));
    System.setOut(new PrintStream(streams.out, true, System.out.charset()));
    System.setErr(new PrintStream(streams.err, true, System.err.charset()));
    Runtime.getRuntime().addShutdownHook(new Thread(streams::drain, "last-words"));
    return streams;
  }

  /// Flushes, and gives up after a while.
  void drain() {
    out.drain(LAST_WORDS);
    err.drain(LAST_WORDS);
  }

  private static FileOutputStream to(FileDescriptor stream) {
    return new FileOutputStream(stream);
  }
}
