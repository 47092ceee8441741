package dev.agentrooms.store;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A PostgreSQL server of its own for tests: a child process on a free port of this machine, with
/// its files in a folder that goes with it. `ci/postgresql` installs what it is made of.
public final class PostgresServer implements AutoCloseable {

  public static final String USER = "agent_rooms";

  private final Path bin;
  private final Path dir;
  private final String host;
  private final int port;
  private int databases;

  private PostgresServer(Path bin, Path dir, String host, int port) {
    this.bin = bin;
    this.dir = dir;
    this.host = host;
    this.port = port;
  }

  /// Skips the test, and says why, where there is no PostgreSQL.
  public static PostgresServer start() throws IOException, InterruptedException {
    return start("127.0.0.1");
  }

  /// The same at another address of this machine, for all who reach it.
  public static PostgresServer start(String host) throws IOException, InterruptedException {
    Optional<Path> bin = binaries();
    Assumptions.assumeTrue(
        bin.isPresent(), "PostgreSQL is not installed, so it is not tested (see ci/postgresql)");
    Path dir = Files.createTempDirectory(Path.of("/tmp"), "agent-rooms-postgres");
    PostgresServer server = new PostgresServer(bin.get(), dir, host, freePort());
    try {
      server.make();
      server.up();
      return server;
    } catch (IOException | InterruptedException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static Optional<Path> binaries() throws IOException {
    Path all = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(all)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(all)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void make() throws IOException, InterruptedException {
    if (isRoot()) {
      run(List.of("chown", "postgres", dir.toString()));
    }
    asOwner("initdb", "-D", data(), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync");
    Files.writeString(Path.of(data(), "pg_hba.conf"), "host all all 0.0.0.0/0 trust\n");
  }

  private String data() {
    return dir.resolve("data").toString();
  }

  public void up() throws IOException, InterruptedException {
    asOwner(
        "pg_ctl",
        "-D",
        data(),
        "-w",
        "-t",
        "60",
        "-l",
        dir.resolve("log").toString(),
        "-o",
        "-p "
            + port
            + " -c listen_addresses="
            + host
            + " -c unix_socket_directories="
            + dir
            + " -c max_connections=200",
        "start");
  }

  /// Ends it as a crash does.
  public void crash() throws IOException, InterruptedException {
    asOwner("pg_ctl", "-D", data(), "-m", "immediate", "stop");
  }

  /// A new database.
  public String newDatabase() throws SQLException {
    String name = "test" + ++databases;
    execute("postgres", "create database " + name);
    return name;
  }

  public void execute(String database, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url(database), USER, "")) {
      try (var statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  public String url(String database) {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  public int port() {
    return port;
  }

  private void asOwner(String command, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    if (isRoot()) {
      // The server refuses to be root.
      line.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    line.add(bin.resolve(command).toString());
    line.addAll(List.of(arguments));
    run(line);
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private void run(List<String> line) throws IOException, InterruptedException {
    Path said = Files.createTempFile("postgres", ".out");
    try {
      Process process =
          new ProcessBuilder(line)
              .directory(new File("/tmp"))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(Duration.ofSeconds(90).toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      if (process.waitFor() != 0) {
        throw new IOException(line + " failed: " + Files.readString(said));
      }
    } finally {
      Files.delete(said);
    }
  }

  @Override
  public void close() {
    try {
      if (Files.exists(dir.resolve("data/postmaster.pid"))) {
        crash();
      }
      run(List.of("rm", "-rf", dir.toString()));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
