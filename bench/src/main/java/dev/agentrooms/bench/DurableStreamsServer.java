package dev.agentrooms.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The reference server of Durable Streams, in Node, over files.
record DurableStreamsServer(Path root) implements Server {

  private Path folder() {
    return root.resolve("bench/peers/streams");
  }

  @Override
  public String name() {
    return "@durable-streams/server";
  }

  @Override
  public Optional<String> missing() {
    return Files.isDirectory(folder().resolve("node_modules"))
        ? Optional.empty()
        : Optional.of("cd bench/peers/streams && npm ci");
  }

  @Override
  public ProcessBuilder command(int port, Path dir, @Nullable Certificate tls) {
    return new ProcessBuilder(
        "node",
        folder().resolve("server.mjs").toString(),
        Integer.toString(port),
        dir.resolve("data").toString());
  }

  @Override
  public String publishPath(String room, boolean deflated) {
    return "/v1/stream/" + room;
  }

  @Override
  public String socketPath(String room, boolean replay) {
    throw new UnsupportedOperationException("it has no sockets");
  }

  @Override
  public @Nullable String subscribe(String room, boolean replay) {
    return null;
  }

  @Override
  public boolean keepsHistory() {
    return true;
  }
}
