package dev.agentrooms.http;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SubscriptionWithCancelException;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// A TCP connection as a stage: what goes in is sent, what comes out was received. It writes where
/// it runs.
///
/// When what goes in ends, so does the sending; when both directions have ended, the connection is
/// closed, or handed over to who [#handOver] named.
final class TcpStage extends GraphStage<FlowShape<ByteString, ByteString>> {

  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final TcpConnection connection;
  private final ByteString before;
  private final Inlet<ByteString> in = Inlet.create("Tcp.in");
  private final Outlet<ByteString> out = Outlet.create("Tcp.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private volatile boolean isHolding;
  private volatile @Nullable Consumer<ByteString> heir;

  /// @param before what was received already
  TcpStage(TcpConnection connection, ByteString before) {
    this.connection = connection;
    this.before = before;
  }

  /// What is received from now on comes out nowhere: it is meant for somebody else, who is to be
  /// named by [#handOver].
  void hold() {
    isHolding = true;
  }

  /// Lets the stage leave the connection open when its input ends, and calls `next` then.
  ///
  /// @param next takes what was received and came out nowhere
  void handOver(Consumer<ByteString> next) {
    heir = next;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic implements TcpConnection.Owner {

    private final AsyncCallback<TcpConnection.Read> received =
        createAsyncCallback(this::onReceived);
    private final AsyncCallback<Done> writable = createAsyncCallback(done -> sendRest());
    private ByteString unread = before;
    private ByteString unsent = ByteString.emptyByteString();
    private boolean isReading;
    private boolean isHandedOver;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              send(grab(in));
            }

            @Override
            public void onUpstreamFinish() {
              if (unsent.isEmpty()) {
                onAllSent();
              }
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              connection.abort();
              failStage(failure);
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              if (isHolding) {
                return;
              }
              if (unread.isEmpty()) {
                read();
              } else {
                ByteString bytes = unread;
                unread = ByteString.emptyByteString();
                push(out, bytes);
              }
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              if (!(cause instanceof SubscriptionWithCancelException.NonFailureCancellation)) {
                connection.abort();
                failStage(cause);
              } else if (isClosed(in) && unsent.isEmpty() && heir == null) {
                completeStage();
              } else if (heir == null) {
                read();
              }
            }
          });
    }

    @Override
    public void preStart() {
      setKeepGoing(true);
      connection.own(this);
      pull(in);
    }

    @Override
    public void postStop() {
      if (!isHandedOver) {
        connection.close();
      }
    }

    @Override
    public void onRead(TcpConnection.Read read) {
      received.invoke(read);
    }

    @Override
    public void onWritable() {
      writable.invoke(Done.getInstance());
    }

    private void read() {
      if (!isReading) {
        isReading = true;
        connection.request();
      }
    }

    private void onReceived(TcpConnection.Read read) {
      isReading = false;
      switch (read) {
        case TcpConnection.Read.Bytes(ByteString bytes) -> onBytes(bytes);
        case TcpConnection.Read.End end -> onEnd();
        case TcpConnection.Read.Failed(IOException why) -> failStage(why);
      }
    }

    private void onBytes(ByteString bytes) {
      if (isOver()) {
        unread = unread.concat(bytes);
        onAllSent();
      } else if (isHolding) {
        unread = unread.concat(bytes);
      } else if (isAvailable(out)) {
        push(out, bytes);
      } else {
        // Nobody wants it any more; but who reads on learns when the other side has gone.
        read();
      }
    }

    private void onEnd() {
      if (isOver()) {
        onAllSent();
      } else if (isClosed(in) && unsent.isEmpty()) {
        completeStage();
      } else if (!isClosed(out)) {
        // It may still want to read.
        complete(out);
      }
    }

    private boolean isOver() {
      return isClosed(in) && unsent.isEmpty() && heir != null;
    }

    private void send(ByteString bytes) {
      try {
        unsent = connection.write(bytes);
      } catch (IOException e) {
        failStage(e);
        return;
      }
      if (unsent.nonEmpty()) {
        connection.awaitWritable();
      } else if (isClosed(in)) {
        onAllSent();
      } else {
        pull(in);
      }
    }

    private void sendRest() {
      send(unsent);
    }

    private void onAllSent() {
      Consumer<ByteString> next = heir;
      if (next != null) {
        // A read that is under way comes first.
        if (!isReading || connection.takeBack()) {
          isHandedOver = true;
          completeStage();
          next.accept(unread);
        }
      } else if (isClosed(out)) {
        completeStage();
      } else {
        farewell();
      }
    }

    /// The other side may read to the end, and close for its part.
    private void farewell() {
      try {
        connection.shutdownOutput();
      } catch (IOException e) {
        failStage(e);
        return;
      }
      scheduleOnce(FAREWELL, FAREWELL);
      read();
    }

    @Override
    public void onTimer(Object timer) {
      completeStage();
    }
  }
}
