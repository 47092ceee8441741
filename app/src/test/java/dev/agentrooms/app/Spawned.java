package dev.agentrooms.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A process of our own, for what only a process can show: signals and exit codes.
final class Spawned implements AutoCloseable {

  private final Process process;
  private final Path out;
  private final Path err;

  private Spawned(Map<String, String> environment, List<String> command) throws IOException {
    out = Files.createTempFile("spawned", ".out");
    err = Files.createTempFile("spawned", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    process = builder.start();
  }

  static Spawned main(String... args) throws IOException {
    return java(Main.class, args);
  }

  static Spawned main(Map<String, String> environment, String... args) throws IOException {
    return java(environment, Main.class, args);
  }

  static Spawned java(Class<?> main, String... args) throws IOException {
    return java(Map.of(), main, args);
  }

  private static Spawned java(Map<String, String> environment, Class<?> main, String... args)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(args));
    return new Spawned(environment, command);
  }

  void awaitOut(String words) {
    Stack.await(() -> read(out), text -> text.contains(words));
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  /// Tells it to stop, and returns its exit code.
  int interrupted() throws InterruptedException {
    terminate();
    return exitCode();
  }

  /// SIGTERM.
  void terminate() {
    process.destroy();
  }

  /// SIGINT, as Ctrl-C sends it.
  void interrupt() throws IOException, InterruptedException {
    int sent = new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
    if (sent != 0) {
      throw new AssertionError("kill ended with " + sent);
    }
  }

  /// Ends it, whatever state it is in.
  @Override
  public void close() {
    process.destroyForcibly();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(Stack.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("it does not end; it said " + read(out) + read(err));
    }
    return process.exitValue();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
