package dev.agentrooms.http.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.agentrooms.http.SecurityHeaders;
import dev.agentrooms.http.edge.EdgeMetrics.Cut;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a new connection is read and written by: TLS where there is a certificate, then HTTP/2 if
/// that is what the client speaks, else HTTP/1.1.
@SuppressWarnings("FutureReturnValueIgnored") // a channel that fails is closed, which is told
final class Pipeline extends ChannelInitializer<SocketChannel> {

  private static final int MAX_STREAMS = 128;
  private static final int MAX_HEAD_BYTES = 32 * 1024;
  private static final byte[] FULL = full();

  private final HttpServer server;
  private final @Nullable Certificates certificates;

  Pipeline(HttpServer server, @Nullable Certificates certificates) {
    this.server = server;
    this.certificates = certificates;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    InetSocketAddress remote = channel.remoteAddress();
    if (remote == null) {
      // It is gone already.
      channel.close();
      return;
    }
    if (!server.connections().open(remote.getAddress())) {
      server.metrics().full();
      refuse(channel);
      return;
    }
    channel.closeFuture().addListener(closed -> server.connections().close(remote.getAddress()));
    if (certificates == null) {
      http1(channel, remote);
      channel.pipeline().addFirst(new Preface(remote));
    } else {
      SslHandler tls = certificates.handler(channel.alloc());
      tls.setHandshakeTimeoutMillis(server.limits().headTimeout().toMillis());
      channel.pipeline().addLast(tls, new Negotiated(remote));
    }
  }

  private void http1(SocketChannel channel, InetSocketAddress remote) {
    StrictDecoder decoder = new StrictDecoder();
    channel
        .pipeline()
        .addLast(
            decoder,
            new HttpResponseEncoder(),
            new HttpConnection(server, channel, remote, new Wire.Http1(channel, decoder)));
  }

  private void http2(ChannelPipeline pipeline, InetSocketAddress remote) {
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(MAX_STREAMS)
                    .maxHeaderListSize(MAX_HEAD_BYTES))
            .build();
    pipeline.addLast(
        codec,
        new Http2Idle(server, codec),
        new Http2MultiplexHandler(
            new ChannelInitializer<Http2StreamChannel>() {
              @Override
              protected void initChannel(Http2StreamChannel stream) {
                stream
                    .pipeline()
                    .addLast(
                        new Http2StreamFrameToHttpObjectCodec(true),
                        new HttpConnection(server, stream, remote, new Wire.Http2(stream)));
              }
            }));
  }

  /// Knows a client of HTTP/2 in clear by the first bytes that it sends (RFC 9113, 3.4).
  private final class Preface extends ByteToMessageDecoder {

    private final InetSocketAddress remote;

    Preface(InetSocketAddress remote) {
      this.remote = remote;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
      try {
        int size = Math.min(in.readableBytes(), preface.readableBytes());
        boolean isSame =
            in.slice(in.readerIndex(), size).equals(preface.slice(preface.readerIndex(), size));
        if (isSame && size < preface.readableBytes()) {
          return;
        }
        ChannelPipeline pipeline = ctx.pipeline();
        if (isSame) {
          pipeline.remove(HttpConnection.class);
          pipeline.remove(HttpResponseEncoder.class);
          pipeline.remove(StrictDecoder.class);
          http2(pipeline, remote);
        }
        pipeline.remove(this);
      } finally {
        preface.release();
      }
    }
  }

  /// Goes on with what client and server agreed on in the handshake.
  private final class Negotiated extends ApplicationProtocolNegotiationHandler {

    private final InetSocketAddress remote;

    Negotiated(InetSocketAddress remote) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.remote = remote;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        http2(ctx.pipeline(), remote);
      } else {
        http1((SocketChannel) ctx.channel(), remote);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
      if (event instanceof SslHandshakeCompletionEvent done
          && done.cause() instanceof SslHandshakeTimeoutException) {
        server.metrics().cut(Cut.HANDSHAKE);
      }
      super.userEventTriggered(ctx, event);
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // A client that speaks no TLS, or none of ours. There is nothing to be done about it here.
      ctx.close();
    }
  }

  /// Answers that there is no room, if the client may understand it.
  private void refuse(SocketChannel channel) {
    channel.config().setAutoRead(false);
    if (certificates == null) {
      channel
          .writeAndFlush(Unpooled.wrappedBuffer(FULL))
          .addListener(
              sent -> {
                channel.shutdownOutput();
                channel.eventLoop().schedule(() -> channel.close(), 1, TimeUnit.SECONDS);
              });
    } else {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private static byte[] full() {
    byte[] body =
        Json.encode(Problem.of(503, "Too many connections", "The server has no room for more."));
    StringBuilder head =
        new StringBuilder("HTTP/1.1 503 Service Unavailable\r\n")
            .append("Content-Type: ")
            .append(Problem.MEDIA_TYPE)
            .append("\r\nRetry-After: 2\r\nConnection: close\r\nContent-Length: ")
            .append(body.length)
            .append("\r\n");
    SecurityHeaders.each(
        (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(head.append("\r\n").toString().getBytes(US_ASCII));
    whole.writeBytes(body);
    return whole.toByteArray();
  }
}
