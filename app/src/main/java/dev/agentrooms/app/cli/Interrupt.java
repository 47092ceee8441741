package dev.agentrooms.app.cli;

/// An action for Ctrl-C while this is open; the process then exits with 130.
final class Interrupt implements AutoCloseable {

  private final Thread hook;

  private Interrupt(Runnable action) {
    hook =
        new Thread(
            () -> {
              try {
                action.run();
              } catch (CommandFailed e) {
                System.err.println("agent-rooms: " + e.getMessage());
              } finally {
                Runtime.getRuntime().halt(ExitCode.CANCELLED);
              }
            },
            "interrupt");
  }

  static Interrupt then(Runnable action) {
    Interrupt interrupt = new Interrupt(action);
    Runtime.getRuntime().addShutdownHook(interrupt.hook);
    return interrupt;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      // The JVM is shutting down: Ctrl-C came just now, and its action runs.
    }
  }
}
