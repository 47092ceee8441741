package dev.agentrooms.http.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// Writes answers to a channel, on its loop: whole ones at once, and the others as their reader
/// takes them.
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the channel, which is told
final class AnswerWriter {

  // A larger body is written as its reader takes it.
  private static final int MAX_WHOLE_BYTES = 256 * 1024;
  private static final int SLICE_BYTES = 64 * 1024;

  private final Channel channel;
  private final EventLoops.NettyLoop loop;
  private final Materializer materializer;
  private @Nullable ResponseBody writing;
  private @Nullable ChannelFuture last;
  private boolean isEventStream;
  private boolean isFlushing;

  AnswerWriter(Channel channel, EventLoops.NettyLoop loop, Materializer materializer) {
    this.channel = channel;
    this.loop = loop;
    this.materializer = materializer;
  }

  /// Whether what is being written is an event stream, which looks after itself.
  boolean isEventStream() {
    return isEventStream;
  }

  /// The bytes of an answer that is written at once; null for one that is streamed.
  static byte @Nullable [] whole(HttpResponse response) {
    if (!Responses.mayHaveBody(response)) {
      return new byte[0];
    }
    return response.entity() instanceof HttpEntity.Strict strict
            && strict.getData().size() <= MAX_WHOLE_BYTES
        ? strict.getData().toArrayUnsafe()
        : null;
  }

  /// Flushed once for all answers that are here: each flush is a system call.
  void write(FullHttpResponse whole) {
    if (channel instanceof Http2StreamChannel) {
      last = channel.write(whole);
    } else {
      channel.write(whole, channel.voidPromise());
    }
    if (!isFlushing) {
      isFlushing = true;
      loop.execute(
          () -> {
            isFlushing = false;
            channel.flush();
          });
    }
  }

  /// @param ended called on the loop when the answer is written, or has failed
  void stream(Exchange exchange, HttpResponse response, ResponseBody.Ended ended) {
    channel.write(Responses.head(exchange, response));
    if (exchange.isHead()) {
      response.entity().getDataBytes().runWith(Sink.cancelled(), materializer);
      end(ended, null);
      return;
    }
    isEventStream = response.entity().getContentType().mediaType().subType().equals("event-stream");
    if (!isEventStream) {
      // Whoever has the head of an event stream may rely on hearing all that happens from then on.
      // So that head leaves with the stream's first part, which says that it has begun to listen.
      channel.flush();
    }
    ResponseBody body = new ResponseBody(channel, failure -> end(ended, failure));
    writing = body;
    Source<ByteString, ?> bytes =
        response.entity() instanceof HttpEntity.Strict strict
            ? sliced(strict.getData())
            : response.entity().getDataBytes();
    bytes.to(body).withAttributes(ActorAttributes.dispatcher(loop.dispatcher())).run(materializer);
  }

  private void end(ResponseBody.Ended ended, @Nullable Throwable failure) {
    writing = null;
    isEventStream = false;
    if (failure == null) {
      last = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    } else {
      channel.flush();
    }
    ended.onEnd(failure);
  }

  /// Tells the client of HTTP/2 that the rest of its request is not needed, when it has the answer
  /// (RFC 9113, 8.1).
  void resetWhenWritten() {
    if (last != null) {
      last.addListener(
          written -> channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR)));
    }
  }

  void onWritable() {
    if (writing != null) {
      writing.onWritable();
    }
  }

  void onGone() {
    if (writing != null) {
      writing.onGone();
    }
  }

  private static Source<ByteString, ?> sliced(ByteString bytes) {
    return Source.unfold(
        bytes,
        rest ->
            rest.isEmpty()
                ? Optional.empty()
                : Optional.of(Pair.create(rest.drop(SLICE_BYTES), rest.take(SLICE_BYTES))));
  }
}
