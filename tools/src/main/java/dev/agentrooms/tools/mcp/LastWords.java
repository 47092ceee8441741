package dev.agentrooms.tools.mcp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/// The last few KiB of what a process has written.
final class LastWords {

  private static final int MAX = 4 * 1024;

  private final Deque<Byte> bytes = new ArrayDeque<>();

  synchronized void add(byte[] more, int length) {
    for (int i = Math.max(0, length - MAX); i < length; i++) {
      if (bytes.size() == MAX) {
        bytes.removeFirst();
      }
      bytes.addLast(more[i]);
    }
  }

  /// In one line.
  synchronized String text() {
    byte[] all = new byte[bytes.size()];
    int i = 0;
    for (byte each : bytes) {
      all[i++] = each;
    }
    return new String(all, StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
  }
}
