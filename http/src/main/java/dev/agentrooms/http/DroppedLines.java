package dev.agentrooms.http;

import java.util.concurrent.atomic.LongAdder;

/// Counts log lines of this process that were dropped, because nobody read the log.
public final class DroppedLines {

  private static final LongAdder COUNT = new LongAdder();

  private DroppedLines() {}

  public static void add(long lines) {
    COUNT.add(lines);
  }

  public static long count() {
    return COUNT.sum();
  }
}
