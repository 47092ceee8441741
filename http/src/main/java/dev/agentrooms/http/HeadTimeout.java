package dev.agentrooms.http;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/// Cuts off a connection that opens and says nothing, or that sends the head of a request a byte at
/// a time. An idle timeout sees neither as idle.
///
/// It stands between the connection and the parser, and learns from its [State] when the server is
/// waiting for a head.
final class HeadTimeout extends GraphStage<FlowShape<ByteString, ByteString>> {

  /// What the other end of the parser knows of the connection.
  static final class State {
    private volatile boolean expecting = true;
    private volatile long heads;

    /// A head has arrived; until it is answered, what comes is its body. Requests come one by one.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void headArrived() {
      heads++;
      expecting = false;
    }

    /// The answer is given: the next head may come, whenever it likes.
    void answered() {
      expecting = true;
    }
  }

  private final Duration limit;
  private final State state;
  private final Inlet<ByteString> in = Inlet.create("HeadTimeout.in");
  private final Outlet<ByteString> out = Outlet.create("HeadTimeout.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);

  HeadTimeout(Duration limit, State state) {
    this.limit = limit;
    this.state = state;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new TimerGraphStageLogic(shape) {
      // The head that began to arrive last, by how many came before it, and when it began.
      private long head;
      private long since;
      private boolean timing;

      {
        setHandler(
            in,
            new AbstractInHandler() {
              @Override
              public void onPush() {
                push(out, grab(in));
                if (state.expecting && head != state.heads) {
                  expect(state.heads);
                }
              }
            });
        setHandler(
            out,
            new AbstractOutHandler() {
              @Override
              public void onPull() {
                pull(in);
              }
            });
      }

      @Override
      public void preStart() {
        expect(0);
      }

      // One timer serves all the requests that come until it fires.
      @Override
      public void onTimer(Object key) {
        timing = false;
        if (state.expecting && head == state.heads) {
          long left = since + limit.toNanos() - System.nanoTime();
          if (left <= 0) {
            failStage(new TimeoutException("no request within " + limit));
          } else {
            schedule(Duration.ofNanos(left));
          }
        }
      }

      private void expect(long next) {
        head = next;
        since = System.nanoTime();
        if (!timing) {
          schedule(limit);
        }
      }

      private void schedule(Duration delay) {
        timing = true;
        scheduleOnce(state, delay);
      }
    };
  }
}
