package dev.agentrooms.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One connection of HTTP/2 in clear, by prior knowledge, whose streams do what they are told.
final class Http2Client implements AutoCloseable {

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel channel;
  private final CompletableFuture<Long> goAway = new CompletableFuture<>();

  /// @param window how much of an answer each stream takes unasked
  Http2Client(String url, int window) {
    URI uri = URI.create(url);
    Http2Settings settings = Http2Settings.defaultSettings().initialWindowSize(window);
    channel =
        new Bootstrap()
            .group(group)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel made) {
                    made.pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forClient()
                                .initialSettings(settings)
                                .validateHeaders(false)
                                .build(),
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                            new Connection());
                  }
                })
            .connect(uri.getHost(), uri.getPort())
            .syncUninterruptibly()
            .channel();
  }

  Http2Client(String url) {
    this(url, 65_535);
  }

  private final class Connection extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Http2GoAwayFrame away) {
        goAway.complete(away.errorCode());
      }
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
      ctx.close();
    }
  }

  /// What has come of one request.
  static final class Exchange extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Http2Headers> head = new CompletableFuture<>();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final CompletableFuture<Long> reset = new CompletableFuture<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable Http2StreamChannel stream;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Http2HeadersFrame headers) {
        head.complete(headers.headers());
        end(headers.isEndStream());
      } else if (message instanceof Http2DataFrame data) {
        synchronized (body) {
          body.writeBytes(data.content().toString(ISO_8859_1).getBytes(ISO_8859_1));
        }
        end(data.isEndStream());
      } else if (message instanceof Http2ResetFrame away) {
        reset.complete(away.errorCode());
      }
      ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof Http2ResetFrame away) {
        reset.complete(away.errorCode());
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      IllegalStateException gone = new IllegalStateException("the stream is gone");
      head.completeExceptionally(gone);
      whole.completeExceptionally(gone);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
      ctx.close();
    }

    private void end(boolean isLast) {
      if (isLast) {
        whole.complete(body.toByteArray());
      }
    }

    int status() {
      return Integer.parseInt(get(head).status().toString());
    }

    String header(String name) {
      CharSequence value = get(head).get(name);
      return value == null ? "" : value.toString();
    }

    String text() {
      return new String(get(whole), UTF_8);
    }

    private Http2StreamChannel stream() {
      return Objects.requireNonNull(stream);
    }

    /// What has come so far.
    String seen() {
      synchronized (body) {
        return body.toString(UTF_8);
      }
    }

    long resetBy() {
      return get(reset);
    }

    boolean isEnded() {
      return whole.isDone() || reset.isDone();
    }

    Exchange data(byte[] bytes, boolean isLast) {
      stream().writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), isLast));
      return this;
    }

    void cancel() {
      stream().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).syncUninterruptibly();
    }
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(Stack.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came", e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  Exchange get(String path) {
    return open(head("GET", path), true);
  }

  /// @param json its body; sent at once
  Exchange post(String path, String json) {
    Http2Headers head = head("POST", path).set("content-type", "application/json");
    return open(head, false).data(json.getBytes(UTF_8), true);
  }

  static Http2Headers head(String method, String path) {
    return new DefaultHttp2Headers(false)
        .method(method)
        .path(path)
        .scheme("http")
        .authority("localhost");
  }

  Exchange open(Http2Headers head, boolean isLast) {
    Exchange exchange = new Exchange();
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(channel)
            .handler(exchange)
            .open()
            .syncUninterruptibly()
            .getNow();
    exchange.stream = stream;
    stream.writeAndFlush(new DefaultHttp2HeadersFrame(head, isLast));
    return exchange;
  }

  /// The error with which the server ends the connection.
  long goneAwayWith() {
    return get(goAway);
  }

  void awaitClosed() {
    if (!channel.closeFuture().awaitUninterruptibly(Stack.PATIENCE.toMillis())) {
      throw new AssertionError("the connection is still open");
    }
  }

  boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
