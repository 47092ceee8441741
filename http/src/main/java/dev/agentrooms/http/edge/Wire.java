package dev.agentrooms.http.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;

/// What carries the requests of an [HttpConnection]: how it is held back, and how it ends.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the channel, which is told
sealed interface Wire {

  /// Reads no further request until [#resume].
  void pause();

  void resume();

  boolean isPaused();

  /// Throws away whatever comes: no request may be made of it, not even one whose answer is never
  /// sent.
  void drop();

  /// Whether the client has said that it sends no more.
  boolean hasInputEnded();

  /// Says that nothing more comes, and lets the client read to the end: a connection that is closed
  /// while its client still sends is reset, and an answer that is on its way is lost.
  void close();

  /// Ends at once, so that the client sees that this is not the end of an answer.
  void cut();

  /// A connection of HTTP/1.1, on which one request follows the other.
  record Http1(SocketChannel channel, StrictDecoder decoder) implements Wire {

    // What Linux calls the state of a connection that is gone.
    private static final int TCP_CLOSE = 7;

    @Override
    public void pause() {
      decoder.pause();
    }

    @Override
    public void resume() {
      try {
        decoder.resume();
      } catch (Exception e) {
        channel.pipeline().fireExceptionCaught(e);
      }
    }

    @Override
    public boolean isPaused() {
      return decoder.isPaused();
    }

    @Override
    public void drop() {
      decoder.drop();
    }

    @Override
    public boolean hasInputEnded() {
      return decoder.hasInputEnded();
    }

    /// Asks the network whether the client is still there. One that has only shut its output down
    /// reads this and waits on (RFC 9110, 15.2); where the socket is closed its system resets the
    /// connection.
    void probe() {
      channel
          .writeAndFlush(Responses.interim())
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /// Whether it was reset. After the end of what the client sent, reading does not tell.
    boolean isReset() {
      return channel instanceof EpollSocketChannel epoll && epoll.tcpInfo().state() == TCP_CLOSE;
    }

    @Override
    public void close() {
      channel.config().setAutoRead(true);
      var flushed = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
      SslHandler tls = channel.pipeline().get(SslHandler.class);
      if (hasInputEnded()) {
        flushed.addListener(ChannelFutureListener.CLOSE);
      } else if (tls == null) {
        flushed.addListener(sent -> channel.shutdownOutput());
      } else {
        tls.closeOutbound().addListener(sent -> channel.shutdownOutput());
      }
    }

    @Override
    public void cut() {
      if (channel.isActive()) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
      }
      channel.close();
    }
  }

  /// A stream of HTTP/2, which is one request and its answer.
  record Http2(Http2StreamChannel channel) implements Wire {

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public boolean isPaused() {
      return false;
    }

    @Override
    public void drop() {}

    @Override
    public boolean hasInputEnded() {
      return false;
    }

    /// Whether the client has not sent all of its request yet.
    boolean isOpenForMore() {
      return channel.stream().state().remoteSideOpen();
    }

    @Override
    public void close() {
      channel.close();
    }

    @Override
    public void cut() {
      channel.close();
      // A stream on which all has been written counts as ended, though its client has not taken it.
      channel
          .parent()
          .writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL).stream(channel.stream()));
    }
  }
}
