package dev.agentrooms.webui;

import dev.agentrooms.http.Express;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.NodeStatus;
import dev.agentrooms.http.NodeStatus.Readiness;
import dev.agentrooms.http.Recurring;
import dev.agentrooms.http.access.Access;
import dev.agentrooms.http.access.SignedIn;
import dev.agentrooms.http.edge.HttpServer;
import dev.agentrooms.store.PushedStore;
import dev.agentrooms.store.Store;
import dev.agentrooms.webui.room.Rooms;
import dev.agentrooms.webui.signin.SignInEdge;
import dev.agentrooms.webui.signin.SignIns;
import dev.agentrooms.webui.streams.StreamReading;
import dev.agentrooms.webui.streams.Streams;
import dev.agentrooms.webui.streams.SubscriptionApi;
import dev.agentrooms.webui.watch.OpenSockets;
import dev.agentrooms.webui.watch.RoomDoor;
import dev.agentrooms.webui.watch.SignedInConnections;
import dev.agentrooms.webui.watch.Watchers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Route;

/// Wires the web UI and starts its server.
public final class WebUiServer {

  private static final Duration FORGET_EVERY = Duration.ofSeconds(10);

  private final Rooms rooms;
  private final OpenSockets open;
  private final InetSocketAddress address;

  private WebUiServer(Rooms rooms, OpenSockets open, InetSocketAddress address) {
    this.rooms = rooms;
    this.open = open;
    this.address = address;
  }

  /// @param store of streams, of the list's lines of rooms that are filled from outside, and
  ///     perhaps of rooms
  /// @param outlives whether rooms record their events in the store; otherwise they live in memory
  ///     alone
  /// @param more routes beside the native ones
  public static CompletionStage<WebUiServer> start(
      ActorSystem<?> system,
      WebUiSettings settings,
      Store store,
      boolean outlives,
      List<Doors.More> more,
      NodeStatus status) {
    PushedStore lines = store.pushed();
    PushedRooms pushed = new PushedRooms(lines, InstantSource.system());
    Duration ttl = settings.room().ttl();
    Recurring.every(system, FORGET_EVERY, "forgetting unused lines", () -> lines.forgetUnused(ttl));
    Meters meters = Meters.start(system);
    status.bindTo(meters.registry());
    Rooms rooms = Rooms.start(system, settings.room(), outlives ? store : null, meters.registry());
    OpenSockets open = new OpenSockets();
    SignedInConnections connections = new SignedInConnections();
    SignIns signIns =
        settings.oidc() == null
            ? null
            : SignIns.start(
                system, settings.oidc(), store.signIns(), connections, InstantSource.system());
    Access access =
        new Access(
            settings.access(),
            settings.watch().origins(),
            signIns == null ? SignedIn.NOBODY : signIns,
            InstantSource.system());
    AgentProxy agent = new AgentProxy(settings.agentUrl(), access, open, meters.registry());
    RoomDoor door = new RoomDoor(access, new AgentOwners(agent, rooms));
    Watchers watchers =
        new Watchers(
            rooms, settings.watch(), door, open, connections, SignIns::id, meters.registry());
    Doors doors =
        new Doors(
            settings.hosts(),
            door,
            settings.watch().origins(),
            agent::pass,
            rooms,
            open,
            settings.publicUrl());
    AdminRoutes admin =
        AdminRoutes.start(system, settings, access, agent, store, meters.registry());
    Route signIn =
        new SignInEdge(
                settings.hosts(),
                access,
                settings.watch().origins(),
                signIns,
                settings.publicUrl(),
                settings.http().scheme())
            .routes();
    return streams(system, settings, door, store, rooms, pushed, open)
        .thenCompose(
            streams -> {
              // Others answer for all that is below their first segment, which may be one of ours.
              List<Route> others = new ArrayList<>(streams);
              others.add(signIn);
              more.forEach(each -> others.add(each.routes(doors)));
              WebUiRoutes routes =
                  new WebUiRoutes(
                      settings,
                      access,
                      connections,
                      new RoomRoutes(settings, door, rooms, watchers, pushed),
                      new ProxyRoutes(settings, access, agent, pushed),
                      admin,
                      others,
                      meters,
                      status.with(node -> open.isClosing() ? Readiness.NOT_UP : node));
              CoordinatedShutdown.get(system)
                  .addTask(
                      CoordinatedShutdown.PhaseServiceRequestsDone(),
                      "close-sockets",
                      open::closeAll);
              Express progress =
                  new ExpressProgress(rooms, settings.internalToken(), settings.hosts(), pushed);
              return HttpServer.start(system, settings.http(), meters, routes.routes(), progress)
                  .thenApply(address -> new WebUiServer(rooms, open, address));
            });
  }

  private static CompletionStage<List<Route>> streams(
      ActorSystem<?> system,
      WebUiSettings settings,
      RoomDoor door,
      Store store,
      Rooms rooms,
      PushedRooms pushed,
      OpenSockets open) {
    if (!settings.streams().isOn()) {
      return CompletableFuture.completedFuture(List.of());
    }
    InstantSource clock = InstantSource.system();
    Streams streams = Streams.start(system, store, rooms, pushed::saw);
    StreamReading reading =
        new StreamReading(
            streams,
            settings.streams().longPoll(),
            settings.watch().eventsKeepAlive(),
            open,
            clock);
    return streams
        .subscriptions(system, store, rooms, settings.streams(), StreamRoutes.root(settings))
        .thenApply(
            all ->
                List.of(
                    new StreamRoutes(
                            settings, door, streams, reading, new SubscriptionApi(all), clock)
                        .routes()));
  }

  /// The rooms, for an agent in the same process.
  public Rooms rooms() {
    return rooms;
  }

  /// How many sockets and event streams are open.
  int connections() {
    return open.count();
  }

  public InetSocketAddress address() {
    return address;
  }
}
