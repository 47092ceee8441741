package dev.agentrooms.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The naive room in Python: a dictionary of sockets, written to one after the other.
record FastApiServer(Path root) implements Server {

  static final String NAME = "FastAPI";
  // The one that Debian's packages are for, whatever else the PATH finds first.
  private static final String PYTHON = "/usr/bin/python3";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing() {
    String hint = "apt-get install python3-fastapi uvicorn python3-httptools python3-websockets";
    try {
      Process process =
          new ProcessBuilder(PYTHON, "-c", "import fastapi, uvicorn, uvloop, httptools, websockets")
              .redirectErrorStream(true)
              .start();
      boolean isThere = process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
      process.destroyForcibly();
      return isThere ? Optional.empty() : Optional.of(hint);
    } catch (IOException e) {
      return Optional.of(hint);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  @Override
  public ProcessBuilder command(int port, Path dir, @Nullable Certificate tls) {
    ProcessBuilder builder =
        new ProcessBuilder(
            PYTHON,
            "-m",
            "uvicorn",
            "room:app",
            "--app-dir",
            root.resolve("bench/peers").toString(),
            "--port",
            Integer.toString(port),
            "--loop",
            "uvloop",
            "--http",
            "httptools",
            "--backlog",
            "4096",
            "--log-level",
            "warning",
            "--no-access-log");
    if (tls != null) {
      builder.command().addAll(List.of("--ssl-certfile", tls.chain().toString()));
      builder.command().addAll(List.of("--ssl-keyfile", tls.key().toString()));
    }
    return builder;
  }

  @Override
  public String publishPath(String room, boolean deflated) {
    return "/api/agent/progress";
  }

  @Override
  public String socketPath(String room, boolean replay) {
    return "/ws/" + room;
  }

  @Override
  public @Nullable String subscribe(String room, boolean replay) {
    return null;
  }

  @Override
  public boolean keepsHistory() {
    return false;
  }
}
