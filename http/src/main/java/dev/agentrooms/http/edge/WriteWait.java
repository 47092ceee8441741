package dev.agentrooms.http.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
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

  /// A number that stays the same for as long as nothing goes out; -1 when nothing waits. A stream
  /// of HTTP/2 shows only whether it has room.
  private static long progress(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (buffer == null) {
      return channel.isWritable() ? -1 : 0;
    }
    long pending = buffer.totalPendingWriteBytes();
    return pending == 0 ? -1 : (pending * 31 + buffer.currentProgress()) & Long.MAX_VALUE;
  }
}
