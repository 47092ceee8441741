package dev.agentrooms.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import dev.agentrooms.agent.ProgressSink.Outcome;
import dev.agentrooms.http.NodeStatus;
import dev.agentrooms.http.Settings;
import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.StepWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.jspecify.annotations.Nullable;

/// A complete agent on a port of its own, with a fake web UI that records events.
final class AgentNode implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final ActorSystem<Void> system;
  private final AgentServer server;
  private final URI uri;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, List<ProgressEvent>> told = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<ProgressEvent>> ends = new ConcurrentHashMap<>();

  /// @param settings on top of the defaults
  AgentNode(String settings) throws Exception {
    var config =
        ConfigFactory.parseString(settings)
            .withFallback(
                ConfigFactory.parseString(
                    """
                    agent.http.port = 0
                    pekko.cluster.roles = [agent]
                    pekko.loglevel = ERROR
                    pekko.stdout-loglevel = OFF
                    """))
            .withFallback(Settings.load());
    system = ActorSystem.create(Behaviors.empty(), "agent-node", config);
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    server =
        AgentServer.start(
                system,
                AgentSettings.from(Settings.of(config)),
                NotesWiring.NONE.read(InstantSource.system()),
                Given.store(),
                false,
                this::deliver,
                () -> NodeStatus.Readiness.READY)
            .toCompletableFuture()
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    uri = URI.create("http://127.0.0.1:" + server.address().getPort());
  }

  /// The number of sessions, including those that are not listed.
  long sessions() {
    return AskPattern.<ClusterShardingQuery, CurrentShardRegionState>ask(
            ClusterSharding.get(system).shardState(),
            replyTo -> new GetShardRegionState(Sessions.TYPE, replyTo),
            Duration.ofSeconds(PATIENCE_SECONDS),
            system.scheduler())
        .toCompletableFuture()
        .join()
        .getShards()
        .stream()
        .mapToLong(shard -> shard.getEntityIds().size())
        .sum();
  }

  CompletableFuture<Done> drain(Duration grace) {
    return server.drain(grace, false).toCompletableFuture();
  }

  /// Blocks the actors of these sessions, as under overload.
  CountDownLatch hold(String sessionId) {
    CountDownLatch release = new CountDownLatch(1);
    held.put(sessionId, release);
    return release;
  }

  private CompletableFuture<Outcome> deliver(
      ProgressEvent event, Delivery number, @Nullable String traceparent) {
    try {
      CountDownLatch hold = held.get(event.sessionId());
      if (hold != null && !hold.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody let go of " + event.sessionId());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String runId = String.valueOf(event.runId());
    List<ProgressEvent> known = told.computeIfAbsent(runId, id -> new CopyOnWriteArrayList<>());
    // As a room does: an event whose answer a session did not wait for comes again in its next
    // life.
    if (known.stream().noneMatch(each -> each.eventId().equals(event.eventId()))) {
      known.add(event);
    }
    if (StepWords.isTerminal(event.step())) {
      end(runId).complete(event);
    }
    return CompletableFuture.completedFuture(Outcome.DELIVERED);
  }

  private CompletableFuture<ProgressEvent> end(String runId) {
    return ends.computeIfAbsent(runId, id -> new CompletableFuture<>());
  }

  ProgressEvent awaitEnd(String runId) throws Exception {
    return end(runId).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  List<String> steps(String runId) {
    return told(runId).stream().map(ProgressEvent::step).toList();
  }

  List<ProgressEvent> told(String runId) {
    return told.getOrDefault(runId, List.of());
  }

  /// An answer of the agent, its body as JSON.
  record Answer(int status, HttpResponse<byte[]> response) {

    JsonNode json() {
      return Json.parseAnswer(response.body());
    }

    String text(String field) {
      return json().path(field).asText();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  Answer run(String body, String... headers) throws Exception {
    return post("/api/agent/run", body, headers);
  }

  Answer post(String path, String body, String... headers) throws Exception {
    return send("POST", path, body, headers);
  }

  Answer get(String path) throws Exception {
    return send("GET", path, "");
  }

  Answer send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(uri + path))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    boolean hasType = false;
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
      hasType |= headers[i].equals("Content-Type");
    }
    if (!hasType) {
      request.header("Content-Type", "application/json");
    }
    HttpResponse<byte[]> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() >= 400) {
      assertThat(response.headers().firstValue("Content-Type"))
          .contains("application/problem+json");
      assertThat(Json.parse(response.body()).path("status").asInt())
          .isEqualTo(response.statusCode());
    }
    return new Answer(response.statusCode(), response);
  }

  /// Opens a stream, and returns after its first event or comment.
  CompletableFuture<String> follow(String path, String... headers) throws Exception {
    return followTo("", path, headers);
  }

  /// Opens a stream, and returns when this has been read of it.
  CompletableFuture<String> followTo(String awaited, String path, String... headers)
      throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri + path)).headers(headers).build();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    StringBuilder read = new StringBuilder();
    do {
      byte[] next = response.body().readNBytes(1);
      assertThat(next).as(read.toString()).hasSize(1);
      // Up to the awaited words all is ASCII.
      read.append((char) next[0]);
    } while (!read.toString().contains(awaited));
    String first = read.toString();
    return CompletableFuture.supplyAsync(
        () -> {
          try (InputStream rest = response.body()) {
            return first + new String(rest.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public void close() {
    client.shutdownNow();
    system.terminate();
    system
        .getWhenTerminated()
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
