package dev.agentrooms.webui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.typesafe.config.ConfigFactory;
import dev.agentrooms.http.NodeStatus;
import dev.agentrooms.http.Settings;
import dev.agentrooms.protocol.ProgressAck;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreListener;
import dev.agentrooms.store.StoreSettings;
import dev.agentrooms.store.Stores;
import dev.agentrooms.webui.room.Published;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.Rooms;
import dev.agentrooms.webui.room.TestEvents;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.jspecify.annotations.Nullable;

/// A complete web UI on a free port, in a cluster of its own.
public final class TestWebUi implements AutoCloseable {

  private static final CountDownLatch NEVER = new CountDownLatch(1);
  private static final AtomicLong NAMES = new AtomicLong();

  private final ActorSystem<Void> system;
  private final @Nullable Store ownStore;
  private final WebUiServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  private TestWebUi(ActorSystem<Void> system, @Nullable Store ownStore, WebUiServer server) {
    this.system = system;
    this.ownStore = ownStore;
    this.server = server;
  }

  /// @param settings `key = value`, above the defaults
  public static TestWebUi start(String... settings) {
    return start(null, settings);
  }

  /// @param store where its rooms record their events; null when they live in memory alone
  public static TestWebUi start(@Nullable Store store, String... settings) {
    var lines = new ArrayList<>(List.of(settings));
    lines.addAll(
        List.of(
            "webui.http.port = 0",
            "pekko.cluster.roles = [webui]",
            "pekko.cluster.leader-actions-interval = 100ms",
            "pekko.loglevel = WARNING",
            // A test that is over waits for nothing; `stop` is the server's own way.
            "pekko.coordinated-shutdown.run-by-actor-system-terminate = off"));
    var config =
        ConfigFactory.parseString(String.join("\n", lines)).withFallback(Settings.load()).resolve();
    var system = ActorSystem.<Void>create(Behaviors.empty(), "agent-rooms", config);
    var cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    var kept =
        store == null
            ? Stores.open(StoreSettings.inMemory(), InstantSource.system(), StoreListener.NONE)
            : store;
    return new TestWebUi(
        system,
        store == null ? kept : null,
        await(
            WebUiServer.start(
                system,
                WebUiSettings.from(Settings.of(config)),
                kept,
                store != null,
                List.of(),
                () -> NodeStatus.Readiness.READY)));
  }

  /// A session that no other test has.
  public static String newSession() {
    return "s-" + NAMES.incrementAndGet();
  }

  public InetSocketAddress address() {
    return server.address();
  }

  public Rooms rooms() {
    return server.rooms();
  }

  public ActorSystem<?> system() {
    return system;
  }

  /// Waits until so many sockets and event streams are open.
  public void awaitConnections(int count) throws InterruptedException {
    awaitTrue(() -> server.connections() == count);
  }

  public static void awaitTrue(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within 60 s");
      }
      NEVER.await(10, MILLISECONDS);
    }
  }

  public ProgressAck publish(String sessionId, String eventId) {
    return ack(rooms().publish(TestEvents.event(sessionId, eventId), null));
  }

  public ProgressAck publish(String sessionId, String eventId, String message) {
    return ack(rooms().publish(TestEvents.event(sessionId, eventId, message), null));
  }

  private static ProgressAck ack(CompletionStage<Published> published) {
    return switch (await(published)) {
      case Published.Taken(ProgressAck ack) -> ack;
      case Published.OutOfTurn why -> throw new AssertionError(why);
      case Refused refused -> throw new AssertionError(refused);
    };
  }

  /// Publishes `from`e … `to`e, one after the other.
  public void publish(String sessionId, int from, int to) {
    for (int i = from; i <= to; i++) {
      publish(sessionId, "e" + i);
    }
  }

  public TestSocket connect() throws IOException {
    return TestSocket.open(address());
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address().getPort() + path));
  }

  public HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  public CompletableFuture<HttpResponse<InputStream>> sendLive(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  /// What `/metrics` says of a meter that has no tags.
  public double metric(String name) {
    try {
      return get("/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public TestEventStream events(String query, String... headers) throws Exception {
    var request = request("/api/events?" + query);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return TestEventStream.of(
        http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
  }

  /// Stops as a process does that is told to.
  public CompletionStage<Done> stop() {
    return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason());
  }

  public static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(60, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    http.close();
    system.terminate();
    await(system.getWhenTerminated());
    if (ownStore != null) {
      ownStore.close();
    }
  }
}
