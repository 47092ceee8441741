package dev.agentrooms.app.cli;

/// Exit codes.
public final class ExitCode {

  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int UNUSABLE = 2;

  /// A server that cannot go on: EX_SOFTWARE of sysexits.h.
  public static final int BROKEN = 70;

  /// A cancelled run, and Ctrl-C: 128 + SIGINT, as shells have it.
  public static final int CANCELLED = 130;

  private ExitCode() {}
}
