package dev.agentrooms.http.edge;

import dev.agentrooms.http.edge.EventLoops.NettyLoop;
import java.io.ByteArrayOutputStream;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// The body of a request that did not come whole with its head, as a source that is read once. The
/// connection's side runs on its loop, the reader's wherever the stream does.
final class RequestBody extends GraphStage<SourceShape<ByteString>> {

  private final Outlet<ByteString> out = Outlet.create("RequestBody.out");
  private final SourceShape<ByteString> shape = SourceShape.of(out);
  private final NettyLoop loop;
  private final Runnable onDemand;

  // The loop's.
  // One array, however small the chunks are that it came in.
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(0);
  private boolean isWanted;
  private boolean isEnded;
  private boolean isAbandoned;
  private @Nullable Throwable failure;
  private @Nullable Reader reader;

  /// @param onDemand called on the loop when the reader wants bytes and there are none
  RequestBody(NettyLoop loop, Runnable onDemand) {
    this.loop = loop;
    this.onDemand = onDemand;
  }

  /// Whether the reader waits for bytes.
  boolean isWanted() {
    return isWanted;
  }

  /// Whether all of it has come, or will not.
  boolean isEnded() {
    return isEnded;
  }

  int waitingBytes() {
    return waiting.size();
  }

  /// Whether it will be read by nobody any more, so that what comes may be thrown away.
  boolean isAbandoned() {
    return isAbandoned;
  }

  void add(ByteString bytes) {
    if (!isAbandoned && !bytes.isEmpty()) {
      waiting.writeBytes(bytes.toArrayUnsafe());
      serve();
    }
  }

  void end() {
    isEnded = true;
    serve();
  }

  void fail(Throwable why) {
    if (!isEnded) {
      failure = why;
      isEnded = true;
      serve();
    }
  }

  /// The answer is out: whoever reads on gets no more.
  void abandon() {
    isAbandoned = true;
    isWanted = false;
    waiting.reset();
  }

  private void serve() {
    Reader to = reader;
    if (to == null) {
      return;
    }
    if (isWanted && waiting.size() > 0) {
      ByteString all = ByteString.fromArrayUnsafe(waiting.toByteArray());
      waiting.reset();
      isWanted = false;
      to.bytes.invoke(all);
    } else if (isEnded && waiting.size() == 0) {
      if (failure == null) {
        to.ended.invoke(Done.getInstance());
      } else {
        to.failed.invoke(failure);
      }
    } else if (isWanted) {
      onDemand.run();
    }
  }

  @Override
  public SourceShape<ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Reader();
  }

  private final class Reader extends GraphStageLogic {

    private final AsyncCallback<ByteString> bytes = createAsyncCallback(this::onBytes);
    private final AsyncCallback<Done> ended = createAsyncCallback(done -> completeStage());
    private final AsyncCallback<Throwable> failed = createAsyncCallback(this::failStage);

    Reader() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              loop.execute(
                  () -> {
                    isWanted = true;
                    serve();
                  });
            }
          });
    }

    @Override
    public void preStart() {
      loop.execute(
          () -> {
            reader = this;
            serve();
          });
    }

    @Override
    public void postStop() {
      loop.execute(RequestBody.this::abandon);
    }

    private void onBytes(ByteString next) {
      push(out, next);
    }
  }
}
