package dev.agentrooms.http.edge;

import dev.agentrooms.http.Frame;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// A WebSocket's channel as a stage: what goes in is written, what comes out are the peer's frames.
/// It runs on the channel's loop, and reads the channel when frames are wanted.
final class SocketStage extends GraphStage<FlowShape<ByteString, Frame>> {

  private final Inlet<ByteString> in = Inlet.create("Socket.in");
  private final Outlet<Frame> out = Outlet.create("Socket.out");
  private final FlowShape<ByteString, Frame> shape = FlowShape.of(in, out);
  private final Channel channel;
  private final SocketHandler handler;
  private final Output output;
  private final Queue<Frame> frames = new ArrayDeque<>(2);
  private @Nullable Logic logic;
  private boolean isEnded;
  private boolean isWanting;

  /// @param handler the channel's, which knows how to close it
  SocketStage(Channel channel, SocketHandler handler) {
    this.channel = channel;
    this.handler = handler;
    this.output = new Output(channel, bytes -> bytes);
  }

  /// The peer sent this. On the loop, as what follows.
  void onFrame(Frame frame) {
    isWanting = false;
    frames.add(frame);
    tell(Happened.FRAME);
  }

  /// Whether what was read last has brought no frame.
  boolean isWanting() {
    return isWanting;
  }

  /// The peer sends no more.
  void onEnd() {
    isEnded = true;
    tell(Happened.FRAME);
  }

  /// The connection broke.
  void onGone() {
    tell(Happened.GONE);
  }

  void onWritable() {
    tell(Happened.WRITABLE);
  }

  private void tell(Happened what) {
    if (logic != null) {
      logic.happened.invoke(what);
    }
  }

  private enum Happened {
    FRAME,
    WRITABLE,
    GONE
  }

  @Override
  public FlowShape<ByteString, Frame> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {

    private final AsyncCallback<Happened> happened = createAsyncCallback(this::onHappened);

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              output.add(grab(in));
              pullIfRoom();
            }

            @Override
            public void onUpstreamFinish() {
              handler.closeSoon();
              if (output.isEmpty()) {
                completeStage();
              }
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              handler.abort();
              failStage(failure);
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              serve();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              // What it still has to say comes in.
            }
          });
    }

    @Override
    public void preStart() {
      logic = this;
      // For what the channel still takes after the source of it has ended.
      setKeepGoing(true);
      if (channel.isActive()) {
        pull(in);
      } else {
        completeStage();
      }
    }

    @Override
    public void postStop() {
      logic = null;
      handler.close();
    }

    private void onHappened(Happened what) {
      switch (what) {
        case FRAME -> serve();
        case WRITABLE -> {
          output.write();
          if (isClosed(in) && output.isEmpty()) {
            completeStage();
          } else {
            pullIfRoom();
          }
        }
        case GONE -> failStage(new Broken());
      }
    }

    private void serve() {
      if (!isAvailable(out)) {
        return;
      }
      Frame frame = frames.poll();
      if (frame != null) {
        push(out, frame);
      } else if (isEnded) {
        complete(out);
      } else {
        isWanting = true;
        channel.read();
      }
    }

    private void pullIfRoom() {
      if (output.hasRoom() && !hasBeenPulled(in) && !isClosed(in)) {
        pull(in);
      }
    }
  }

  private static final class Broken extends IOException {
    Broken() {
      super("the connection broke");
    }

    @Override
    public Throwable fillInStackTrace() {
      return this;
    }
  }
}
