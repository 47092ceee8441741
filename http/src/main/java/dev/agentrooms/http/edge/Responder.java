package dev.agentrooms.http.edge;

import dev.agentrooms.http.Problems;
import dev.agentrooms.http.SecurityHeaders;
import dev.agentrooms.http.Stages;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the requests of a connection answered: by its server's short cut or by its routes. Whatever
/// thread the answer comes from, it is given on the connection's loop.
final class Responder {

  private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

  private final HttpServer server;
  private final EventLoops.NettyLoop loop;
  private final @Nullable InetSocketAddress remote;

  Responder(HttpServer server, EventLoops.NettyLoop loop, @Nullable InetSocketAddress remote) {
    this.server = server;
    this.loop = loop;
    this.remote = remote;
  }

  /// @param answer gets what is to be answered as JSON
  /// @return false when the routes are to answer
  boolean shortCut(Exchange exchange, Consumer<Object> answer) {
    try {
      return server.shortCut(
          name -> Requests.only(exchange.request(), name),
          exchange.body().gathered().toArrayUnsafe(),
          value -> loop.execute(() -> answer.accept(value)));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("the routes are to answer, because of a mistake of ours", e);
      return false;
    }
  }

  void routes(Exchange exchange, Consumer<HttpResponse> answer) {
    var request = Requests.toPekko(exchange.request(), exchange.body().entity(), remote, loop);
    if (request == null) {
      exchange.endConnection();
      answer.accept(Responses.problem(Requests.NO_TARGET));
      return;
    }
    Stages.whenDone(
        server.route(request),
        (response, failure) -> {
          HttpResponse answered =
              response == null ? SecurityHeaders.on(Problems.internal()) : response;
          if (loop.inLoop()) {
            answer.accept(answered);
          } else {
            loop.execute(() -> answer.accept(answered));
          }
        });
  }
}
