package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.agentrooms.adapters.Departures;
import dev.agentrooms.adapters.Refusal;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.Doors;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/// `/langgraph`: what the clients of LangGraph's server ask for.
public final class LangGraphRoutes extends LangGraphEdge {

  private final ThreadRoutes threads;
  private final RunRoutes threadRuns;
  private final ThreadStreamRoutes stream;

  public LangGraphRoutes(Doors doors) {
    super(doors);
    this.threads = new ThreadRoutes(doors);
    this.stream = new ThreadStreamRoutes(doors);
    this.threadRuns = new RunRoutes(doors, new Departures(Departures.GRACE));
  }

  public Route routes() {
    return pathPrefix(
        "langgraph",
        () ->
            protocol(
                concat(
                    pathPrefix("assistants", this::assistants),
                    pathPrefix("threads", this::threads))));
  }

  private Route assistants() {
    return concat(
        path("search", () -> post(() -> object(body -> complete(json(found(body)))))),
        path(
            PathMatchers.segment(),
            id ->
                get(
                    () ->
                        Views.isAssistant(id)
                            ? complete(json(Views.assistant()))
                            : refuse(Refusal.notFound("There is no assistant " + id + ".")))));
  }

  private static ArrayNode found(JsonNode body) {
    String graph = body.path("graph_id").asText(Views.GRAPH);
    boolean isFirstPage = body.path("offset").asInt(0) == 0 && body.path("limit").asInt(10) > 0;
    ArrayNode found = Json.mapper().createArrayNode();
    return isFirstPage && Views.isAssistant(graph) ? found.add(Views.assistant()) : found;
  }

  private Route threads() {
    return concat(
        pathEnd(() -> post(threads::make)),
        path("search", () -> post(threads::search)),
        path(PathMatchers.segment(), threads::one),
        path(PathMatchers.segment().slash("state"), threads::state),
        path(
            PathMatchers.segment().slash("state").slash(PathMatchers.segment()),
            (thread, checkpoint) -> threads.state(thread, checkpoint)),
        path(PathMatchers.segment().slash("commands"), stream::commands),
        path(PathMatchers.segment().slash("stream").slash("events"), stream::events),
        path(PathMatchers.segment().slash("history"), threads::history),
        pathPrefix(PathMatchers.segment().slash("runs"), threadRuns::routes));
  }
}
