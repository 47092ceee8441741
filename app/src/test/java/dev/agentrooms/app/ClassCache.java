package dev.agentrooms.app;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Loaded classes for the servers that tests start, as `./dev up` has them: a start takes two
/// thirds of the CPU time then. The cache is made once for each build, while the first tests run;
/// a server that starts before it is there starts without it.
final class ClassCache {

  private static final Path FOLDER = Path.of("target", "class-cache").toAbsolutePath();
  private static final ClassCache OF_THIS_BUILD = new ClassCache();

  // The class path of this JVM.
  private final List<Path> entries;
  private final Path home;
  private final Path cache;
  private boolean isBegun;

  private ClassCache() {
    entries = Arrays.stream(Spawned.CLASS_PATH.split(File.pathSeparator)).map(Path::of).toList();
    home = FOLDER.resolve(Long.toHexString(entries.hashCode() + 31L * lastChange()));
    cache = home.resolve("classes.aot");
  }

  /// What a JVM is to be started with to begin with these classes loaded; just the class path as
  /// long as there is no cache.
  static List<String> flags() {
    return OF_THIS_BUILD.flagsNow();
  }

  private synchronized List<String> flagsNow() {
    if (Files.exists(cache)) {
      return List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off", "-cp", classPath());
    }
    if (!isBegun) {
      isBegun = true;
      Thread.ofPlatform().daemon().name("class-cache").start(this::make);
    }
    return List.of("-cp", Spawned.CLASS_PATH);
  }

  /// A cache is for jars alone.
  private String classPath() {
    return entries.stream()
        .map(entry -> Files.isDirectory(entry) ? jarOf(entry) : entry)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Path jarOf(Path folder) {
    return home.resolve(Integer.toHexString(folder.hashCode()) + ".jar");
  }

  /// By one of the JVMs that run tests beside each other.
  private void make() {
    try {
      Files.createDirectories(home);
      try (FileChannel channel =
              FileChannel.open(
                  home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock != null && !Files.exists(cache)) {
          removeOthers();
          for (Path entry : entries) {
            if (Files.isDirectory(entry)) {
              pack(entry);
            }
          }
          train();
        }
      } catch (OverlappingFileLockException e) {
        // Another class loader of this process makes it.
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Those of builds before this one.
  private void removeOthers() throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!each.startsWith(home) && !each.equals(FOLDER)) {
          Files.delete(each);
        }
      }
    }
  }

  private void pack(Path folder) throws IOException {
    try (OutputStream file = Files.newOutputStream(jarOf(folder));
        ZipOutputStream jar = new ZipOutputStream(file)) {
      for (Path each : filesOf(folder)) {
        jar.putNextEntry(new ZipEntry(folder.relativize(each).toString()));
        Files.copy(each, jar);
        jar.closeEntry();
      }
    }
  }

  /// Starts a server that writes down what it has loaded when it ends.
  private void train() throws IOException, InterruptedException {
    Path fresh = home.resolve("fresh.aot");
    Map<String, String> settings =
        Map.of(
            "STORE_KIND", "file",
            "STORE_DIR", home.resolve("data").toString(),
            "AGENT_HTTP_PORT", "0",
            "WEBUI_HTTP_PORT", "0",
            "MOCKS_HTTP_PORT", "0");
    try (Spawned server =
        Spawned.jvm()
            .over(classPath())
            .flags("-XX:AOTCacheOutput=" + fresh)
            .with(settings)
            .main("up")) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      server.awaitOut("is up");
      server.terminate();
      if (server.process().waitFor(5, TimeUnit.MINUTES) && server.exitCode() == 0) {
        Files.move(fresh, cache, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private long lastChange() {
    return entries.stream()
        .filter(Files::isDirectory)
        .flatMap(folder -> filesOf(folder).stream())
        .mapToLong(file -> file.toFile().lastModified())
        .max()
        .orElse(0);
  }

  private static List<Path> filesOf(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
