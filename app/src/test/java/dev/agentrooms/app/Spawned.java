package dev.agentrooms.app;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A process of our own, for what only a process can show: signals, pipes and exit codes.
final class Spawned implements AutoCloseable {

  /// Of this JVM.
  static final String CLASS_PATH = System.getProperty("java.class.path");

  /// How to start one.
  static final class Jvm {

    private final Map<String, String> environment = new HashMap<>();
    private final List<String> flags =
        new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    private final List<String> launcher = new ArrayList<>();
    private @Nullable String classPath;
    private ProcessBuilder.Redirect err = ProcessBuilder.Redirect.to(file(".err").toFile());

    // Many run in one folder, of which a store belongs to one process.
    private Jvm() throws IOException {
      environment.put("STORE_KIND", "memory");
    }

    Jvm with(Map<String, String> variables) {
      environment.putAll(variables);
      return this;
    }

    Jvm flags(String... more) {
      flags.addAll(List.of(more));
      return this;
    }

    /// Only some of what is on the class path of this JVM.
    Jvm onlyWith(Predicate<String> wanted) {
      return over(
          Arrays.stream(CLASS_PATH.split(File.pathSeparator))
              .filter(wanted)
              .collect(Collectors.joining(File.pathSeparator)));
    }

    /// Over another class path than that of this JVM.
    Jvm over(String other) {
      classPath = other;
      return this;
    }

    /// Through a program that becomes the JVM.
    Jvm through(List<String> program) {
      launcher.addAll(program);
      return this;
    }

    /// It gets no more file descriptors than that.
    Jvm maxFiles(int max) {
      launcher.addAll(List.of("sh", "-c", "ulimit -n " + max + "; exec \"$@\"", "sh"));
      return this;
    }

    /// Its standard error is a pipe that nobody reads, unless a test does.
    Jvm errIsAPipe() {
      err = ProcessBuilder.Redirect.PIPE;
      return this;
    }

    Spawned main(String... args) throws IOException {
      return run(Main.class, args);
    }

    Spawned run(Class<?> main, String... args) throws IOException {
      List<String> command = new ArrayList<>(launcher);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(flags);
      // Others break classes on purpose, which the cache has whole.
      boolean isCached = classPath == null && main == Main.class;
      command.addAll(
          isCached
              ? ClassCache.flags()
              : List.of("-cp", classPath == null ? CLASS_PATH : classPath));
      command.add(main.getName());
      command.addAll(List.of(args));
      Path out = file(".out");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err);
      builder.environment().putAll(environment);
      return new Spawned(builder.start(), out, err.file());
    }

    private static Path file(String suffix) throws IOException {
      return Files.createTempFile("spawned", suffix);
    }
  }

  private final Process process;
  private final Path out;
  private final File err;

  private Spawned(Process process, Path out, File err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  static Jvm jvm() throws IOException {
    return new Jvm();
  }

  static Spawned main(String... args) throws IOException {
    return jvm().main(args);
  }

  static Spawned main(Map<String, String> environment, String... args) throws IOException {
    return jvm().with(environment).main(args);
  }

  static Spawned java(Class<?> main, String... args) throws IOException {
    return jvm().run(main, args);
  }

  Process process() {
    return process;
  }

  void awaitOut(String words) {
    Stack.await(() -> read(out), text -> text.contains(words) || !process.isAlive());
    if (!out().contains(words)) {
      throw new AssertionError("it ended; it said " + out() + err());
    }
  }

  String out() {
    return read(out);
  }

  /// What it said on its standard error, if that is no pipe.
  String err() {
    return err == null ? "" : read(err.toPath());
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

  /// As `kill -9` does; returns when it is gone.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(Stack.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("it does not end; it said " + out() + err());
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
