package dev.agentrooms.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import dev.agentrooms.agent.Additions;
import dev.agentrooms.api.JavaTool;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.Settings;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/// A server that another program of the same process has started.
public final class Embedded implements AutoCloseable {

  private final AgentRooms rooms;

  private Embedded(AgentRooms rooms) {
    this.rooms = rooms;
  }

  /// @param config settings that win over the environment and the defaults
  /// @param workflows as in a file: `workflows { ... }`
  /// @throws BadSetting when a setting, a tool or a workflow is wrong
  public static Embedded start(Config config, List<JavaTool> tools, ConfigObject workflows) {
    return new Embedded(
        AgentRooms.start(
            Settings.load(config.root().unwrapped()),
            EnumSet.of(Role.AGENT, Role.WEBUI),
            new Additions(tools, workflows)));
  }

  public URI agent() {
    return url(Role.AGENT);
  }

  public URI webUi() {
    return url(Role.WEBUI);
  }

  private URI url(Role role) {
    Map<Role, String> urls = rooms.urls();
    return URI.create(String.valueOf(urls.get(role)));
  }

  @Override
  public void close() {
    rooms.close();
  }
}
