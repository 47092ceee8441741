package dev.agentrooms.app;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
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
/// thirds of the CPU time then. It is made once for each build, beside the tests; whoever comes
/// before it is there does without.
final class ClassCache {

  private static final Path FOLDER = Path.of("target", "class-cache").toAbsolutePath();
  private static final ClassCache OF_THIS_BUILD = new ClassCache();

  private final Path home;
  private final Path cache;
  private final String classPath;
  private boolean isBegun;

  private ClassCache() {
    List<Path> entries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList();
    home = FOLDER.resolve(Long.toHexString(entries.hashCode() + 31L * latest(entries)));
    cache = home.resolve("classes.aot");
    // A cache is for jars alone.
    classPath =
        entries.stream()
            .map(entry -> Files.isDirectory(entry) ? jarOf(entry) : entry)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
  }

  /// What a JVM is to be started with to begin with these classes loaded; nothing as long as there
  /// is no cache.
  static List<String> flags() {
    return OF_THIS_BUILD.flagsNow();
  }

  private synchronized List<String> flagsNow() {
    if (Files.exists(cache)) {
      return List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off", "-cp", classPath);
    }
    if (!isBegun) {
      isBegun = true;
      Thread.ofPlatform().daemon().name("class-cache").start(this::make);
    }
    return List.of("-cp", System.getProperty("java.class.path"));
  }

  private void make() {
    try {
      Files.createDirectories(home);
      try (FileChannel channel =
              FileChannel.open(
                  home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock != null && !Files.exists(cache)) {
          removeOthers();
          for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (Files.isDirectory(Path.of(entry))) {
              pack(Path.of(entry));
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

  private void train() throws IOException, InterruptedException {
    Path fresh = home.resolve("fresh.aot");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:AOTCacheOutput=" + fresh,
                "-cp",
                classPath,
                Training.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile());
    builder.environment().put("STORE_KIND", "file");
    builder.environment().put("STORE_DIR", home.resolve("data").toString());
    for (String port : List.of("AGENT_HTTP_PORT", "WEBUI_HTTP_PORT", "MOCKS_HTTP_PORT")) {
      builder.environment().put(port, "" + Stack.freePort());
    }
    Process process = builder.start();
    Thread atTheEnd = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atTheEnd);
    if (process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0) {
      Files.move(fresh, cache, StandardCopyOption.ATOMIC_MOVE);
    }
    process.destroyForcibly();
  }

  /// The latest change of a folder among them, as a number.
  private static long latest(List<Path> entries) {
    return entries.stream()
        .filter(Files::isDirectory)
        .flatMap(ClassCache::filesOf)
        .map(ClassCache::changed)
        .max(Comparator.naturalOrder())
        .map(FileTime::toMillis)
        .orElse(0L);
  }

  private static Stream<Path> filesOf(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileTime changed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path jarOf(Path folder) {
    return home.resolve(Integer.toHexString(folder.hashCode()) + ".jar");
  }

  private void pack(Path folder) throws IOException {
    try (OutputStream file = Files.newOutputStream(jarOf(folder));
        ZipOutputStream jar = new ZipOutputStream(file)) {
      for (Path each : new ArrayList<>(filesOf(folder).toList())) {
        jar.putNextEntry(new ZipEntry(folder.relativize(each).toString()));
        Files.copy(each, jar);
        jar.closeEntry();
      }
    }
  }

  /// A server that ends when it has answered.
  static final class Training {

    private Training() {}

    public static void main(String[] args) {
      Thread.ofPlatform().daemon().start(Training::askAndEnd);
      Main.main(new String[] {"up"});
    }

    private static void askAndEnd() {
      Map<String, String> environment = System.getenv();
      for (String port : List.of("AGENT_HTTP_PORT", "WEBUI_HTTP_PORT")) {
        String url = "http://127.0.0.1:" + environment.get(port) + "/health/ready";
        Stack.await(() -> status(url), status -> status == 200);
      }
      stop();
    }

    // By the signal: a server that ends of itself is broken.
    private static void stop() {
      try {
        new ProcessBuilder("kill", "" + ProcessHandle.current().pid()).start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static int status(String url) {
      try {
        var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        int status = connection.getResponseCode();
        connection.disconnect();
        return status;
      } catch (IOException e) {
        return 0; // not yet
      }
    }
  }
}
