package dev.agentrooms.app.cli;

/// Ends a command with one line and an exit code.
public final class CommandFailed extends RuntimeException {

  private final int exitCode;

  CommandFailed(int exitCode, String why) {
    super(why, null, false, false);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
