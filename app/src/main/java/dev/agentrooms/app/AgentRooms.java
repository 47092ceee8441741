package dev.agentrooms.app;

import com.typesafe.config.Config;
import dev.agentrooms.adapters.Adapters;
import dev.agentrooms.agent.Additions;
import dev.agentrooms.agent.AgentServer;
import dev.agentrooms.agent.AgentSettings;
import dev.agentrooms.agent.NotesWiring;
import dev.agentrooms.agent.ProgressSink;
import dev.agentrooms.app.cluster.ClusterSettings;
import dev.agentrooms.app.cluster.Node;
import dev.agentrooms.http.BadSetting;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.NodeStatus;
import dev.agentrooms.http.Settings;
import dev.agentrooms.http.edge.HttpServer;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreSettings;
import dev.agentrooms.webui.WebUiServer;
import dev.agentrooms.webui.WebUiSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running process: the agent, the web UI and the mocks, or some of them.
final class AgentRooms implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AgentRooms.class);

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private final Map<Role, String> urls = new EnumMap<>(Role.class);
  private @Nullable StandIns mocks;
  private @Nullable ActorSystem<Void> system;
  private @Nullable Node node;
  private @Nullable AgentServer agentServer;

  private NotesWiring.@Nullable Reading notes;
  private @Nullable Store store;
  private String kept = "no store";

  private AgentRooms() {}

  /// Starts `named`, or all roles that are wanted when it is empty, and returns when they serve.
  ///
  /// @throws BadSetting when a setting is invalid
  static AgentRooms start(Config config, Set<Role> named) {
    return start(config, named, Additions.NONE);
  }

  /// @param additions what code of this process brings
  /// @throws BadSetting when a setting is invalid
  static AgentRooms start(Config config, Set<Role> named, Additions additions) {
    AgentRooms started = new AgentRooms();
    try {
      started.startAll(config, named, additions);
      return started;
    } catch (RuntimeException | Error e) {
      // Without a cluster the rest of the start fails, in ways that do not say why.
      Optional<RuntimeException> notJoined =
          Optional.ofNullable(started.node).flatMap(Node::failure);
      started.close();
      if (notJoined.isPresent()) {
        throw notJoined.get();
      }
      throw e;
    }
  }

  /// The address of each role.
  Map<Role, String> urls() {
    return Map.copyOf(urls);
  }

  /// Where sessions and rooms are kept, in words.
  String kept() {
    return kept;
  }

  /// The actor system of agent and web UI; empty when this process has neither.
  Optional<ActorSystem<Void>> system() {
    return Optional.ofNullable(system);
  }

  /// Completes when [#system] has ended.
  Optional<CompletionStage<?>> end() {
    return Optional.ofNullable(system).map(ActorSystem::getWhenTerminated);
  }

  private void startAll(Config config, Set<Role> named, Additions additions) {
    Settings settings = Settings.of(config);
    // All settings are read first, so that with an invalid one nothing starts.
    HttpAddress mocksAt = HttpAddress.from(settings, "mocks.http").resolvable();
    AgentSettings agent = AgentSettings.from(settings, additions);
    Set<Role> roles = UpSettings.roles(named, agent, settings);
    agent.http().address().resolvable();
    WebUiSettings webUi = roles.contains(Role.WEBUI) ? WebUiSettings.from(settings) : null;
    ClusterSettings cluster = ClusterSettings.from(settings);
    StoreSettings stored = NodeStore.settings(settings, roles);
    cluster.requireShared(stored.kind() == StoreSettings.Kind.POSTGRESQL);
    if (roles.contains(Role.AGENT) && webUi == null) {
      agent.progress().requireHttp();
    }
    if (roles.contains(Role.AGENT)) {
      agent.access().requireFor(agent.http().address());
    }

    if (roles.contains(Role.MOCKS)) {
      mocks = StandIns.start(mocksAt);
      urls.put(Role.MOCKS, mocks.url());
    }
    if (webUi == null && !roles.contains(Role.AGENT)) {
      return;
    }
    NotesWiring.Reading reading = null;
    if (roles.contains(Role.AGENT)) {
      // The longest of all that has to be done before it is ready; it needs nothing of the rest.
      reading = agent.notes().read(InstantSource.system());
      notes = reading;
    }
    StoreReport report = new StoreReport();
    Store opened = NodeStore.open(stored, report);
    store = opened;
    boolean outlives = stored.kind() != StoreSettings.Kind.MEMORY;
    kept =
        switch (stored.kind()) {
          case MEMORY -> "store in memory, so that nothing outlives this process";
          case FILE -> "store in " + stored.dir();
          case POSTGRESQL -> "store in PostgreSQL";
        };
    ActorSystem<Void> started = Node.start(config, words(roles), cluster);
    system = started;
    opened.checked().exceptionally(damaged -> end(started, damaged));
    Node member = Node.of(system, cluster, opened.members());
    node = member;
    NodeStatus status = new ThisNode(member, opened, report);
    ProgressSink room = null;
    if (webUi != null) {
      WebUiServer server =
          await(
              member.unlessItFails(
                  WebUiServer.start(
                      system, webUi, opened, outlives, List.of(new Adapters()), status)));
      urls.put(Role.WEBUI, url(webUi.http(), server.address()));
      room = new RoomSink(server.rooms());
    }
    if (reading != null) {
      agentServer =
          await(
              member.unlessItFails(
                  AgentServer.start(system, agent, reading, opened, outlives, room, status)));
      urls.put(Role.AGENT, url(agent.http(), agentServer.address()));
    }
    await(member.joined(), cluster.joinTimeout().plus(START_TIMEOUT));
  }

  // Nobody may write to a store whose files are damaged.
  private static @Nullable Void end(ActorSystem<?> system, Throwable damaged) {
    LOG.error("{}", damaged.getMessage());
    system.terminate();
    return null;
  }

  /// Stops everything at once. What was accepted goes on at the next start, unless the store goes
  /// with this process: then it is cancelled.
  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  /// Shuts down gracefully. A node that is alone refuses new runs, and waits for those in flight;
  /// one of several goes on serving until load balancers know, and hands over what still runs. Then
  /// sockets are closed, and the rest stops.
  ///
  /// @param grace how long runs in flight may go on; at zero everything stops at once
  void stop(Duration grace) {
    // A node that its cluster has removed has stopped by itself.
    boolean hasStopped = system != null && system.whenTerminated().isCompleted();
    if (node != null) {
      node.leaves();
    }
    boolean leaves = node != null && node.isOfMany() && !hasStopped && !grace.isZero();
    if (leaves) {
      serveUntilNobodyAsks();
    }
    if (agentServer != null && !hasStopped) {
      await(agentServer.drain(grace, leaves), grace.plus(STOP_TIMEOUT));
      agentServer = null;
    }
    if (system != null && !hasStopped) {
      await(
          CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason()),
          STOP_TIMEOUT);
      system = null;
    }
    if (node != null) {
      node.close();
      node = null;
    }
    if (notes != null) {
      notes.close();
      notes = null;
    }
    if (store != null) {
      store.close();
      store = null;
    }
    if (mocks != null) {
      mocks.close();
      mocks = null;
    }
  }

  /// Load balancers find out that this node is not ready, and clients that they are to go
  /// elsewhere.
  private void serveUntilNobodyAsks() {
    if (node != null && system != null) {
      LOG.info("this node leaves the cluster; it serves for {} more", node.leaveDelay());
      HttpServer.announceStop(system);
      var _ =
          new CompletableFuture<Void>()
              .completeOnTimeout(null, node.leaveDelay().toMillis(), TimeUnit.MILLISECONDS)
              .join();
    }
  }

  private static String url(HttpSettings asked, InetSocketAddress bound) {
    String name = asked.address().host();
    String host = name.contains(":") ? "[" + name + "]" : name;
    return asked.scheme() + "://" + host + ":" + bound.getPort();
  }

  private static <T> T await(CompletionStage<T> stage) {
    return await(stage, START_TIMEOUT);
  }

  private static <T> T await(CompletionStage<T> stage, Duration patience) {
    try {
      return stage.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      while (cause instanceof CompletionException && cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static SortedSet<String> words(Set<Role> roles) {
    return roles.stream().map(Role::word).collect(Collectors.toCollection(TreeSet::new));
  }
}
