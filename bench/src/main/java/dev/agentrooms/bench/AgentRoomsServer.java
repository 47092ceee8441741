package dev.agentrooms.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Agent Rooms as `./dev up webui` starts it, from this checkout or another.
record AgentRoomsServer(Path root, String name, Kept kept) implements Server {

  static final String NAME = "Agent Rooms";
  static final String BESIDE = "Beside";

  @Override
  public String variant() {
    return kept.words();
  }

  @Override
  public Optional<String> missing() {
    return Files.exists(root.resolve("app/target/agent-rooms.jar"))
        ? kept.missing()
        : Optional.of("it has not been built");
  }

  @Override
  public ProcessBuilder command(int port, Path dir, @Nullable Certificate tls) {
    ProcessBuilder builder = new ProcessBuilder(root.resolve("dev").toString(), "up", "webui");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    kept.putInto(builder.environment(), dir);
    // All clients have one address here, which would be told to slow down.
    builder.environment().put("WEBUI_HANDSHAKES_PER_SECOND", "1000000");
    builder.environment().put("HTTP_MAX_CONNECTIONS_PER_ADDRESS", "1000000");
    builder.environment().put("WEBUI_HTTP_PORT", Integer.toString(port));
    if (tls != null) {
      builder.environment().put("HTTP_TLS_CERT", tls.chain().toString());
      builder.environment().put("HTTP_TLS_KEY", tls.key().toString());
    }
    return builder;
  }

  @Override
  public String publishPath(String room, boolean deflated) {
    return "/api/agent/progress";
  }

  @Override
  public String socketPath(String room, boolean replay) {
    return "/ws";
  }

  @Override
  public String subscribe(String room, boolean replay) {
    return "{\"cmd\":\"subscribe\",\"session_id\":\"" + room + (replay ? "\",\"after\":0}" : "\"}");
  }

  @Override
  public boolean keepsHistory() {
    return true;
  }

  @Override
  public boolean isJava() {
    return true;
  }
}
