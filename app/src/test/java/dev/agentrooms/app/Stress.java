package dev.agentrooms.app;

/// How hard the racing and hostile tests try: `./dev test -Pstress` for ten times as many goes.
final class Stress {

  static final int FACTOR = Math.max(1, Integer.getInteger("stress.factor", 1));

  private Stress() {}

  static int times(int goes) {
    return Math.multiplyExact(goes, FACTOR);
  }
}
