package dev.agentrooms.http.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.function.Function;
import org.apache.pekko.util.ByteString;

/// What a stream writes to a channel: copied into the channel's buffers a slice at a time, when the
/// channel has room, so that a reader that stalls holds no more than that.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the channel, which is told
final class Output {

  private static final int SLICE_BYTES = 64 * 1024;

  private final Channel channel;
  private final Function<ByteBuf, Object> message;
  private ByteString rest = ByteString.emptyByteString();

  /// @param message what the channel's handlers take for some bytes
  Output(Channel channel, Function<ByteBuf, Object> message) {
    this.channel = channel;
    this.message = message;
  }

  /// Whether all is with the channel.
  boolean isEmpty() {
    return rest.isEmpty();
  }

  void add(ByteString bytes) {
    rest = rest.concat(bytes);
    write();
  }

  /// Writes what there is room for.
  void write() {
    boolean hasWritten = false;
    while (!rest.isEmpty() && channel.isWritable()) {
      ByteString slice = rest.take(SLICE_BYTES);
      rest = rest.drop(SLICE_BYTES);
      channel.write(message.apply(copied(slice)), channel.voidPromise());
      hasWritten = true;
    }
    if (hasWritten) {
      channel.flush();
    }
  }

  /// Whether it wants more.
  boolean hasRoom() {
    return rest.isEmpty() && channel.isWritable();
  }

  // A buffer of the channel's own pool is what a native socket takes without another copy.
  private ByteBuf copied(ByteString bytes) {
    int size = bytes.size();
    ByteBuf buffer = channel.alloc().directBuffer(size, size);
    bytes.copyToBuffer(buffer.internalNioBuffer(0, size));
    return buffer.writerIndex(size);
  }
}
