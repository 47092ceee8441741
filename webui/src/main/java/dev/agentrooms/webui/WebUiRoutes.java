package dev.agentrooms.webui;

import dev.agentrooms.http.Meters;
import dev.agentrooms.http.NodeStatus;
import dev.agentrooms.http.SecurityHeaders;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.access.GuardedEdge;
import dev.agentrooms.webui.page.Page;
import dev.agentrooms.webui.signin.SignIns;
import dev.agentrooms.webui.watch.SignedInConnections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/// All routes of the web UI: rooms, the agent's API, the page, health and metrics. Translation
/// only, no decisions.
final class WebUiRoutes extends GuardedEdge {

  private final RoomRoutes rooms;
  private final ProxyRoutes agent;
  private final AdminRoutes admin;
  private final List<Route> more;
  private final Meters meters;
  private final NodeStatus node;
  private final SignedInConnections connections;
  // Packing takes a while, which the start does not wait for.
  private final CompletionStage<Page> page;

  WebUiRoutes(
      WebUiSettings settings,
      Access access,
      SignedInConnections connections,
      RoomRoutes rooms,
      ProxyRoutes agent,
      AdminRoutes admin,
      List<Route> more,
      Meters meters,
      NodeStatus node) {
    super(settings.hosts(), access);
    this.connections = connections;
    this.rooms = rooms;
    this.agent = agent;
    this.admin = admin;
    this.more = List.copyOf(more);
    this.meters = meters;
    this.node = node;
    this.page = CompletableFuture.supplyAsync(() -> new Page(settings.brand()));
  }

  Route routes() {
    Route routes =
        sealed(
            concat(health(node), metrics(meters)),
            concat(
                documents(),
                pathSingleSlash(() -> file("index.html")),
                path("admin", () -> file("admin.html")),
                pathPrefix("page", () -> path(PathMatchers.remaining(), this::file)),
                identified(
                    whileSignedIn(
                        concat(
                            rooms.routes(),
                            pathPrefix(
                                "api",
                                () -> concat(pathPrefix("agent", agent::routes), admin.routes())),
                            concat(reject(), more.toArray(Route[]::new)))))));
    return mapResponse(SecurityHeaders::on, () -> routes);
  }

  private Route whileSignedIn(Route routes) {
    return extractRequest(
        request -> {
          String signIn = SignIns.id(request);
          return signIn == null
              ? routes
              : mapResponse(answer -> connections.ending(signIn, answer), () -> routes);
        });
  }

  private Route file(String path) {
    return extractRequest(
        request ->
            onSuccess(
                page,
                packed ->
                    packed
                        .answer(request, path)
                        .map(answer -> get(() -> complete(answer)))
                        .orElseGet(this::reject)));
  }
}
