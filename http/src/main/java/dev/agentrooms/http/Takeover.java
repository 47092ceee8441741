package dev.agentrooms.http;

import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/// Gives a connection to another protocol as a whole: the stages that spoke HTTP on it, which are
/// most of what an idle connection weighs, end after their last answer, and a new stream goes on.
public final class Takeover {

  static final AttributeKey<Takeover> KEY = AttributeKey.create("takeover", Takeover.class);

  private final TcpConnection connection;
  private final TcpStage http;
  private final Materializer materializer;

  Takeover(TcpConnection connection, TcpStage http, Materializer materializer) {
    this.connection = connection;
    this.http = http;
    this.materializer = materializer;
  }

  /// What to switch to when the answer to `request` has gone out, so that the connection becomes
  /// `protocol`'s.
  public static Graph<FlowShape<ByteString, ByteString>, ?> to(
      Graph<FlowShape<ByteString, ByteString>, ?> protocol, HttpRequest request) {
    return request
        .getAttribute(KEY)
        .<Graph<FlowShape<ByteString, ByteString>, ?>>map(takeover -> takeover.new Last(protocol))
        .orElse(protocol);
  }

  private void begin(Graph<FlowShape<ByteString, ByteString>, ?> protocol, ByteString received) {
    Flow<ByteString, ByteString, NotUsed> tcp = Flow.fromGraph(new TcpStage(connection, received));
    tcp.join(protocol).run(materializer);
  }

  /// The last stage of the old stream. It ends at once, and keeps what was read too far.
  private final class Last extends GraphStage<FlowShape<ByteString, ByteString>> {

    private final Graph<FlowShape<ByteString, ByteString>, ?> protocol;
    private final Inlet<ByteString> in = Inlet.create("Takeover.in");
    private final Outlet<ByteString> out = Outlet.create("Takeover.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);

    Last(Graph<FlowShape<ByteString, ByteString>, ?> protocol) {
      this.protocol = protocol;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
      return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
      return new GraphStageLogic(shape) {
        private volatile ByteString received = ByteString.emptyByteString();

        {
          setHandler(
              in,
              new AbstractInHandler() {
                @Override
                public void onPush() {
                  received = received.concat(grab(in));
                  pull(in);
                }
              });
          setHandler(
              out,
              new AbstractOutHandler() {
                @Override
                public void onPull() {
                  // There will be nothing.
                }
              });
        }

        @Override
        public void preStart() {
          http.handOver(unread -> begin(protocol, received.concat(unread)));
          complete(out);
          pull(in);
        }
      };
    }
  }
}
