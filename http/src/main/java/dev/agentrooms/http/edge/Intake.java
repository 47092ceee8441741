package dev.agentrooms.http.edge;

import dev.agentrooms.http.edge.EdgeMetrics.Cut;
import dev.agentrooms.http.edge.Exchange.Answer;
import dev.agentrooms.http.edge.Grammar.Fault;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What becomes of what a client sends: heads and bodies are made into exchanges, which
/// [Answering] gets. What comes next is its [Phase].
final class Intake {

  private static final long GATHER_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final String NO_ROOM = "Too many bodies are being sent at once.";

  private sealed interface Phase {

    /// The head of a request is next. Requests before it may be being answered.
    record Listening() implements Phase {}

    /// The body of a request is next.
    record Receiving(Exchange exchange) implements Phase {}

    /// The rest of a body is next, whose request is answered. It is thrown away.
    ///
    /// @param by when its end is waited for no longer
    record Draining(IncomingBody body, long by) implements Phase {}

    /// Nothing is next: the connection ends when what was asked is answered.
    record Deaf() implements Phase {}
  }

  private final HttpServer server;
  private final Channel channel;
  private final Wire wire;
  private final Answering answering;
  private final Runnable closeGently;
  private final HeadWait headWait = new HeadWait(System.nanoTime());
  private Phase phase = new Phase.Listening();

  /// @param closeGently ends the connection, when all has been said
  Intake(HttpServer server, Channel channel, Wire wire, Answering answering, Runnable closeGently) {
    this.server = server;
    this.channel = channel;
    this.wire = wire;
    this.answering = answering;
    this.closeGently = closeGently;
  }

  /// @param message what the decoder made of what came
  void onMessage(Object message) {
    if (message instanceof HttpRequest request && phase instanceof Phase.Listening) {
      onHead(request);
    }
    if (message instanceof HttpContent content) {
      switch (phase) {
        case Phase.Receiving(Exchange exchange) -> onContent(exchange, content);
        case Phase.Draining(IncomingBody body, _) -> onRest(body, content);
        case Phase.Listening _ when !headWait.hasSpoken() -> {
          // The codec takes the head of a stream of HTTP/2 for trailers when it has no method.
          headWait.end();
          refuse(new Fault(400, "The request has no method."));
        }
        case Phase.Listening _, Phase.Deaf _ -> {}
      }
    }
  }

  private void onHead(HttpRequest request) {
    headWait.end();
    Fault fault = Requests.fault(request);
    if (fault != null) {
      refuse(fault);
      return;
    }
    Exchange exchange = Exchange.of(request, server, channel);
    boolean byShortCut =
        server.isShortCut(request.method().name(), Requests.path(request))
            && !exchange.body().mustAsk();
    exchange.set(new Answer.Due(byShortCut));
    answering.add(exchange);
    phase = new Phase.Receiving(exchange);
  }

  /// Answers what is no request, after those before it, and listens to nothing more.
  private void refuse(Fault fault) {
    server.metrics().refused();
    hearNoMore();
    Exchange none = Exchange.none(server, channel);
    answering.add(none);
    answering.answer(none, Responses.problem(fault));
  }

  private void hearNoMore() {
    phase = new Phase.Deaf();
    wire.drop();
  }

  private void onContent(Exchange exchange, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      onBroken(exchange, new IOException("the body is not well-formed"), 400);
      return;
    }
    IncomingBody body = exchange.body();
    if (!body.add(content.content())) {
      server.metrics().noRoom();
      body.fail(new IOException("there was no room for the body"));
      answering.answer(exchange, Responses.unavailable(NO_ROOM));
    }
    if (body.isTooMuch()) {
      exchange.endConnection();
    }
    if (content instanceof LastHttpContent) {
      onEnd(exchange);
    }
  }

  private void onEnd(Exchange exchange) {
    phase = new Phase.Listening();
    if (exchange.isOver()) {
      next();
      return;
    }
    if (!exchange.keepsAlive()) {
      hearNoMore();
    }
    exchange.body().end();
    if (!exchange.body().isStreamed() && !exchange.isAnswered()) {
      answering.start(exchange);
    }
    if (!answering.mayGoOn(exchange)) {
      wire.pause();
    }
  }

  /// The body will not come to its end.
  private void onBroken(Exchange exchange, Exception why, int status) {
    exchange.endConnection();
    hearNoMore();
    if (exchange.body().isStreamed()) {
      exchange.body().fail(why);
    } else {
      answering.answer(
          exchange, Responses.problem(new Fault(status, "The body could not be read to its end.")));
    }
  }

  private void onRest(IncomingBody body, HttpContent content) {
    if (content.decoderResult().isFailure() || !body.discard(content.content())) {
      closeGently.run();
    } else if (content instanceof LastHttpContent) {
      phase = new Phase.Listening();
      next();
    }
  }

  /// All that has come for now is here.
  void onPause() {
    if (phase instanceof Phase.Receiving(Exchange exchange)
        && isGathering(exchange)
        && !exchange.isShortCut()) {
      runWithoutBody(exchange);
    }
  }

  private static boolean isGathering(Exchange exchange) {
    return !exchange.body().isStreamed() && !exchange.isAnswered();
  }

  /// Lets the routes read the body as it comes.
  private void runWithoutBody(Exchange exchange) {
    exchange.body().stream(server.loops().of(channel));
    answering.run(exchange);
  }

  /// An answer is written, and the connection goes on.
  void onAnswered(Exchange exchange) {
    if (phase instanceof Phase.Receiving(Exchange receiving) && receiving == exchange) {
      phase = new Phase.Draining(exchange.body(), System.nanoTime() + DRAIN_NANOS);
      channel.config().setAutoRead(true);
    } else {
      next();
    }
  }

  /// Goes on with the request behind one that has been answered. Who does not read the answers gets
  /// no more of them.
  private void next() {
    headWait.begin(System.nanoTime());
    if (!channel.isWritable()) {
      wire.pause();
    } else if (answering.isFirstWaiting()) {
      answering.runFirst();
    } else {
      wire.resume();
    }
  }

  /// The client has read some of the answers.
  void onWritable() {
    boolean isHeldUp = answering.isEmpty() ? wire.isPaused() : answering.isFirstWaiting();
    if (isHeldUp) {
      next();
    }
  }

  /// Takes no more requests.
  void stop() {
    phase = new Phase.Deaf();
  }

  /// All that the client sent is here, and it sends no more.
  void onInputEnd() {
    if (phase instanceof Phase.Receiving(Exchange exchange)) {
      onBroken(exchange, new IOException("the connection ended within the body"), 400);
    } else if (answering.isEmpty()) {
      closeGently.run();
    } else {
      stop();
      answering.endWithLast();
    }
  }

  /// @return the deadline that the client has let pass, if the connection is to be cut for it
  @Nullable Cut onTick(long now) {
    switch (phase) {
      case Phase.Receiving(Exchange exchange) -> lookAtBody(exchange, now);
      case Phase.Draining(_, long by) when now - by >= 0 -> closeGently.run();
      case Phase.Draining _ -> {}
      case Phase.Listening _, Phase.Deaf _ -> {
        if (answering.isEmpty() && wire instanceof Wire.Http1 http1 && !http1.isPaused()) {
          return lookAtHead(http1.decoder().isWithinHead(), now);
        }
      }
    }
    return null;
  }

  private @Nullable Cut lookAtHead(boolean isWithinHead, long now) {
    if (server.isClosing() && !isWithinHead) {
      closeGently.run();
      return null;
    }
    return headWait.late(now, isWithinHead, server.limits());
  }

  private void lookAtBody(Exchange exchange, long now) {
    if (isGathering(exchange) && now - exchange.begunAt() > GATHER_NANOS) {
      // The routes have a bound for all of a body.
      runWithoutBody(exchange);
    } else if (exchange.body().isLate(now, server.limits().bodyTimeout())) {
      server.metrics().cut(Cut.BODY);
      onBroken(exchange, new TimeoutException("no byte of the body came in time"), 408);
    }
  }
}
