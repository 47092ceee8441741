package dev.agentrooms.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.Settings;
import dev.agentrooms.mocks.Latency;
import dev.agentrooms.mocks.Mocks;
import dev.agentrooms.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The whole system on free ports of this machine, and a client for it: what an end-to-end test
/// starts and talks to.
final class Stack implements AutoCloseable {

  /// How long a test waits for what must come. Generous: a machine may be busy with other things.
  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final String LOOPBACK = "127.0.0.1";
  private static final int PORTS = 2_000;

  /// The ports that tests take: below those that a system gives to outgoing connections, so that
  /// none of these can take a port between its choice and the start of its server. Each JVM that
  /// runs tests at the same time has its own.
  private static final int FIRST_PORT = 20_000 + PORTS * (Integer.getInteger("test.fork", 0) % 6);

  private static final AtomicInteger NEXT_PORT = new AtomicInteger(new Random().nextInt(PORTS));

  private final Config config;
  private final String host;
  private final @Nullable String token;
  private final @Nullable AgentRooms rooms;
  private final @Nullable Mocks mocks;
  private final HttpClient client = ContractCheckingClient.create();

  private Stack(
      Config config,
      String host,
      @Nullable String token,
      @Nullable AgentRooms rooms,
      @Nullable Mocks mocks) {
    this.config = config;
    this.host = host;
    this.token = token;
    this.rooms = rooms;
    this.mocks = mocks;
  }

  /// Everything, with settings given as key, value, key, value.
  static Stack start(Object... settings) {
    return start(EnumSet.allOf(Role.class), settings(settings));
  }

  /// The same with stand-ins that answer at once, but for those that are told to be slow.
  static Stack quick(Object... settings) {
    return quick(settings(settings));
  }

  static Stack quick(Map<String, Object> settings) {
    Mocks mocks = Mocks.start(LOOPBACK, 0, Latency.NONE);
    Map<String, Object> all = new HashMap<>(settings);
    all.put("agent.tools.rag.url", mocks.url());
    all.put("agent.tools.test-generator.url", mocks.url());
    return start(EnumSet.of(Role.AGENT, Role.WEBUI), all, mocks);
  }

  static Stack start(Set<Role> roles, Map<String, Object> settings) {
    return start(roles, settings, null);
  }

  private static Stack start(
      Set<Role> roles, Map<String, Object> settings, @Nullable Mocks standIns) {
    Map<String, Object> all = new HashMap<>(ports());
    all.put("store.kind", "memory");
    all.putAll(settings);
    if (all.containsKey("store.dir")) {
      all.put("store.kind", "file");
    }
    Config config = ConfigFactory.parseMap(all).withFallback(Settings.load());
    // What is derived from a port in reference.conf has been resolved with the default already.
    Map<String, Object> derived = new HashMap<>();
    String mocks = "http://127.0.0.1:" + config.getInt("mocks.http.port");
    if (!settings.containsKey("agent.notes.dir")) {
      derived.put("agent.tools.rag.url", mocks);
      derived.put("agent.tools.test-generator.url", mocks);
    }
    derived.put("webui.agent-url", "http://127.0.0.1:" + config.getInt("agent.http.port"));
    derived.put(
        "agent.progress.url",
        "http://127.0.0.1:" + config.getInt("webui.http.port") + "/api/agent/progress");
    derived.put("pekko.remote.artery.canonical.port", config.getInt("cluster.port"));
    derived.keySet().removeAll(settings.keySet());
    Config whole = ConfigFactory.parseMap(derived).withFallback(config);
    return new Stack(whole, LOOPBACK, null, AgentRooms.start(whole, roles), standIns);
  }

  /// One that somebody else has started on this machine, and will stop.
  static Stack running(int agentPort, int webUiPort) {
    return running(LOOPBACK, null, agentPort, webUiPort);
  }

  /// The same at another address.
  ///
  /// @param token that is shown with each event
  static Stack running(String host, @Nullable String token, int agentPort, int webUiPort) {
    return new Stack(
        ConfigFactory.parseMap(Map.of("agent.http.port", agentPort, "webui.http.port", webUiPort)),
        host,
        token,
        null,
        null);
  }

  /// Three free ports for the three roles.
  static Map<String, Object> ports() {
    return Map.of(
        "agent.http.port", freePort(),
        "webui.http.port", freePort(),
        "mocks.http.port", freePort());
  }

  static Map<String, Object> settings(Object... keysAndValues) {
    Map<String, Object> settings = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return settings;
  }

  Config config() {
    return config;
  }

  String agent() {
    return "http://" + host + ":" + config.getInt("agent.http.port");
  }

  String webUi() {
    return "http://" + host + ":" + config.getInt("webui.http.port");
  }

  /// An answer's status, headers and body as JSON, which is missing when the body is empty.
  record Answer(int status, HttpResponse<byte[]> response) {
    JsonNode json() {
      return response.body().length == 0
          ? Json.mapper().missingNode()
          : Json.parse(response.body());
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  Answer post(String url, String json, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    showToken(request);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  /// Has a room record events, many at a time.
  void publish(String sessionId, List<? extends JsonNode> events) {
    List<JsonNode> batch = new ArrayList<>();
    int characters = 0;
    for (JsonNode event : events) {
      batch.add(event);
      characters += event.toString().length();
      if (batch.size() == 200 || characters > 200_000) {
        publish(sessionId, batch.toString());
        batch.clear();
        characters = 0;
      }
    }
    if (!batch.isEmpty()) {
      publish(sessionId, batch.toString());
    }
  }

  private void publish(String sessionId, String events) {
    Answer answer = post(webUi() + "/v1/stream/rooms/" + sessionId, events);
    if (answer.status() / 100 != 2) {
      throw new AssertionError("not taken: " + answer.status() + " " + answer.json());
    }
  }

  /// Makes a stream of JSON.
  Answer put(String url) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.noBody());
    showToken(request);
    return send(request.build());
  }

  private void showToken(HttpRequest.Builder request) {
    if (token != null) {
      request.header("X-Internal-Token", token);
    }
  }

  Answer get(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)).build());
  }

  Answer patch(String url, String json) {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  Answer delete(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)).DELETE().build());
  }

  Answer send(HttpRequest request) {
    try {
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(answer.statusCode(), answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Starts a run and returns its id.
  String run(String sessionId, String question, String... moreMembers) {
    Answer answer = post(agent() + "/api/agent/run", question(sessionId, question, moreMembers));
    if (answer.status() != 202) {
      throw new AssertionError("not accepted: " + answer.status() + " " + answer.json());
    }
    return answer.json().path("run_id").asText();
  }

  static String question(String sessionId, String question, String... moreMembers) {
    String more = moreMembers.length == 0 ? "" : "," + String.join(",", moreMembers);
    return "{\"session_id\":\"%s\",\"question\":%s%s}"
        .formatted(sessionId, Json.mapper().valueToTree(question), more);
  }

  List<JsonNode> messages(String sessionId) {
    return Arrays.asList(
        Json.mapper()
            .convertValue(
                get(webUi() + "/api/messages?session_id=" + sessionId).json().path("messages"),
                JsonNode[].class));
  }

  /// The room's events once `enough` says so.
  List<JsonNode> messages(String sessionId, Predicate<List<JsonNode>> enough) {
    return await(() -> messages(sessionId), enough);
  }

  /// The room's events once `runs` of them end a run.
  List<JsonNode> untilEnded(String sessionId, int runs) {
    return messages(sessionId, events -> events.stream().filter(Stack::isTerminal).count() >= runs);
  }

  static boolean isTerminal(JsonNode event) {
    String step = event.path("step").asText();
    return step.equals("final_answer") || step.equals("cancelled");
  }

  static List<String> steps(List<JsonNode> events) {
    return events.stream().map(event -> event.path("step").asText()).toList();
  }

  static List<Long> seqs(List<JsonNode> events) {
    return events.stream().map(event -> event.path("seq").asLong()).toList();
  }

  /// What `question` yields once it is as wished for.
  static <T> T await(Supplier<T> question, Predicate<T> wish) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    T answer = question.get();
    while (!wish.test(answer)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("still not so after " + PATIENCE.toSeconds() + " s: " + answer);
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
      answer = question.get();
    }
    return answer;
  }

  /// A port on which nothing listens, and which no other test of this JVM is given soon.
  static int freePort() {
    for (int tries = 0; tries < PORTS; tries++) {
      int port = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
      try (ServerSocket free = new ServerSocket(port)) {
        return free.getLocalPort();
      } catch (IOException taken) {
        // The next one, then.
      }
    }
    throw new AssertionError("no port is free");
  }

  @Override
  public void close() {
    client.close();
    if (rooms != null) {
      rooms.close();
    }
    if (mocks != null) {
      mocks.close();
    }
  }
}
