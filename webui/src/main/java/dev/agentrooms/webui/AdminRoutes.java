package dev.agentrooms.webui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.AllowedHosts;
import dev.agentrooms.http.NodeReports;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.access.AuditTrail;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.GuardedEdge;
import dev.agentrooms.http.access.Rules;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.store.Store;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/// What operators see, with the scope `admin`: the agent's overview, each web UI's rooms and
/// watchers, and who did what to a session.
final class AdminRoutes extends GuardedEdge {

  private static final Uri AGENT = Uri.create("/api/agent/overview");

  // Of each node, so that the report of one fits into one message.
  private static final int MOST_LINES = 100;

  private final AgentProxy agent;
  private final NodeReports nodes;
  private final NodeReports trails;
  private final Store store;

  private AdminRoutes(
      AllowedHosts hosts,
      Access access,
      AgentProxy agent,
      NodeReports nodes,
      NodeReports trails,
      Store store) {
    super(hosts, access);
    this.agent = agent;
    this.nodes = nodes;
    this.trails = trails;
    this.store = store;
  }

  static AdminRoutes start(
      ActorSystem<?> system,
      WebUiSettings settings,
      Access access,
      AgentProxy agent,
      Store store,
      MeterRegistry meters) {
    NodeReports nodes =
        NodeReports.start(
            system,
            "webui",
            () ->
                Json.object()
                    .put("rooms", gauged(meters, "agentrooms.rooms"))
                    .put("subscribers", gauged(meters, "agentrooms.subscribers"))
                    .put("watchers", gauged(meters, "agentrooms.watchers"))
                    .put("copies", gauged(meters, "agentrooms.copies")));
    NodeReports trails =
        NodeReports.start(
            system,
            "webui",
            "webui-audit",
            sessionId -> {
              ObjectNode trail = Json.object();
              trail.putArray("lines").addAll(access.trail().about(sessionId, MOST_LINES));
              return trail;
            });
    return new AdminRoutes(settings.hosts(), access, agent, nodes, trails, store);
  }

  private static long gauged(MeterRegistry meters, String name) {
    return Math.round(meters.find(name).gauges().stream().mapToDouble(Gauge::value).sum());
  }

  /// Below `/api`.
  Route routes() {
    return pathPrefix(
        "admin",
        () ->
            concat(
                path("overview", () -> get(() -> called(this::overview))),
                path(
                    PathMatchers.segment("sessions").slash(PathMatchers.segment()).slash("audit"),
                    id -> get(() -> called(caller -> audit(caller, sessionId(id)))))));
  }

  private Route audit(Caller caller, String sessionId) {
    return granted(
        Rules.general(caller, Scope.ADMIN, false),
        null,
        until ->
            onSuccess(
                trails.all(sessionId),
                nodes -> {
                  ObjectNode trail = Json.object().put("session_id", sessionId);
                  trail.put("kept", access.isOpen() ? 0 : AuditTrail.KEPT);
                  trail.set("nodes", nodes);
                  return json(200, trail);
                }));
  }

  private Route overview(Caller caller) {
    return granted(
        Rules.general(caller, Scope.ADMIN, false),
        null,
        until ->
            extractRequest(
                request -> {
                  CompletionStage<HttpResponse> agents =
                      agent.pass(request.withUri(AGENT), new byte[0]);
                  return onSuccess(
                      nodes.all().thenCombine(agents, this::overview), all -> json(200, all));
                }));
  }

  private ObjectNode overview(JsonNode webUis, HttpResponse agents) {
    ObjectNode all = Json.object();
    all.set("nodes", webUis);
    all.putObject("store").put("up", store.trouble().isEmpty()).put("waiting", store.waiting());
    // The web UI has something to say without the agent, too.
    all.set(
        "agent",
        agents.status().intValue() == 200 && agents.entity() instanceof HttpEntity.Strict whole
            ? Json.parseAnswer(whole.getData().toArray())
            : Json.mapper().nullNode());
    return all;
  }
}
