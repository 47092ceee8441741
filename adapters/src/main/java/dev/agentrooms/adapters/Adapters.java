package dev.agentrooms.adapters;

import dev.agentrooms.adapters.a2a.A2aRoutes;
import dev.agentrooms.adapters.agui.AgUiRoutes;
import dev.agentrooms.adapters.aisdk.ChatRoutes;
import dev.agentrooms.adapters.langgraph.LangGraphRoutes;
import dev.agentrooms.adapters.mcp.McpRoutes;
import dev.agentrooms.adapters.openai.OpenAiRoutes;
import dev.agentrooms.webui.Doors;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/// The routes of all protocols, at the web UI.
public final class Adapters implements Doors.More {

  @Override
  public Route routes(Doors doors) {
    return Directives.concat(
        new LangGraphRoutes(doors).routes(),
        new AgUiRoutes(doors).routes(),
        new A2aRoutes(doors).routes(),
        new OpenAiRoutes(doors).routes(),
        new ChatRoutes(doors).routes(),
        new McpRoutes(doors).routes());
  }
}
