package dev.agentrooms.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The machine's HAProxy with `ops/haproxy.cfg`, on free ports, in front of three nodes.
final class Haproxy implements AutoCloseable {

  private static final Path EXECUTABLE = Path.of("/usr/sbin/haproxy");

  private final Process process;
  private final Path file;
  private final Stack client;

  private Haproxy(Process process, Path file, Stack client) {
    this.process = process;
    this.file = file;
    this.client = client;
  }

  static boolean isInstalled() {
    return Files.isExecutable(EXECUTABLE);
  }

  static Haproxy before(NodeProcesses nodes) throws IOException {
    int webUi = Stack.freePort();
    int agent = Stack.freePort();
    Path file =
        Files.writeString(
            Files.createTempFile("haproxy", ".cfg"),
            Files.readString(Path.of("../ops/haproxy.cfg"))
                .replace("127.0.0.1}:8150\"", "127.0.0.1}:" + webUi + "\"")
                .replace("127.0.0.1}:8250\"", "127.0.0.1}:" + agent + "\"")
                .replace("maxconn 20000", "maxconn 500"));
    ProcessBuilder builder =
        new ProcessBuilder(EXECUTABLE.toString(), "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile("haproxy", ".out").toFile());
    Map<String, String> environment = builder.environment();
    for (int node = 0; node < 3; node++) {
      environment.put("AGENT" + (node + 1), port(nodes.stack(node).agent()));
      environment.put("WEBUI" + (node + 1), port(nodes.stack(node).webUi()));
    }
    Haproxy started = new Haproxy(builder.start(), file, Stack.running(agent, webUi));
    Stack.await(
        () -> {
          try {
            return started.client.get(started.client.agent() + "/health").status();
          } catch (java.io.UncheckedIOException notYet) {
            return 0;
          }
        },
        status -> status == 200);
    return started;
  }

  private static String port(String url) {
    return url.substring(url.lastIndexOf(':') + 1);
  }

  /// The nodes through it.
  Stack client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    process.destroyForcibly();
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
