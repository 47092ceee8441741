package dev.agentrooms.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Our agent, with or without the rooms in the same process.
///
/// @param agentPort beside the port of the rooms
/// @param tools where it finds its tools, and without rooms a place for its progress
record AgentServer(AgentRoomsServer rooms, boolean withRooms, int agentPort, String tools)
    implements Server {

  static AgentServer on(AgentRoomsServer rooms, boolean withRooms, ToolServer tools) {
    try {
      return new AgentServer(rooms, withRooms, Running.freePort(), tools.url());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + agentPort;
  }

  Link dial() throws IOException {
    return Link.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), agentPort), false);
  }

  @Override
  public String name() {
    return rooms.name();
  }

  @Override
  public String variant() {
    return rooms.variant();
  }

  @Override
  public Optional<String> missing() {
    return rooms.missing();
  }

  @Override
  public ProcessBuilder command(int port, Path dir, @Nullable Certificate tls) {
    ProcessBuilder builder = rooms.command(port, dir, tls);
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
  public String publishPath(String room, boolean deflated) {
    throw new UnsupportedOperationException("it takes runs");
  }

  @Override
  public String socketPath(String room, boolean replay) {
    return rooms.socketPath(room, replay);
  }

  @Override
  public String subscribe(String room, boolean replay) {
    return rooms.subscribe(room, replay);
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
