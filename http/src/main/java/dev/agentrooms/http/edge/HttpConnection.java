package dev.agentrooms.http.edge;

import dev.agentrooms.http.Problems;
import dev.agentrooms.http.SecurityHeaders;
import dev.agentrooms.http.Stages;
import dev.agentrooms.http.Upgrade;
import dev.agentrooms.http.edge.EdgeMetrics.Cut;
import dev.agentrooms.http.edge.Grammar.Fault;
import dev.agentrooms.protocol.Problem;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP of one connection, or of one stream of HTTP/2: gives its requests to the short cut or
/// to the routes, and writes the answers in the order in which they were asked for.
///
/// A request of the routes is begun when all before it are answered; those of the short cut, up to
/// [#MAX_AHEAD] at a time.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the channel, which is told
final class HttpConnection extends ChannelInboundHandlerAdapter implements EventLoops.Timed {

  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  private static final int MAX_AHEAD = 32;
  private static final int MAX_SHORT_CUT_BYTES = 16 * 1024;
  // A body that the answer did not wait for is read to its end, because most clients look at the
  // answer only when they have sent everything.
  private static final long MAX_DRAINED_BYTES = 16L * 1024 * 1024;
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long SHORT_CUT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int MAX_WAITING_BYTES = 128 * 1024;

  private final HttpServer server;
  private final Channel channel;
  private final EventLoops.NettyLoop loop;
  private final @Nullable InetSocketAddress remote;
  private final @Nullable StrictDecoder decoder;
  private final AnswerWriter writer;
  private final HeadWait headWait = new HeadWait(System.nanoTime());
  private final WriteWait writeWait = new WriteWait();
  private final Deque<Exchange> exchanges = new ArrayDeque<>(2);
  private @Nullable Exchange receiving;
  private boolean isHeldUp;
  private boolean isStreamRead;
  private boolean isInputEnded;
  private boolean isClosing;
  private long byteAt;
  private long drained;
  private long drainBy;
  private long closeBy;

  /// @param decoder what reads the connection; null for a stream of HTTP/2
  HttpConnection(
      HttpServer server,
      Channel channel,
      @Nullable InetSocketAddress remote,
      @Nullable StrictDecoder decoder) {
    this.server = server;
    this.channel = channel;
    this.loop = server.loops().of(channel);
    this.remote = remote;
    this.decoder = decoder;
    this.writer = new AnswerWriter(channel, loop, server.materializer());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    loop.remember(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    loop.forget(this);
  }

  // What comes in.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (isClosing) {
        return;
      }
      isStreamRead |= decoder == null && message instanceof LastHttpContent;
      if (message instanceof HttpRequest request) {
        onHead(request);
      }
      if (message instanceof HttpContent content && receiving != null) {
        onContent(receiving, content);
      } else if (message instanceof LastHttpContent && !headWait.hasSpoken()) {
        // The codec takes the head of a stream of HTTP/2 for trailers when it has no method.
        headWait.end();
        refuse(new Fault(400, "The request has no method."));
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void onHead(HttpRequest request) {
    headWait.end();
    drained = 0;
    Fault fault =
        request.decoderResult().isFailure()
            ? fault(request.decoderResult().cause())
            : Requests.fault(request);
    if (fault != null) {
      refuse(fault);
      return;
    }
    Exchange exchange = new Exchange(request, server.saysTiming());
    exchange.setShortCut(
        server.isShortCut(request.method().name(), Requests.path(request))
            && !exchange.mustAskForBody());
    exchanges.add(exchange);
    receiving = exchange;
    byteAt = exchange.begunAt();
    server.begun();
  }

  private void onContent(Exchange exchange, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      onBrokenBody(exchange, new IOException("the body is not well-formed"), 400);
      return;
    }
    byteAt = System.nanoTime();
    ByteString bytes =
        content.content().isReadable()
            ? ByteString.fromArrayUnsafe(ByteBufUtil.getBytes(content.content()))
            : ByteString.emptyByteString();
    RequestBody body = exchange.body();
    if (exchange.isOver() || (body != null && body.isAbandoned())) {
      drained += bytes.size();
      if (drained > MAX_DRAINED_BYTES) {
        exchange.endConnection();
        if (exchange.isOver()) {
          closeGently();
        }
        return;
      }
    } else if (body != null) {
      body.add(bytes);
      if (body.waitingBytes() > MAX_WAITING_BYTES) {
        channel.config().setAutoRead(false);
      }
    } else {
      exchange.gather(bytes);
    }
    if (content instanceof LastHttpContent) {
      onReceived(exchange);
    }
  }

  private void onReceived(Exchange exchange) {
    exchange.received();
    receiving = null;
    RequestBody body = exchange.body();
    if (exchange.isOver()) {
      next();
      return;
    }
    if (!exchange.keepsAlive()) {
      listenNoMore();
    }
    if (body != null) {
      body.end();
    } else {
      start(exchange);
    }
    if (decoder != null
        && !exchange.isOver()
        && !(exchange.isShortCut() && exchanges.size() < MAX_AHEAD && channel.isWritable())) {
      decoder.pause();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Exchange exchange = receiving;
    if (exchange == null || exchange.body() != null || exchange.isOver()) {
      return;
    }
    boolean isShort = exchange.gathered().size() <= MAX_SHORT_CUT_BYTES;
    if (!(exchange.isShortCut() && isShort)) {
      runWithoutBody(exchange);
    }
  }

  /// Lets the routes read the body as it comes.
  private void runWithoutBody(Exchange exchange) {
    exchange.setShortCut(false);
    exchange.streamTo(new RequestBody(loop, () -> onDemand(exchange)));
    run(exchange);
  }

  /// Somebody reads the body, and there is nothing left of it here.
  private void onDemand(Exchange exchange) {
    if (exchange.mustAskForBody() && !exchange.isOver()) {
      exchange.bodyAskedFor();
      channel.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
    byteAt = System.nanoTime();
    channel.config().setAutoRead(true);
  }

  private void onBrokenBody(Exchange exchange, Throwable why, int status) {
    exchange.endConnection();
    listenNoMore();
    receiving = null;
    RequestBody body = exchange.body();
    if (exchange.isOver()) {
      closeGently();
    } else if (body != null) {
      body.fail(why);
    } else {
      answer(exchange, problem(new Fault(status, "The body could not be read to its end.")));
    }
  }

  /// What follows on the connection is thrown away: no request may be made of it, not even one
  /// whose answer is never sent.
  private void listenNoMore() {
    if (decoder != null) {
      decoder.drop();
    }
  }

  /// Answers what is no request, after those before it, and listens to nothing more.
  private void refuse(Fault fault) {
    server.metrics().refused();
    listenNoMore();
    Exchange exchange =
        new Exchange(
            new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"), server.saysTiming());
    exchange.endConnection();
    exchange.received();
    exchanges.add(exchange);
    server.begun();
    answer(exchange, problem(fault));
  }

  private static HttpResponse problem(Fault fault) {
    HttpResponseStatus status = HttpResponseStatus.valueOf(fault.status());
    return SecurityHeaders.on(
        Problems.response(Problem.of(status.code(), status.reasonPhrase(), fault.detail())));
  }

  private static Fault fault(Throwable cause) {
    return switch (cause) {
      case StrictDecoder.Refused refused -> refused.fault();
      case TooLongHttpLineException line -> new Fault(414, "The request's URL is too long.");
      case TooLongHttpHeaderException header -> new Fault(431, "The headers are too long.");
      default -> new Fault(400, "The request is not well-formed.");
    };
  }

  // What is done about it.

  private void start(Exchange exchange) {
    if (exchange.isShortCut() && isTaken(exchange)) {
      return;
    }
    exchange.setShortCut(false);
    run(exchange);
  }

  private boolean isTaken(Exchange exchange) {
    try {
      return server.shortCut(
          name -> Requests.only(exchange.request(), name),
          exchange.gathered().toArrayUnsafe(),
          value -> loop.execute(() -> onShortCut(exchange, value)));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("the routes are to answer, because of a mistake of ours", e);
      return false;
    }
  }

  private void onShortCut(Exchange exchange, Object value) {
    if (!exchange.isOver() && exchange.ready() == null) {
      exchange.setReady(Responses.ok(exchange, value));
      writeReady();
    }
  }

  private void run(Exchange exchange) {
    if (exchanges.peek() != exchange) {
      exchange.setWaiting(true);
      return;
    }
    exchange.setWaiting(false);
    RequestBody body = exchange.body();
    var type = Requests.contentType(exchange.request());
    RequestEntity entity;
    if (body == null) {
      entity = HttpEntities.create(type, exchange.gathered());
    } else {
      long length = HttpUtil.getContentLength(exchange.request(), -1L);
      Source<ByteString, ?> bytes = Source.fromGraph(body);
      entity =
          length > 0
              ? HttpEntities.create(type, length, bytes)
              : HttpEntities.createChunked(type, bytes);
    }
    var request = Requests.toPekko(exchange.request(), entity, remote, loop);
    if (request == null) {
      exchange.endConnection();
      answer(exchange, problem(Requests.NO_TARGET));
      return;
    }
    Stages.whenDone(
        server.route(request),
        (response, failure) -> {
          HttpResponse answer =
              response == null ? SecurityHeaders.on(Problems.internal()) : response;
          if (loop.inLoop()) {
            answer(exchange, answer);
          } else {
            loop.execute(() -> answer(exchange, answer));
          }
        });
  }

  private void answer(Exchange exchange, HttpResponse response) {
    if (exchange.isOver() || exchange.ready() != null) {
      return;
    }
    Upgrade upgrade = response.getAttribute(Upgrade.KEY).orElse(null);
    if (upgrade != null) {
      upgrade(exchange, response, upgrade);
      return;
    }
    if (exchange.mustAskForBody() || (isInputEnded && exchanges.size() == 1)) {
      // Whether the body still comes is not known.
      exchange.endConnection();
    }
    byte[] whole = AnswerWriter.whole(response);
    if (whole != null) {
      exchange.setReady(Responses.full(exchange, response, whole));
      writeReady();
      return;
    }
    if (exchange.isHttp10()) {
      // The end of such a body is the end of the connection.
      exchange.endConnection();
    }
    writer.stream(
        exchange,
        response,
        failure -> {
          if (failure == null) {
            done(exchange, response.status().intValue());
          } else {
            // The reader must see that this is not the end.
            cut(null);
          }
        });
  }

  private void writeReady() {
    for (Exchange first = exchanges.peek();
        first != null && first.ready() != null && !isClosing;
        first = exchanges.peek()) {
      writer.write(first.ready());
      done(first, first.ready().status().code());
    }
  }

  private void upgrade(Exchange exchange, HttpResponse response, Upgrade upgrade) {
    if (decoder == null) {
      answer(
          exchange,
          problem(
              new Fault(426, "A WebSocket is opened over HTTP/1.1 on a connection of its own.")));
      return;
    }
    exchanges.remove(exchange);
    exchange.setOver();
    server.ended(exchange, 101);
    if (!channel.isActive()) {
      return;
    }
    channel.writeAndFlush(Responses.switching(response));
    SocketHandler.begin(channel, loop, upgrade, server.materializer());
    channel.pipeline().remove(this);
    channel.pipeline().remove(HttpResponseEncoder.class);
    // What came behind the handshake goes to the WebSocket.
    channel.pipeline().remove(decoder);
    if (decoder.isInputEnded()) {
      channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  private void done(Exchange exchange, int status) {
    exchanges.remove(exchange);
    exchange.setOver();
    server.ended(exchange, status);
    if (decoder == null) {
      if (!isStreamRead) {
        writer.resetWhenWritten();
      }
    } else if (!exchange.keepsAlive() || (isInputEnded && exchanges.isEmpty())) {
      closeGently();
    } else if (!exchange.isReceived()) {
      RequestBody body = exchange.body();
      if (body != null) {
        body.abandon();
      }
      drained = 0;
      drainBy = System.nanoTime() + DRAIN_NANOS;
      channel.config().setAutoRead(true);
    } else {
      next();
    }
  }

  /// Goes on with the request behind one that has been answered.
  private void next() {
    headWait.begin(System.nanoTime());
    // Who does not read the answers gets no more of them.
    isHeldUp = !channel.isWritable();
    if (isHeldUp) {
      return;
    }
    Exchange first = exchanges.peek();
    if (first != null && first.isWaiting()) {
      run(first);
    } else if (decoder != null && !isClosing) {
      try {
        decoder.resume();
      } catch (Exception e) {
        channel.pipeline().fireExceptionCaught(e);
      }
    }
  }

  // How it ends.

  /// Says that nothing more comes, and lets the client read to the end: a connection that is closed
  /// while its client still sends is reset, and an answer that is on its way is lost.
  private void closeGently() {
    if (isClosing) {
      return;
    }
    isClosing = true;
    closeBy = System.nanoTime() + FAREWELL_NANOS;
    while (!exchanges.isEmpty()) {
      Exchange left = exchanges.remove();
      left.setOver();
      server.ended(left, 0);
    }
    if (decoder != null) {
      isInputEnded |= decoder.isInputEnded();
      decoder.drop();
    }
    channel.config().setAutoRead(true);
    var flushed = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (isInputEnded || !(channel instanceof SocketChannel socket)) {
      flushed.addListener(ChannelFutureListener.CLOSE);
    } else if (tls == null) {
      flushed.addListener(sent -> socket.shutdownOutput());
    } else {
      tls.closeOutbound().addListener(sent -> socket.shutdownOutput());
    }
  }

  /// @param why null when the connection is not to blame
  private void cut(@Nullable Cut why) {
    if (why != null) {
      server.metrics().cut(why);
    }
    if (decoder != null && channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    channel.close();
    if (channel instanceof Http2StreamChannel stream) {
      // A stream on which all has been written counts as ended, though its client has not taken it.
      stream
          .parent()
          .writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL).stream(stream.stream()));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      isInputEnded = true;
      Exchange cutShort = receiving;
      if (isClosing) {
        channel.close();
      } else if (exchanges.isEmpty()) {
        closeGently();
      } else if (cutShort != null) {
        onBrokenBody(cutShort, new IOException("the connection ended within the body"), 400);
      }
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    loop.forget(this);
    writer.onGone();
    while (!exchanges.isEmpty()) {
      Exchange exchange = exchanges.remove();
      RequestBody body = exchange.body();
      if (body != null) {
        body.fail(new IOException("the connection is gone"));
      }
      exchange.setOver();
      ReferenceCountUtil.release(exchange.ready());
      server.ended(exchange, 0);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!channel.isWritable()) {
      return;
    }
    writer.onWritable();
    if (isHeldUp && !isClosing) {
      next();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    Failures.log(LOG, failure);
    channel.close();
  }

  @Override
  public void onTick(long now) {
    if (isClosing) {
      if (now - closeBy >= 0) {
        cut(null);
      }
      return;
    }
    if (writer.isEventStream() && decoder != null && decoder.isInputEnded()) {
      // Whoever only listened has left.
      closeGently();
      return;
    }
    if (writer.isEventStream()) {
      writeWait.forget();
    } else if (writeWait.isLate(now, channel, server.limits().writeTimeout())) {
      cut(Cut.WRITE);
      return;
    }
    Exchange first = exchanges.peek();
    if (receiving != null) {
      lookAtBody(receiving, now);
    } else if (first == null && decoder != null && !isHeldUp) {
      Cut late = headWait.late(now, decoder.isWithinHead(), server.limits());
      if (late != null) {
        cut(late);
      }
    } else if (first != null
        && first.isShortCut()
        && first.ready() == null
        && now - first.begunAt() > SHORT_CUT_NANOS) {
      answer(first, SecurityHeaders.on(Problems.unavailable("The room did not answer.")));
    }
  }

  private void lookAtBody(Exchange exchange, long now) {
    RequestBody body = exchange.body();
    if (exchange.isOver()) {
      if (now - drainBy >= 0) {
        closeGently();
      }
    } else if (body != null && !body.isWanted() && !body.isAbandoned()) {
      // It is not for the client to hurry.
      byteAt = now;
    } else if (body == null && now - exchange.begunAt() > SHORT_CUT_NANOS) {
      // The routes have a bound for all of a body.
      runWithoutBody(exchange);
    } else if (now - byteAt > server.limits().bodyTimeout().toNanos()) {
      server.metrics().cut(Cut.BODY);
      onBrokenBody(exchange, new TimeoutException("no byte of the body came in time"), 408);
    }
  }
}
