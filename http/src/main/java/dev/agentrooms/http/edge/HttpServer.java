package dev.agentrooms.http.edge;

import dev.agentrooms.http.Express;
import dev.agentrooms.http.HttpAddress;
import dev.agentrooms.http.HttpLimits;
import dev.agentrooms.http.HttpSettings;
import dev.agentrooms.http.Meters;
import dev.agentrooms.http.Problems;
import dev.agentrooms.http.SecurityHeaders;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Binds routes to an address, and unbinds them when the system shuts down.
public final class HttpServer {

  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final Logger ACCESS = LoggerFactory.getLogger("access");
  private static final Duration REQUESTS_DONE = Duration.ofSeconds(2);
  private static final int BACKLOG = 4096;
  // What a channel takes before it says that it has no room.
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);
  // A longer body takes long enough to parse that others would wait for it.
  private static final int LOOP_BODY_BYTES = 64 * 1024;

  private final HttpSettings settings;
  private final @Nullable Express express;
  private final org.apache.pekko.japi.function.Function<HttpRequest, CompletionStage<HttpResponse>>
      handler;
  private final Executor executor;
  private final Materializer materializer;
  private final EventLoops loops;
  private final Connections connections;
  private final BodyMemory bodies;
  private final EdgeMetrics metrics;
  private final AtomicInteger requests = new AtomicInteger();
  private final CompletableFuture<Done> requestsDone = new CompletableFuture<>();
  private volatile boolean stopping;

  private HttpServer(
      ActorSystem<?> system,
      HttpSettings settings,
      Meters meters,
      Route routes,
      @Nullable Express express) {
    this.settings = settings;
    this.express = express;
    this.handler = routes.function(system);
    this.executor = system.executionContext();
    this.materializer = SystemMaterializer.get(system).materializer();
    this.loops = EventLoops.of(system);
    this.connections = new Connections(settings.limits());
    this.bodies = new BodyMemory(settings.limits().maxBodyMemory());
    this.metrics = new EdgeMetrics(meters.registry(), connections::count, bodies::held);
  }

  /// Completes with the address that was bound, or with a [dev.agentrooms.http.BadSetting] that
  /// says why it was not.
  ///
  /// @param express answered before the routes are asked; null for none
  public static CompletionStage<InetSocketAddress> start(
      ActorSystem<?> system,
      HttpSettings settings,
      Meters meters,
      Route routes,
      @Nullable Express express) {
    HttpServer server = new HttpServer(system, settings, meters, routes, express);
    Certificates certificates =
        settings.tls() == null ? null : Certificates.load(system, settings.tls());
    HttpAddress at = settings.address();
    CompletableFuture<InetSocketAddress> bound = new CompletableFuture<>();
    new ServerBootstrap()
        .group(server.loops.group())
        .channel(server.loops.serverChannel())
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.ALLOCATOR, server.loops.allocator())
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .handler(new AcceptBackOff(server.metrics))
        .childHandler(new Pipeline(server, certificates))
        .bind(at.host(), at.port())
        .addListener(
            (io.netty.channel.ChannelFuture binding) -> {
              if (binding.isSuccess()) {
                server.stopWith(CoordinatedShutdown.get(system), at.key(), binding.channel());
                bound.complete((InetSocketAddress) binding.channel().localAddress());
              } else {
                bound.completeExceptionally(at.taken());
              }
            });
    return bound;
  }

  EventLoops loops() {
    return loops;
  }

  HttpLimits limits() {
    return settings.limits();
  }

  Connections connections() {
    return connections;
  }

  BodyMemory bodies() {
    return bodies;
  }

  EdgeMetrics metrics() {
    return metrics;
  }

  Materializer materializer() {
    return materializer;
  }

  boolean isShortCut(String method, String path) {
    return express != null && express.isFor(method, path);
  }

  /// @return false when the routes are to answer
  boolean shortCut(
      Function<String, @Nullable String> headers, byte[] body, Consumer<Object> answer) {
    return express != null && express.answer(headers, body, answer);
  }

  /// Asks the routes: on the loop, unless there is much to parse.
  CompletionStage<HttpResponse> route(HttpRequest request) {
    boolean isShort =
        request.entity() instanceof HttpEntity.Strict strict
            && strict.getData().size() <= LOOP_BODY_BYTES;
    if (isShort) {
      return routed(request);
    }
    return CompletableFuture.supplyAsync(() -> routed(request), executor).thenCompose(it -> it);
  }

  private CompletionStage<HttpResponse> routed(HttpRequest request) {
    try {
      return handler.apply(request);
    } catch (Exception | StackOverflowError e) {
      LOG.error("{} failed", request.method().name(), e);
      return CompletableFuture.completedFuture(SecurityHeaders.on(Problems.internal()));
    }
  }

  void begun() {
    requests.incrementAndGet();
  }

  /// @param status 0 when the connection ended before the answer
  void ended(Exchange exchange, int status) {
    if (settings.accessLog()) {
      ACCESS.info(
          "{} {} {} {} ms",
          exchange.request().method(),
          Requests.path(exchange.request()),
          status,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - exchange.begunAt()));
    }
    if (requests.decrementAndGet() == 0 && stopping) {
      requestsDone.complete(Done.getInstance());
    }
  }

  /// Whether clients are to go elsewhere with their next request.
  boolean isLeaving() {
    return loops.departure() != Departure.NONE;
  }

  /// Whether no connection is held for its next request.
  boolean isClosing() {
    return loops.departure() == Departure.CLOSING;
  }

  boolean saysTiming() {
    return settings.serverTiming();
  }

  /// Tells the clients of all servers of `system` that it stops soon, before it does: answers carry
  /// `Connection: close`, and connections of HTTP/2 take no new streams. Nothing is refused yet.
  public static void announceStop(ActorSystem<?> system) {
    var _ = EventLoops.of(system).depart(Departure.ANNOUNCED);
  }

  private void stopWith(CoordinatedShutdown shutdown, String name, Channel listener) {
    shutdown.addTask(
        CoordinatedShutdown.PhaseBeforeServiceUnbind(),
        "announce-" + name,
        () -> loops.depart(Departure.ANNOUNCED));
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceUnbind(),
        "unbind-" + name,
        () -> {
          CompletableFuture<Done> closed = new CompletableFuture<>();
          listener.close().addListener(done -> closed.complete(Done.getInstance()));
          return closed.thenCompose(done -> loops.depart(Departure.CLOSING));
        });
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceRequestsDone(),
        "finish-requests-" + name,
        () -> {
          stopping = true;
          if (requests.get() == 0) {
            requestsDone.complete(Done.getInstance());
          }
          return requestsDone.completeOnTimeout(
              Done.getInstance(), REQUESTS_DONE.toMillis(), TimeUnit.MILLISECONDS);
        });
  }
}
