package dev.agentrooms.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that is killed (`kill -9`) or told to stop again and again while its users work, and
/// while it comes back; and what they find afterwards. Here it is one process with a folder.
@Tag("process")
class KilledTest {

  private static final int KILLS = Stress.times(2);
  private static final int KILLS_IN_A_ROW = Math.min(10, Stress.times(2));

  @TempDir private Path folder;

  private final long seed = Long.getLong("stress.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<String, Object> ports = Stack.ports();
  private final Set<String> epochs = new HashSet<>();
  private final @Nullable Spawned[] parts = new Spawned[parts()];
  private final KeyedTool tool;
  private final KilledWork work;
  private Stack stack = client();
  // How long a start takes here.
  private long startNanos = 2_000_000_000L;

  KilledTest() throws IOException {
    tool = new KeyedTool(60);
    work = new KilledWork(tool, seed);
  }

  @AfterEach
  void stop() throws InterruptedException {
    killAll();
    stack.close();
    tool.close();
  }

  /// Of how many processes the server is made up.
  int parts() {
    return 1;
  }

  Spawned start(int part, Map<String, String> environment) throws Exception {
    return Spawned.jvm()
        .with(environment)
        .with(Map.of("STORE_KIND", "file", "STORE_DIR", folder.resolve("data").toString()))
        .main("up", "agent", "webui");
  }

  Path folder() {
    return folder;
  }

  @Test
  void whatWasAnsweredIsThereAndEveryRunEndsOnce() throws Exception {
    System.out.printf("%s: %d kills, seed %d%n", getClass().getSimpleName(), KILLS, seed);
    for (int kills = 0; kills < KILLS; kills++) {
      startWhatIsGone(environment());
      if (random.nextInt(4) == 0) {
        parkWhileItRecovers();
      } else {
        awaitReady();
        work.begin(stack);
        LockSupport.parkNanos(1_000_000L * random.nextInt(100, 1200));
      }
      int part = random.nextInt(parts());
      Spawned process = parts[part];
      if (process != null && random.nextInt(4) == 0) {
        process.interrupted();
      }
      kill(part);
      work.end();
    }
    startWhatIsGone(environment());
    awaitReady();
    assertAll();
    System.out.println(work);
  }

  @Test
  void killedInARowWhileItRecoversItLosesNothing() throws Exception {
    System.out.printf(
        "%s: %d kills in a row, seed %d%n", getClass().getSimpleName(), KILLS_IN_A_ROW, seed);
    startWhatIsGone(environment());
    awaitReady();
    work.begin(stack);
    LockSupport.parkNanos(1_000_000_000L);
    killAll();
    work.end();
    for (int kills = 0; kills < KILLS_IN_A_ROW; kills++) {
      startWhatIsGone(environment());
      parkWhileItRecovers();
      killAll();
    }
    startWhatIsGone(environment());
    awaitReady();
    assertAll();
    System.out.println(work);
  }

  /// Until it is somewhere between reading its settings and having woken what was open.
  private void parkWhileItRecovers() {
    LockSupport.parkNanos((long) (startNanos * random.nextDouble(0.4, 1.1)));
  }

  private void killAll() throws InterruptedException {
    for (int part = 0; part < parts(); part++) {
      kill(part);
    }
  }

  private void startWhatIsGone(Map<String, String> environment) throws Exception {
    for (int part = 0; part < parts(); part++) {
      if (parts[part] == null) {
        parts[part] = start(part, environment);
      }
    }
    // Connections to the one before would only break.
    stack.close();
    stack = client();
  }

  private Stack client() {
    return Stack.running(port("agent.http.port"), port("webui.http.port"));
  }

  private void kill(int part) throws InterruptedException {
    Spawned process = parts[part];
    if (process != null) {
      process.kill();
      parts[part] = null;
    }
  }

  private void assertAll() {
    KilledRooms rooms = new KilledRooms(work, seed);
    work.askAgain(stack);
    for (String session : work.sessions()) {
      JsonNode room = Stack.await(() -> room(session), found -> rooms.hasAll(found, session));
      rooms.assertRoom(room, session);
      epochs.add(session + " " + room.path("epoch").asText());
    }
    assertThat(epochs).as("seed %d", seed).containsAll(work.epochs());
    work.assertOutcomes(stack);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("WEBUI_HISTORY_SIZE", "10000");
    environment.put("AGENT_SESSION_KEPT_RUNS", "10000");
    environment.put("AGENT_SESSION_SLEEP_AFTER", "300ms");
    environment.put("AGENT_SHUTDOWN_GRACE", "100ms");
    environment.put("AGENT_HTTP_PORT", "" + ports.get("agent.http.port"));
    environment.put("WEBUI_HTTP_PORT", "" + ports.get("webui.http.port"));
    environment.put("WEBUI_AGENT_URL", "http://127.0.0.1:" + ports.get("agent.http.port"));
    environment.put(
        "AGENT_PROGRESS_URL",
        "http://127.0.0.1:" + ports.get("webui.http.port") + "/api/agent/progress");
    environment.put("AGENT_RAG_URL", tool.url());
    environment.put("AGENT_TEST_GENERATOR_URL", tool.url());
    return environment;
  }

  private void awaitReady() {
    long begun = System.nanoTime();
    Stack.await(this::isReady, ready -> ready);
    startNanos = System.nanoTime() - begun;
  }

  private int port(String key) {
    return Integer.parseInt(String.valueOf(ports.get(key)));
  }

  private boolean isReady() {
    try {
      return stack.get(stack.agent() + "/health/ready").status() == 200
          && stack.get(stack.webUi() + "/health/ready").status() == 200;
    } catch (AssertionError | RuntimeException notYet) {
      return false;
    }
  }

  private JsonNode room(String session) {
    return stack.get(stack.webUi() + "/api/messages?session_id=" + session).json();
  }
}
