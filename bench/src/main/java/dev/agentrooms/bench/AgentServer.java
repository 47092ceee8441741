package dev.agentrooms.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/// Our agent, with or without the rooms in the same process.
///
/// @param agentPort beside the port of the rooms
/// @param tools where it finds its tools, and without rooms a place for its progress
record AgentServer(Path root, boolean withRooms, int agentPort, String tools) implements Server {

  static AgentServer on(Path root, boolean withRooms, ToolServer tools) {
    try {
      return new AgentServer(root, withRooms, Running.freePort(), tools.url());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InetSocketAddress agent() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), agentPort);
  }

  @Override
  public String name() {
    return AgentRoomsServer.NAME;
  }

  @Override
  public Optional<String> missing() {
    return new AgentRoomsServer(root).missing();
  }

  @Override
  public ProcessBuilder command(int port, Path dir) {
    ProcessBuilder builder = new AgentRoomsServer(root).command(port, dir);
    builder.command().add("agent");
    var environment = builder.environment();
    environment.put("AGENT_HTTP_PORT", Integer.toString(agentPort));
    environment.put("AGENT_RAG_URL", tools);
    environment.put("AGENT_TEST_GENERATOR_URL", tools);
    environment.put("AGENT_PROGRESS_SINK", withRooms ? "room" : "http");
    environment.put("AGENT_PROGRESS_URL", tools + "/progress");
    return builder;
  }

  @Override
  public String publishPath(String room) {
    throw new UnsupportedOperationException("it takes runs");
  }

  @Override
  public String socketPath(String room, boolean replay) {
    return new AgentRoomsServer(root).socketPath(room, replay);
  }

  @Override
  public String subscribe(String room, boolean replay) {
    return new AgentRoomsServer(root).subscribe(room, replay);
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
