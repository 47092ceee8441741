package dev.agentrooms.http.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// A request's body on its way in: gathered at first, then read by the routes as it comes. What it
/// holds counts against the [BodyMemory] of its server until the request is answered.
final class IncomingBody {

  // What may wait here for a reader.
  private static final int MAX_WAITING_BYTES = 128 * 1024;
  // A body that the answer did not wait for is read to its end, because most clients look at the
  // answer only when they have sent everything.
  private static final long MAX_DRAINED_BYTES = 16L * 1024 * 1024;

  private final HttpRequest request;
  private final Channel channel;
  private final BodyMemory memory;
  private ByteString gathered = ByteString.emptyByteString();
  private @Nullable ByteArrayOutputStream parts;
  private @Nullable RequestBody reader;
  private boolean mustAsk;
  private boolean isUnwanted;
  private long byteAt = System.nanoTime();
  private long held;
  private long thrownAway;

  IncomingBody(HttpRequest request, Channel channel, BodyMemory memory) {
    this.request = request;
    this.channel = channel;
    this.memory = memory;
    this.mustAsk = HttpUtil.is100ContinueExpected(request);
  }

  /// Whether the client holds the body back until it is asked for it.
  boolean mustAsk() {
    return mustAsk;
  }

  /// Whether the routes read it as it comes.
  boolean isStreamed() {
    return reader != null;
  }

  /// How much of it is here, for the routes to take.
  int size() {
    return parts == null ? gathered.size() : parts.size();
  }

  /// Whether more has come of it, unread, than any client is listened to.
  boolean isTooMuch() {
    return thrownAway > MAX_DRAINED_BYTES;
  }

  /// @return false when there is no room for it among all bodies; then it is thrown away
  boolean add(ByteBuf content) {
    byteAt = System.nanoTime();
    int size = content.readableBytes();
    if (size == 0) {
      return true;
    }
    if (isUnwanted || (reader != null && reader.isAbandoned())) {
      discard(content);
      return true;
    }
    if (!memory.take(size)) {
      letGo();
      return false;
    }
    held += size;
    ByteString bytes = ByteString.fromArrayUnsafe(ByteBufUtil.getBytes(content));
    if (reader == null) {
      gather(bytes);
    } else {
      reader.add(bytes);
      if (reader.waitingBytes() > MAX_WAITING_BYTES) {
        channel.config().setAutoRead(false);
      }
    }
    return true;
  }

  /// Throws away what has come of it.
  ///
  /// @return false when it is more than any client is listened to
  boolean discard(ByteBuf content) {
    thrownAway += content.readableBytes();
    return !isTooMuch();
  }

  /// Copied together: a body in chunks of one byte would be fifty times as large as a rope of them.
  private void gather(ByteString bytes) {
    if (parts == null && gathered.isEmpty()) {
      gathered = bytes;
      return;
    }
    if (parts == null) {
      parts = new ByteArrayOutputStream(2 * (gathered.size() + bytes.size()));
      parts.writeBytes(gathered.toArrayUnsafe());
    }
    parts.writeBytes(bytes.toArrayUnsafe());
  }

  /// What has come so far of a body that nobody reads yet.
  ByteString gathered() {
    if (parts != null) {
      gathered = ByteString.fromArrayUnsafe(parts.toByteArray());
      parts = null;
    }
    return gathered;
  }

  /// Lets the routes read it as it comes.
  void stream(EventLoops.NettyLoop loop) {
    reader = new RequestBody(loop, this::onDemand);
    reader.add(gathered());
    gathered = ByteString.emptyByteString();
  }

  /// Its reader wants more, and there is nothing left of it here.
  private void onDemand() {
    if (mustAsk) {
      mustAsk = false;
      channel.writeAndFlush(Responses.interim(), channel.voidPromise());
    }
    byteAt = System.nanoTime();
    channel.config().setAutoRead(true);
  }

  /// What the routes get of it.
  RequestEntity entity() {
    var type = Requests.contentType(request);
    if (reader == null) {
      return HttpEntities.create(type, gathered());
    }
    long length = HttpUtil.getContentLength(request, -1L);
    Source<ByteString, ?> bytes = Source.fromGraph(reader);
    return length > 0
        ? HttpEntities.create(type, length, bytes)
        : HttpEntities.createChunked(type, bytes);
  }

  /// All of it is here.
  void end() {
    // Nobody waits to be asked any more.
    mustAsk = false;
    if (reader != null) {
      reader.end();
    }
  }

  /// It will not come to its end.
  void fail(Throwable why) {
    if (reader != null) {
      reader.fail(why);
    }
  }

  /// The request is answered: whoever reads on gets no more.
  void letGo() {
    mustAsk = false;
    isUnwanted = true;
    memory.give(held);
    held = 0;
    gathered = ByteString.emptyByteString();
    parts = null;
    if (reader != null && !reader.isEnded()) {
      reader.abandon();
    }
  }

  /// Whether no byte of it has come in time, though it is wanted.
  boolean isLate(long now, Duration limit) {
    if (reader != null && !reader.isWanted() && !reader.isAbandoned()) {
      // It is not for the client to hurry.
      byteAt = now;
    }
    return now - byteAt > limit.toNanos();
  }
}
