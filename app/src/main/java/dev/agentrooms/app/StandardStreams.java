package dev.agentrooms.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The standard streams of a server, which no reader can hold up: neither its log nor what
/// libraries and the JDK write there. The other commands write as usual: their output is what they
/// are for.
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

  /// Sets them for the whole process. Its end waits for them, for a while.
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

  /// Waits until all that was written has been taken, or is not going to be.
  void drain() {
    out.drain(LAST_WORDS);
    err.drain(LAST_WORDS);
  }

  private static FileOutputStream to(FileDescriptor stream) {
    return new FileOutputStream(stream);
  }
}
