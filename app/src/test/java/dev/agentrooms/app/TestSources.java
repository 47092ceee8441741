package dev.agentrooms.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The source of tests, by which documents and tables name what shows a promise.
final class TestSources {

  private TestSources() {}

  /// @param module such as `http`
  /// @param name of a class, in whatever package
  /// @return its source; empty when there is none
  static String read(Path root, String module, String name) {
    Path tests = root.resolve(module).resolve("src/test/java");
    try (Stream<Path> all = Files.isDirectory(tests) ? Files.walk(tests) : Stream.empty()) {
      Path source = all.filter(path -> path.endsWith(name + ".java")).findFirst().orElse(null);
      return source == null ? "" : Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
