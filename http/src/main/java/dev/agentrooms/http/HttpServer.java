package dev.agentrooms.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Problem;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.FutureConverters;
import scala.util.Try;

/// Binds routes to an address, and unbinds them when the system shuts down.
///
/// It puts Pekko HTTP's server layer on a TCP listener of its own, because what has to be limited
// is
/// the connection: how many there are, from where, and how long one may take to say what it wants.
public final class HttpServer {

  private static final int BACKLOG = 4096;
  private static final Duration REQUESTS_DONE = Duration.ofSeconds(2);
  private static final Duration FAREWELL = Duration.ofSeconds(2);
  private static final ByteString FULL = full();

  private final ServerSettings settings;
  private final Http http;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> handler;
  private final HttpLimits limits;
  private final Connections connections;
  private final Materializer materializer;
  private final AtomicInteger requests = new AtomicInteger();
  private final CompletableFuture<Done> requestsDone = new CompletableFuture<>();
  private volatile boolean stopping;

  private HttpServer(ActorSystem<?> system, HttpLimits limits, Route routes) {
    this.settings = ServerSettings.create(Adapter.toClassic(system));
    this.http = Http.get(system);
    this.handler = routes.function(system);
    this.limits = limits;
    this.connections = new Connections(limits);
    this.materializer = SystemMaterializer.get(system).materializer();
  }

  /// Completes with the address that was bound, or with a [BadSetting] that says why it was not.
  public static CompletionStage<InetSocketAddress> start(
      ActorSystem<?> system, HttpAddress address, HttpLimits limits, Route routes) {
    if (isTaken(address)) {
      return CompletableFuture.failedFuture(address.taken());
    }
    HttpServer server = new HttpServer(system, limits, routes);
    List<Inet.SocketOption> options = List.of(TcpSO.tcpNoDelay(true));
    return Tcp.get(system)
        .bind(address.host(), address.port(), BACKLOG, options, true, Optional.empty())
        .to(Sink.foreach(server::accept))
        .run(server.materializer)
        .handle(
            (binding, failure) -> {
              if (failure != null) {
                throw new CompletionException(refusal(address, failure));
              }
              server.stopWith(CoordinatedShutdown.get(system), address.key(), binding);
              return binding.localAddress();
            });
  }

  private void accept(Tcp.IncomingConnection connection) {
    InetAddress from = connection.remoteAddress().getAddress();
    if (!connections.open(from)) {
      // Closed for its part, and cut if the other side does not close as well.
      connection.handleWith(
          Flow.fromSinkAndSource(
              Flow.of(ByteString.class).completionTimeout(FAREWELL).to(Sink.ignore()),
              Source.single(FULL)),
          materializer);
      return;
    }
    HeadTimeout.State state = new HeadTimeout.State();
    BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> guard =
        BidiFlow.fromFlows(
            Flow.create(), Flow.fromGraph(new HeadTimeout(limits.headTimeout(), state)));
    Flow<HttpRequest, HttpResponse, NotUsed> answers =
        Flow.of(HttpRequest.class)
            .mapAsync(1, request -> answer(request, connection.remoteAddress(), state));
    Flow<ByteString, ByteString, NotUsed> server =
        http.serverLayer(settings, Optional.of(connection.remoteAddress()))
            .atop(noTls())
            .atop(guard)
            .reversed()
            .join(answers);
    connection
        .flow()
        .watchTermination(
            (ignored, ended) -> {
              whenDone(ended, done -> connections.close(from));
              return NotUsed.getInstance();
            })
        .joinMat(server, Keep.left())
        .run(materializer);
  }

  private CompletionStage<HttpResponse> answer(
      HttpRequest request, InetSocketAddress from, HeadTimeout.State state) throws Exception {
    state.headArrived();
    requests.incrementAndGet();
    CompletionStage<HttpResponse> answer =
        handler.apply(
            request.addAttribute(AttributeKeys.remoteAddress, RemoteAddress.create(from)));
    whenDone(
        answer,
        done -> {
          // After a switch of protocols no head will ever come again.
          if (done.isFailure() || !done.get().status().equals(StatusCodes.SWITCHING_PROTOCOLS)) {
            state.answered();
          }
          if (requests.decrementAndGet() == 0 && stopping) {
            requestsDone.complete(Done.getInstance());
          }
        });
    return answer;
  }

  // Where the stage completes. A stage of Pekko's own calls back in the JVM's common pool, which
  // has
  // few threads, and which anybody may block.
  private static <T> void whenDone(CompletionStage<T> stage, Consumer<Try<T>> then) {
    FutureConverters.asScala(stage)
        .onComplete(
            done -> {
              then.accept(done);
              return NotUsed.getInstance();
            },
            ExecutionContext.parasitic$.MODULE$);
  }

  private void stopWith(CoordinatedShutdown shutdown, String name, Tcp.ServerBinding binding) {
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceUnbind(),
        "unbind-" + name,
        () -> binding.unbind().thenApply(unbound -> Done.getInstance()));
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

  /// Looked for beforehand, because Pekko says it with forty lines in the log.
  private static boolean isTaken(HttpAddress address) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address.host(), address.port()));
      return false;
    } catch (BindException e) {
      return true;
    } catch (IOException e) {
      // Whatever it is, Pekko will meet it as well.
      return false;
    }
  }

  private static Throwable refusal(HttpAddress address, Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof BindException) {
        return address.taken();
      }
    }
    // Pekko says of a port that is taken no more than that it could not bind.
    return failure.getMessage() != null && failure.getMessage().contains("Bind failed")
        ? address.taken()
        : failure;
  }
}
