package dev.agentrooms.app;

import dev.agentrooms.store.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The nodes of one cluster, each a process of agent and web UI, over one database.
final class NodeProcesses implements AutoCloseable {

  /// Where a node runs.
  ///
  /// @param cluster its address for other nodes
  /// @param clients its address for clients
  /// @param launcher what becomes its JVM
  record Place(String cluster, String clients, List<String> launcher) {
    static final Place HERE = new Place(Stack.LOOPBACK, Stack.LOOPBACK, List.of());
  }

  private static final String TOKEN = "of-these-nodes";

  private final List<Place> places;
  private final List<Map<String, Object>> ports = new ArrayList<>();
  private final List<Integer> clusterPorts = new ArrayList<>();
  private final List<Stack> stacks = new ArrayList<>();
  private final @Nullable Spawned[] processes;
  private final Map<String, String> settings;

  /// @param settings of all nodes, as environment variables
  NodeProcesses(PostgresServer server, int nodes, Map<String, String> settings)
      throws SQLException {
    this(server, Collections.nCopies(nodes, Place.HERE), settings);
  }

  NodeProcesses(PostgresServer server, List<Place> places, Map<String, String> settings)
      throws SQLException {
    this.places = List.copyOf(places);
    int nodes = places.size();
    this.settings = new HashMap<>(settings);
    this.settings.put("ACCESS_MODE", "open");
    this.settings.put("INTERNAL_TOKEN", TOKEN);
    this.settings.put("STORE_KIND", "postgresql");
    this.settings.put("STORE_URL", server.url(server.newDatabase()));
    this.settings.put("STORE_USER", PostgresServer.USER);
    // On a busy machine three starts at once keep PostgreSQL waiting for longer than the default.
    this.settings.putIfAbsent("STORE_PATIENCE", "20s");
    processes = new Spawned[nodes];
    for (int node = 0; node < nodes; node++) {
      ports.add(Stack.ports());
      clusterPorts.add(Stack.freePort());
      stacks.add(
          Stack.running(
              places.get(node).clients(), TOKEN, port(node, "agent"), port(node, "webui")));
    }
    this.settings.put(
        "CLUSTER_SEED_NODES",
        IntStream.range(0, nodes).mapToObj(this::address).collect(Collectors.joining(",")));
  }

  private int port(int node, String role) {
    return (Integer) Objects.requireNonNull(ports.get(node).get(role + ".http.port"));
  }

  String address(int node) {
    return "pekko://agent-rooms@" + places.get(node).cluster() + ":" + clusterPorts.get(node);
  }

  /// Starts a node.
  void start(int node) throws IOException {
    start(node, Map.of());
  }

  /// Starts a node with settings of its own.
  void start(int node, Map<String, String> own) throws IOException {
    Map<String, String> variables = new HashMap<>(settings);
    variables.putAll(own);
    Place place = places.get(node);
    variables.put("CLUSTER_HOST", place.cluster());
    variables.put("CLUSTER_PORT", "" + clusterPorts.get(node));
    variables.put("AGENT_HTTP_HOST", place.clients());
    variables.put("WEBUI_HTTP_HOST", place.clients());
    variables.put("AGENT_HTTP_PORT", "" + port(node, "agent"));
    variables.put("WEBUI_HTTP_PORT", "" + port(node, "webui"));
    variables.put("WEBUI_AGENT_URL", stacks.get(node).agent());
    processes[node] =
        Spawned.jvm().through(place.launcher()).with(variables).main("up", "agent", "webui");
  }

  /// Starts a node at a port that none of the others knows.
  void startApart(int node) throws IOException {
    clusterPorts.set(node, Stack.freePort());
    start(node);
  }

  void startAll() throws IOException {
    for (int node = 0; node < processes.length; node++) {
      start(node);
    }
    for (int node = 0; node < processes.length; node++) {
      awaitMembers(node, processes.length);
    }
  }

  int count() {
    return processes.length;
  }

  Stack stack(int node) {
    return stacks.get(node);
  }

  Spawned process(int node) {
    Spawned process = processes[node];
    if (process == null) {
      throw new IllegalStateException("node " + node + " was not started");
    }
    return process;
  }

  /// Waits until a node is ready and knows of that many that are.
  void awaitMembers(int node, int members) {
    try {
      Stack.await(
          () -> process(node).process().isAlive() ? members(node) : -1,
          found -> found == members || found < 0);
      if (!process(node).process().isAlive()) {
        throw new AssertionError("it ended");
      }
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage() + ": " + process(node).out() + log(node) + logsOfEnded(), e);
    }
  }

  // Another one that has not come up is what a node waits for in vain.
  private String logsOfEnded() {
    return IntStream.range(0, processes.length)
        .filter(node -> processes[node] != null && !process(node).process().isAlive())
        .mapToObj(node -> "node " + node + " has ended: " + log(node))
        .collect(Collectors.joining());
  }

  /// How many nodes are up, as this one knows; 0 when it is not ready.
  int members(int node) {
    try {
      Stack.Answer answer = stack(node).get(stack(node).agent() + "/health/ready");
      return answer.status() == 200 ? answer.json().path("members").asInt() : 0;
    } catch (java.io.UncheckedIOException away) {
      return 0;
    }
  }

  String metrics(int node) {
    byte[] page = stack(node).get(stack(node).agent() + "/metrics").response().body();
    return new String(page, StandardCharsets.UTF_8);
  }

  /// SIGSTOP, SIGCONT, SIGKILL …
  void signal(int node, String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, "" + process(node).process().pid()).start().waitFor();
  }

  String log(int node) {
    return process(node).err();
  }

  @Override
  public void close() {
    stacks.forEach(Stack::close);
    for (Spawned process : processes) {
      if (process != null) {
        process.close();
      }
    }
  }
}
