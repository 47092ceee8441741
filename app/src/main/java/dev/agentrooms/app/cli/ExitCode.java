package dev.agentrooms.app.cli;

/// What a process tells the shell on its way out.
public final class ExitCode {

  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int UNUSABLE = 2;

  /// Of a server that cannot go on; what sysexits.h calls an internal software error.
  public static final int BROKEN = 70;

  /// Of a run that was cancelled, and of Ctrl-C: what shells give a process that SIGINT ended.
  public static final int CANCELLED = 130;

  private ExitCode() {}
}
