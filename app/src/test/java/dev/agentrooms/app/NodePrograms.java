package dev.agentrooms.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Programs in other languages that a test talks to, where what they need is installed.
final class NodePrograms implements AutoCloseable {

  private final Path folder;
  private final List<Process> started = new ArrayList<>();

  /// @param folder into which packages are installed, since Node looks for them beside a file
  NodePrograms(Path folder) {
    this.folder = folder;
  }

  /// Copies these files, and installs the packages that they need.
  ///
  /// @return whether that was possible
  boolean install(Path from, String... files) throws Exception {
    for (String name : files) {
      Files.copy(from.resolve(name), folder.resolve(name));
    }
    try {
      Process npm =
          process(folder, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts");
      npm.getInputStream().readAllBytes();
      return npm.waitFor(120, TimeUnit.SECONDS) && npm.exitValue() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  /// Starts a program, and waits until it says that it is listening.
  ///
  /// @return whether it does
  boolean starts(Path where, String... command) {
    try {
      Process process = process(where, command);
      started.add(process);
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      return String.valueOf(out.readLine()).startsWith("listening");
    } catch (IOException absent) {
      return false;
    }
  }

  private static Process process(Path where, String... command) throws IOException {
    return new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
  }

  @Override
  public void close() {
    started.forEach(Process::destroyForcibly);
  }
}
