package dev.agentrooms.http;

import java.util.concurrent.atomic.LongAdder;

/// How many lines of this process' log were dropped, because nobody read it.
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
