package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.http.Frame;
import dev.agentrooms.http.FrameWriter;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.webui.watch.OpenSockets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.MergeHub;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// What goes out on the WebSocket of a thread: answers and events, in the order in which they were
/// given to it, and pings between them.
final class SocketOut {

  static final int GOING_AWAY = 1001;
  private static final int TOKEN_EXPIRED = 4401;
  private static final Duration PING = Duration.ofSeconds(25);
  private static final Duration SILENCE = Duration.ofSeconds(60);
  // What each source of frames may have waiting.
  private static final int WAITING = 16;

  /// @param isLast whether the socket is closed behind it
  record Out(ByteString frame, boolean isLast) {

    static Out text(ObjectNode json) {
      return new Out(FrameWriter.text(Json.encode(json)), false);
    }

    static Out close(int code, String reason) {
      return new Out(FrameWriter.close(code, reason), true);
    }
  }

  private final Materializer materializer;
  private final Sink<Out, NotUsed> hub;

  private SocketOut(Materializer materializer, Sink<Out, NotUsed> hub) {
    this.materializer = materializer;
    this.hub = hub;
  }

  void send(Out what) {
    Source.single(what).runWith(hub, materializer);
  }

  Pair<UniqueKillSwitch, CompletionStage<Done>> attach(
      Source<Out, Pair<UniqueKillSwitch, CompletionStage<Done>>> frames) {
    return frames.to(hub).run(materializer);
  }

  /// The socket as a stage.
  ///
  /// @param of what takes the client's frames
  /// @param allowed for how long it may be read; null for no limit
  static Flow<Frame, ByteString, NotUsed> socket(
      Function<SocketOut, ThreadSocket> of,
      OpenSockets open,
      @Nullable Duration allowed,
      Materializer materializer) {
    Pair<Sink<Out, NotUsed>, Source<Out, NotUsed>> hub =
        MergeHub.of(Out.class, WAITING).preMaterialize(materializer);
    SocketOut out = new SocketOut(materializer, hub.first());
    ThreadSocket socket = of.apply(out);
    Sink<Frame, CompletionStage<Done>> in =
        Flow.<Frame>create()
            .idleTimeout(SILENCE)
            .mapAsync(1, socket::on)
            .toMat(Sink.ignore(), Keep.right());
    Source<Out, NotUsed> granted =
        allowed == null
            ? hub.second()
            : hub.second()
                .takeWithin(allowed)
                .concat(Source.single(Out.close(TOKEN_EXPIRED, "the token has expired")));
    Source<ByteString, NotUsed> frames =
        granted
            .takeWhile(each -> !each.isLast(), true)
            .map(Out::frame)
            .keepAlive(PING, () -> FrameWriter.ping(ByteString.emptyByteString()));
    OpenSockets.Open entry = retryMs -> out.send(Out.close(GOING_AWAY, "the server stops"));
    return Flow.fromSinkAndSourceCoupled(in, frames)
        .watchTermination(
            (start, gone) -> {
              open.opened(entry);
              gone.whenComplete(
                  (done, failure) -> {
                    open.closed(entry);
                    socket.gone();
                  });
              return NotUsed.getInstance();
            });
  }
}
