package dev.agentrooms.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// A server as a process of its own on free ports, and a client for it.
record Child(Spawned process, Stack stack) implements AutoCloseable {

  /// Everything, with settings given as variable, value, variable, value.
  static Child up(String... environment) throws IOException {
    return up(Spawned.jvm(), environment);
  }

  static Child up(Spawned.Jvm jvm, String... environment) throws IOException {
    Config ports = ConfigFactory.parseMap(Stack.ports());
    int agent = ports.getInt("agent.http.port");
    int webUi = ports.getInt("webui.http.port");
    Map<String, String> variables = new HashMap<>();
    variables.put("AGENT_HTTP_PORT", "" + agent);
    variables.put("WEBUI_HTTP_PORT", "" + webUi);
    variables.put("MOCKS_HTTP_PORT", "" + ports.getInt("mocks.http.port"));
    variables.put("WEBUI_AGENT_URL", "http://127.0.0.1:" + agent);
    for (int i = 0; i < environment.length; i += 2) {
      variables.put(environment[i], environment[i + 1]);
    }
    Spawned process = jvm.with(variables).main("up");
    process.awaitOut("Agent Rooms is up.");
    return new Child(process, Stack.running(agent, webUi));
  }

  @Override
  public void close() {
    stack.close();
    process.close();
  }
}
