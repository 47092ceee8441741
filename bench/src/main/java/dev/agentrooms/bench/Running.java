package dev.agentrooms.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/// A running server process.
final class Running implements AutoCloseable {

  private static final long START_TIMEOUT = TimeUnit.SECONDS.toNanos(60);

  private final Server server;
  private final Path dir;
  private final int port;
  private final @Nullable Certificate tls;
  private Process process;

  private Running(Server server, boolean isSecure) throws IOException {
    this.server = server;
    this.dir = Files.createTempDirectory("bench-");
    this.port = freePort();
    this.tls = isSecure ? Certificate.in(dir) : null;
    this.process = launch();
  }

  /// Starts it on a free port, and returns when its `/health` answers.
  static Running start(Server server, boolean isSecure) {
    try {
      Running running = new Running(server, isSecure);
      running.awaitHealth();
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Stops it and starts it again on the same port, and returns when its `/health` answers.
  void restart() {
    Children.stop(process);
    try {
      process = launch();
      awaitHealth();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As it would be after a crash.
  void killAndStart() {
    Children.kill(process);
    try {
      process.waitFor();
      process = launch();
      awaitHealth();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// How many bytes the files of a folder of it have.
  long sizeOf(String folder) {
    try (Stream<Path> files = Files.walk(dir.resolve(folder))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() throws IOException {
    ProcessBuilder command = server.command(port, dir, tls);
    command.redirectErrorStream(true).redirectOutput(dir.resolve("out.log").toFile());
    return Children.watch(command.start());
  }

  Link dial() throws IOException {
    return Link.open(address(), tls != null);
  }

  Server server() {
    return server;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  long pid() {
    return process.pid();
  }

  Usage usage() {
    return Usage.of(process.toHandle());
  }

  /// The last lines that it wrote.
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(dir.resolve("out.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    Children.stop(process);
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitHealth() throws IOException {
    long until = System.nanoTime() + START_TIMEOUT;
    while (!isHealthy()) {
      if (!process.isAlive() || System.nanoTime() > until) {
        Children.stop(process);
        throw new IOException(server.name() + " did not start: " + lastWords());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private boolean isHealthy() {
    try {
      var connection =
          (HttpURLConnection)
              URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + port + "/health")
                  .toURL()
                  .openConnection();
      if (connection instanceof HttpsURLConnection secure) {
        secure.setSSLSocketFactory(Certificate.trusting().getSocketFactory());
      }
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(1000);
      boolean isUp = connection.getResponseCode() == 200;
      connection.disconnect();
      return isUp;
    } catch (IOException e) {
      return false;
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
