package dev.agentrooms.app;

import dev.agentrooms.app.NodeProcesses.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;

/// Network namespaces of this machine, one for each node, in three networks that a node can be cut
/// from: packets vanish then, and nobody is told.
final class Namespaces implements AutoCloseable {

  /// What a network leads to. This machine has the first address of each.
  enum Net {
    NODES,
    STORE,
    /// Clients and tools.
    CLIENTS
  }

  private static final Path IP = Path.of("/usr/sbin/ip");
  private static final int FIRST = 11;

  private final int number = (int) (ProcessHandle.current().pid() % 80);
  private final int nodes;
  private final List<String> made = new ArrayList<>();
  // Links outlive their namespace for as long as a connection of it waits for its end.
  private final List<String> links = new ArrayList<>();

  private Namespaces(int nodes) {
    this.nodes = nodes;
  }

  /// Skips the test, and says why, where there can be none.
  static Namespaces of(int nodes) throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        System.getProperty("user.name").equals("root") && Files.isExecutable(IP),
        "network namespaces need root, and ip (iproute2)");
    Namespaces all = new Namespaces(nodes);
    try {
      all.make();
      return all;
    } catch (IOException | InterruptedException | RuntimeException e) {
      all.close();
      throw e;
    }
  }

  private void make() throws IOException, InterruptedException {
    for (int node = 0; node < nodes; node++) {
      String said = tryIp("netns", "add", name(node));
      Assumptions.assumeTrue(said.isEmpty(), "no network namespace can be made here: " + said);
      made.add(name(node));
      ip("-n", name(node), "link", "set", "lo", "up");
    }
    for (Net net : Net.values()) {
      String bridge = "rooms" + number + "-" + net.ordinal();
      ip("link", "add", bridge, "type", "bridge");
      links.add(bridge);
      ip("addr", "add", here(net) + "/24", "dev", bridge);
      ip("link", "set", bridge, "up");
      for (int node = 0; node < nodes; node++) {
        String inside = "to" + net.ordinal();
        ip("link", "add", outside(node, net), "type", "veth", "peer", inside, "netns", name(node));
        links.add(outside(node, net));
        ip("link", "set", outside(node, net), "master", bridge, "up");
        ip("-n", name(node), "addr", "add", address(net, FIRST + node) + "/24", "dev", inside);
        ip("-n", name(node), "link", "set", inside, "up");
      }
    }
  }

  List<Place> places() {
    return IntStream.range(0, nodes)
        .mapToObj(
            node ->
                new Place(
                    address(Net.NODES, FIRST + node),
                    address(Net.CLIENTS, FIRST + node),
                    List.of(IP.toString(), "netns", "exec", name(node))))
        .toList();
  }

  /// The address of this machine in a network.
  String here(Net net) {
    return address(net, 1);
  }

  void cut(int node, Net... nets) throws IOException, InterruptedException {
    set("down", node, nets);
  }

  void join(int node, Net... nets) throws IOException, InterruptedException {
    set("up", node, nets);
  }

  private void set(String state, int node, Net... nets) throws IOException, InterruptedException {
    for (Net net : nets) {
      ip("link", "set", outside(node, net), state);
    }
  }

  private String address(Net net, int host) {
    return "10.221." + (Net.values().length * number + net.ordinal()) + "." + host;
  }

  private String name(int node) {
    return "rooms" + number + "-" + node;
  }

  private String outside(int node, Net net) {
    return "rooms" + number + "-" + node + net.ordinal();
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    String said = tryIp(arguments);
    if (!said.isEmpty()) {
      throw new IOException("ip " + String.join(" ", arguments) + ": " + said);
    }
  }

  /// @return what it said against it
  private static String tryIp(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(IP.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : said.isEmpty() ? "it failed" : said;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (String link : links) {
      ip("link", "del", link);
    }
    for (String name : made) {
      ip("netns", "del", name);
    }
  }
}
