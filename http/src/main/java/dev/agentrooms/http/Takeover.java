package dev.agentrooms.http;

import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.ActorAttributes;
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

  private static final String DISPATCHER = "agent-rooms.sockets";

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
    Takeover takeover = request.getAttribute(KEY).orElse(null);
    return takeover == null ? protocol : takeover.last(protocol);
  }

  /// Where the new streams run: apart from what feeds them, so that a round of hundreds of sockets
  /// holds nobody up who wants to publish.
  public static DispatcherSelector dispatcher() {
    return DispatcherSelector.fromConfig(DISPATCHER);
  }

  private Graph<FlowShape<ByteString, ByteString>, ?> last(
      Graph<FlowShape<ByteString, ByteString>, ?> protocol) {
    // Before the answer goes out, so that nothing which comes after it is taken for HTTP.
    http.hold();
    return new Last(protocol);
  }

  private void begin(Graph<FlowShape<ByteString, ByteString>, ?> protocol, ByteString received) {
    Flow<ByteString, ByteString, NotUsed> tcp = Flow.fromGraph(new TcpStage(connection, received));
    tcp.join(protocol).withAttributes(ActorAttributes.dispatcher(DISPATCHER)).run(materializer);
  }

  /// The last stage of the old stream. It ends at once.
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
        {
          setHandler(
              in,
              new AbstractInHandler() {
                @Override
                public void onPush() {
                  // Nothing comes: it is held.
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
          http.handOver(unread -> begin(protocol, unread));
          complete(out);
        }
      };
    }
  }
}
