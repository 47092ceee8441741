package dev.agentrooms.http.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.time.Duration;

/// How long a peer has taken nothing of what is written to it.
final class WriteWait {

  private boolean isWaiting;
  private long since;
  private long progress;

  /// @param limit how long that may be
  boolean isLate(long now, Channel channel, Duration limit) {
    long seen = progress(channel);
    if (seen < 0) {
      isWaiting = false;
    } else if (!isWaiting || seen != progress) {
      isWaiting = true;
      progress = seen;
      since = now;
    }
    return isWaiting && now - since > limit.toNanos();
  }

  void forget() {
    isWaiting = false;
  }

  /// A number that stays the same for as long as nothing goes out; -1 when nothing waits.
  private static long progress(Channel channel) {
    if (channel instanceof Http2StreamChannel stream) {
      return progress(stream);
    }
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (buffer == null) {
      return -1;
    }
    long pending = buffer.totalPendingWriteBytes();
    return pending == 0 ? -1 : (pending * 31 + buffer.currentProgress()) & Long.MAX_VALUE;
  }

  /// What a stream of HTTP/2 has written waits for its window, which shrinks by what goes out.
  private static long progress(Http2StreamChannel channel) {
    Http2FrameCodec codec = channel.parent().pipeline().get(Http2FrameCodec.class);
    if (codec == null) {
      return -1;
    }
    Http2Stream stream = codec.connection().stream(channel.stream().id());
    Http2RemoteFlowController flow = codec.connection().remote().flowController();
    return stream == null || !flow.hasFlowControlled(stream)
        ? -1
        : flow.windowSize(stream) & Integer.MAX_VALUE;
  }
}
