package dev.agentrooms.app;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/// The same with agent and web UI as two processes, each with a folder of its own.
@Tag("process")
class KilledApartTest extends KilledTest {

  private static final List<String> ROLES = List.of("agent", "webui");

  KilledApartTest() throws IOException {}

  @Override
  int parts() {
    return ROLES.size();
  }

  @Override
  Spawned start(int part, Map<String, String> environment) throws Exception {
    String role = ROLES.get(part);
    return Spawned.jvm()
        .with(environment)
        .with(Map.of("STORE_KIND", "file", "STORE_DIR", folder().resolve(role).toString()))
        .with(Map.of("AGENT_PROGRESS_SINK", "http"))
        .main("up", role);
  }
}
