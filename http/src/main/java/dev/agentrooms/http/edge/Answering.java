package dev.agentrooms.http.edge;

import dev.agentrooms.http.Express;
import dev.agentrooms.http.Upgrade;
import dev.agentrooms.http.edge.Exchange.Answer;
import dev.agentrooms.http.edge.Grammar.Fault;
import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;

/// The requests of a connection that are not answered yet. Has each answered by the short cut or by
/// the routes, and writes the answers in the order in which they were asked for.
///
/// A request of the routes is begun when all before it are answered; those of the short cut, up to
/// [#MAX_AHEAD] at a time.
final class Answering {

  private static final int MAX_AHEAD = 32;
  private static final long SHORT_CUT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final Fault NO_UPGRADE =
      new Fault(426, "A WebSocket is opened over HTTP/1.1 on a connection of its own.");

  /// The connection that they came on.
  interface Connection {

    /// An answer has been written.
    void onAnswered(Exchange exchange);

    /// A WebSocket is to follow, in the place of more requests.
    ///
    /// @param response the 101
    void onUpgrade(HttpResponse response, Upgrade upgrade);

    /// An answer ended before its end.
    void onBroken();
  }

  private final HttpServer server;
  private final Channel channel;
  private final Responder responder;
  private final boolean mayUpgrade;
  private final Connection connection;
  private final AnswerWriter writer;
  private final Deque<Exchange> exchanges = new ArrayDeque<>(2);

  Answering(
      HttpServer server,
      Channel channel,
      @Nullable InetSocketAddress remote,
      boolean mayUpgrade,
      Connection connection) {
    this.server = server;
    this.channel = channel;
    this.responder = new Responder(server, server.loops().of(channel), remote);
    this.mayUpgrade = mayUpgrade;
    this.connection = connection;
    this.writer = new AnswerWriter(channel, server.loops().of(channel), server.materializer());
  }

  AnswerWriter writer() {
    return writer;
  }

  boolean isEmpty() {
    return exchanges.isEmpty();
  }

  /// Whether the first of them is to begin.
  boolean isFirstWaiting() {
    Exchange first = exchanges.peek();
    return first != null && first.isWaiting();
  }

  /// Whether the client waits for an answer of which it has seen nothing yet, and may get a 1xx.
  boolean mayHaveInterim() {
    Exchange first = exchanges.peek();
    return first != null && first.answer() instanceof Answer.Asked && !first.isHttp10();
  }

  /// Whether another request may be taken while `last` is being answered.
  boolean mayGoOn(Exchange last) {
    return last.isOver()
        || (last.isShortCut() && exchanges.size() < MAX_AHEAD && channel.isWritable());
  }

  /// No request follows.
  void endWithLast() {
    Exchange last = exchanges.peekLast();
    if (last != null) {
      last.endConnection();
    }
  }

  void add(Exchange exchange) {
    exchanges.add(exchange);
    server.begun();
  }

  /// Has a request answered that is here to its end.
  void start(Exchange exchange) {
    if (!(exchange.isShortCut() && isTaken(exchange))) {
      run(exchange);
    }
  }

  private boolean isTaken(Exchange exchange) {
    exchange.set(new Answer.Asked(true));
    return responder.shortCut(
        exchange,
        value -> {
          if (exchange.isAnswered()) {
            return;
          }
          if (value == Express.TO_ROUTES) {
            run(exchange);
          } else {
            endIfLast(exchange);
            exchange.set(new Answer.Ready(Responses.ok(exchange, value)));
            writeReady();
          }
        });
  }

  /// Asks the routes, when it is its turn.
  void run(Exchange exchange) {
    if (exchanges.peek() == exchange) {
      exchange.set(new Answer.Asked(false));
      responder.routes(exchange, response -> answer(exchange, response));
    } else {
      exchange.set(new Answer.Waiting());
    }
  }

  void runFirst() {
    run(exchanges.element());
  }

  void answer(Exchange exchange, HttpResponse response) {
    if (exchange.isAnswered()) {
      // What it may hold on to ends.
      response.entity().getDataBytes().runWith(Sink.cancelled(), server.materializer());
      return;
    }
    Upgrade upgrade = response.getAttribute(Upgrade.KEY).orElse(null);
    if (upgrade != null && mayUpgrade) {
      over(exchange, 101);
      connection.onUpgrade(response, upgrade);
      return;
    }
    HttpResponse answer = upgrade == null ? response : Responses.problem(NO_UPGRADE);
    endIfLast(exchange);
    byte[] whole = AnswerWriter.whole(answer);
    if (whole == null) {
      stream(exchange, answer);
    } else {
      exchange.set(new Answer.Ready(Responses.full(exchange, answer, whole)));
      writeReady();
    }
  }

  private void endIfLast(Exchange exchange) {
    boolean isLastOfAll = server.isLeaving() && exchanges.peekLast() == exchange;
    // Whether a body still comes that was not asked for is not known.
    if (isLastOfAll || exchange.body().mustAsk()) {
      exchange.endConnection();
    }
  }

  private void stream(Exchange exchange, HttpResponse response) {
    if (exchange.isHttp10()) {
      // The end of such a body is the end of the connection.
      exchange.endConnection();
    }
    exchange.set(new Answer.Streaming());
    int status = response.status().intValue();
    writer.stream(
        exchange,
        response,
        failure -> {
          if (failure == null) {
            done(exchange, status);
          } else {
            connection.onBroken();
          }
        });
  }

  private void writeReady() {
    for (Exchange first = exchanges.peek();
        first != null && first.answer() instanceof Answer.Ready(var response);
        first = exchanges.peek()) {
      writer.write(response);
      done(first, response.status().code());
    }
  }

  private void done(Exchange exchange, int status) {
    over(exchange, status);
    connection.onAnswered(exchange);
  }

  private void over(Exchange exchange, int status) {
    exchanges.remove(exchange);
    exchange.set(new Answer.Over());
    exchange.body().letGo();
    server.ended(exchange, status);
  }

  /// Nobody is left who wants the answers. What was asked for is done all the same.
  void letGo() {
    writer.onGone();
    while (!exchanges.isEmpty()) {
      Exchange exchange = exchanges.element();
      exchange.body().fail(new IOException("the connection is gone"));
      if (exchange.answer() instanceof Answer.Ready(var response)) {
        ReferenceCountUtil.release(response);
      }
      over(exchange, 0);
    }
  }

  void onTick(long now) {
    Exchange first = exchanges.peek();
    if (first != null
        && first.answer() instanceof Answer.Asked(boolean shortCut)
        && shortCut
        && now - first.begunAt() > SHORT_CUT_NANOS) {
      answer(first, Responses.unavailable("The room did not answer."));
    }
  }
}
