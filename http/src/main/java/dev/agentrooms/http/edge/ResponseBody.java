package dev.agentrooms.http.edge;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// Writes the body of an answer to its channel as it comes. It runs on the channel's loop, so that
/// a write is a call; it asks for more when the channel has room.
final class ResponseBody extends GraphStage<SinkShape<ByteString>> {

  private final Inlet<ByteString> in = Inlet.create("ResponseBody.in");
  private final SinkShape<ByteString> shape = SinkShape.of(in);
  private final Output output;
  private final Ended ended;
  private @Nullable Logic logic;
  private boolean isGone;

  /// How the body ended.
  interface Ended {
    /// @param failure null when it was whole
    void onEnd(@Nullable Throwable failure);
  }

  ResponseBody(Channel channel, Ended ended) {
    this.output = new Output(channel, DefaultHttpContent::new);
    this.ended = ended;
  }

  /// The channel has room again. On the loop.
  void onWritable() {
    if (logic != null) {
      logic.writable.invoke(Done.getInstance());
    }
  }

  /// The channel is gone. On the loop.
  void onGone() {
    isGone = true;
    if (logic != null) {
      logic.gone.invoke(Done.getInstance());
    }
  }

  @Override
  public SinkShape<ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {

    private final AsyncCallback<Done> writable = createAsyncCallback(done -> onRoom());
    private final AsyncCallback<Done> gone = createAsyncCallback(done -> completeStage());

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
              if (output.isEmpty()) {
                end(null);
              }
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              end(failure);
            }
          });
    }

    @Override
    public void preStart() {
      logic = this;
      // For what the channel still takes after the source has ended.
      setKeepGoing(true);
      if (isGone) {
        completeStage();
      } else {
        pull(in);
      }
    }

    @Override
    public void postStop() {
      logic = null;
    }

    private void onRoom() {
      output.write();
      if (isClosed(in) && output.isEmpty()) {
        end(null);
      } else {
        pullIfRoom();
      }
    }

    private void pullIfRoom() {
      if (output.hasRoom() && !hasBeenPulled(in) && !isClosed(in)) {
        pull(in);
      }
    }

    private void end(@Nullable Throwable failure) {
      ended.onEnd(failure);
      completeStage();
    }
  }
}
