package dev.agentrooms.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Problem;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// Binds routes to an address, and unbinds them when the system shuts down.
///
/// It puts Pekko HTTP's server layer on a TCP listener of its own, because what has to be limited
/// is the connection: how many, from where, and how long one may take to say what it wants.
public final class HttpServer {

  private static final Duration REQUESTS_DONE = Duration.ofSeconds(2);
  private static final Duration FAREWELL = Duration.ofSeconds(2);
  private static final ByteString FULL = full();

  private final ServerSettings settings;
  private final Http http;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> handler;
  private final HttpLimits limits;
  private final Connections connections;
  private final @Nullable Express express;
  private final Duration idleTimeout;
  private final Executor executor;
  private final Materializer materializer;
  private final ExpressLane.Server general = new General();
  private final Map<TcpConnection, ExpressLane> lanes = new ConcurrentHashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final CompletableFuture<Done> requestsDone = new CompletableFuture<>();
  private volatile boolean stopping;

  private HttpServer(
      ActorSystem<?> system, HttpLimits limits, Route routes, @Nullable Express express) {
    this.settings = ServerSettings.create(Adapter.toClassic(system));
    this.http = Http.get(system);
    this.handler = routes.function(system);
    this.limits = limits;
    this.express = express;
    this.executor = system.executionContext();
    this.idleTimeout = system.settings().config().getDuration("pekko.http.server.idle-timeout");
    this.connections = new Connections(limits);
    this.materializer = SystemMaterializer.get(system).materializer();
  }

  /// Completes with the address that was bound, or with a [BadSetting] that says why it was not.
  public static CompletionStage<InetSocketAddress> start(
      ActorSystem<?> system, HttpAddress address, HttpLimits limits, Route routes) {
    return start(system, address, limits, routes, null);
  }

  /// @param express answered before the routes are asked
  public static CompletionStage<InetSocketAddress> start(
      ActorSystem<?> system,
      HttpAddress address,
      HttpLimits limits,
      Route routes,
      @Nullable Express express) {
    HttpServer server = new HttpServer(system, limits, routes, express);
    try {
      TcpListener listener =
          TcpListener.bind(
              new InetSocketAddress(address.host(), address.port()),
              server.executor,
              server::accept,
              now -> server.lanes.values().forEach(lane -> lane.onTick(now)));
      system.getWhenTerminated().whenComplete((done, failure) -> listener.stop());
      server.stopWith(CoordinatedShutdown.get(system), address.key(), listener);
      return CompletableFuture.completedFuture(listener.address());
    } catch (BindException e) {
      return CompletableFuture.failedFuture(address.taken());
    } catch (IOException | UnresolvedAddressException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void accept(TcpConnection connection) {
    InetAddress from = connection.remote().getAddress();
    if (!connections.open(from)) {
      // Closed for its part, and cut if the other side does not close as well.
      Flow.fromGraph(new TcpStage(connection, ByteString.emptyByteString()))
          .join(
              Flow.fromSinkAndSource(
                  Flow.of(ByteString.class).completionTimeout(FAREWELL).to(Sink.ignore()),
                  Source.single(FULL)))
          .run(materializer);
      return;
    }
    connection.whenClosed(
        () -> {
          connections.close(from);
          lanes.remove(connection);
        });
    if (express == null) {
      serve(connection, ByteString.emptyByteString());
      return;
    }
    ExpressLane lane = new ExpressLane(connection, express, general, idleTimeout);
    lanes.put(connection, lane);
    lane.open(limits.headTimeout());
  }

  private void serve(TcpConnection connection, ByteString received) {
    TcpStage tcp = new TcpStage(connection, received);
    HeadTimeout.State state = new HeadTimeout.State();
    Takeover takeover = new Takeover(connection, tcp, materializer);
    BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> guard =
        BidiFlow.fromFlows(
            Flow.create(), Flow.fromGraph(new HeadTimeout(limits.headTimeout(), state)));
    Flow<HttpRequest, HttpResponse, NotUsed> answers =
        Flow.of(HttpRequest.class)
            .mapAsync(1, request -> answer(request.addAttribute(Takeover.KEY, takeover), state));
    Flow<ByteString, ByteString, NotUsed> server =
        http.serverLayer(settings, Optional.of(connection.remote()))
            .atop(noTls())
            .atop(guard)
            .reversed()
            .join(answers);
    Flow.fromGraph(tcp).join(server).run(materializer);
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request, HeadTimeout.State state)
      throws Exception {
    state.headArrived();
    requests.incrementAndGet();
    CompletionStage<HttpResponse> answer = handler.apply(request);
    Stages.whenDone(
        answer,
        (response, failure) -> {
          // After a switch of protocols no head will ever come again.
          if (response == null || !response.status().equals(StatusCodes.SWITCHING_PROTOCOLS)) {
            state.answered();
          }
          requestEnded();
        });
    return answer;
  }

  private void requestEnded() {
    if (requests.decrementAndGet() == 0 && stopping) {
      requestsDone.complete(Done.getInstance());
    }
  }

  private void stopWith(CoordinatedShutdown shutdown, String name, TcpListener listener) {
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceUnbind(),
        "unbind-" + name,
        () -> {
          listener.unbind();
          return CompletableFuture.completedFuture(Done.getInstance());
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

  @SuppressWarnings("unchecked") // what comes in is a kind of SslTlsInbound
  private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> noTls() {
    return (BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>)
        (BidiFlow<SslTlsOutbound, ByteString, ByteString, ?, NotUsed>) TLSPlacebo.getInstance();
  }

  private static ByteString full() {
    byte[] body =
        Json.encode(Problem.of(503, "Too many connections", "The server has no room for more."));
    String head =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: "
            + Problem.MEDIA_TYPE
            + "\r\n"
            + SecurityHeaders.lines()
            + "Retry-After: 2\r\nConnection: close\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    return ByteString.fromArray(head.getBytes(UTF_8)).concat(ByteString.fromArray(body));
  }

  private final class General implements ExpressLane.Server {
    @Override
    public void begun() {
      requests.incrementAndGet();
    }

    @Override
    public void ended() {
      requestEnded();
    }

    @Override
    public void takeOver(TcpConnection connection, ByteString received) {
      lanes.remove(connection);
      executor.execute(() -> serve(connection, received));
    }
  }
}
