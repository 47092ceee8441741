package dev.agentrooms.webui;

/// How hard the randomised tests try: `./dev test -Pstress` for ten times as many schedules.
public final class Stress {

  public static final int FACTOR = Math.max(1, Integer.getInteger("stress.factor", 1));

  private Stress() {}

  public static int times(int tries) {
    return Math.multiplyExact(tries, FACTOR);
  }
}
