package dev.agentrooms.app;

import dev.agentrooms.store.PostgresServer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Several nodes of one cluster in this JVM, with one database and one set of stand-ins.
final class NodesInOneJvm implements AutoCloseable {

  private final PostgresServer postgres = PostgresServer.start();
  private final Map<String, Object> common = new HashMap<>();
  private final List<Integer> ports = new ArrayList<>();
  private final List<@Nullable Stack> nodes = new ArrayList<>();

  NodesInOneJvm(int count, Object... settings) throws Exception {
    try {
      List<String> seeds = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ports.add(Stack.freePort());
        seeds.add("pekko://agent-rooms@127.0.0.1:" + ports.get(i));
      }
      common.put("store.kind", "postgresql");
      common.put("store.url", postgres.url(postgres.newDatabase()));
      common.put("store.user", PostgresServer.USER);
      common.put("cluster.seed-nodes", String.join(",", seeds));
      common.put("mocks.http.port", Stack.freePort());
      common.putAll(Stack.settings(settings));
      for (int i = 0; i < count; i++) {
        nodes.add(null);
        start(i);
      }
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  PostgresServer postgres() {
    return postgres;
  }

  /// Starts a node, for the first time or again.
  Stack start(int i) {
    Map<String, Object> settings = new HashMap<>(common);
    settings.put("cluster.port", ports.get(i));
    EnumSet<Role> roles = EnumSet.of(Role.AGENT, Role.WEBUI);
    if (i == 0) {
      roles.add(Role.MOCKS);
    }
    Stack started = Stack.start(roles, settings);
    nodes.set(i, started);
    return started;
  }

  Stack get(int i) {
    return java.util.Objects.requireNonNull(nodes.get(i), "node " + i + " is stopped");
  }

  /// Stops a node as SIGTERM does.
  void stop(int i) {
    get(i).close();
    nodes.set(i, null);
  }

  int count() {
    return nodes.size();
  }

  @Override
  public void close() {
    for (Stack each : nodes) {
      if (each != null) {
        each.close();
      }
    }
    postgres.close();
  }
}
