package dev.agentrooms.webui.watch;

import dev.agentrooms.http.Frame;
import dev.agentrooms.http.FrameWriter;
import dev.agentrooms.webui.watch.WatchMetrics.Over;
import java.time.Duration;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/// One WebSocket: commands in, replies and the events of its rooms out.
///
/// Commands are carried out one after the other, so that their replies come in order; while one
/// waits for its room, or replies pile up unread, no more input is taken. Events are read from the
/// rooms' histories only when the peer has room for them, as many as there are at a time.
final class RoomSocket extends GraphStage<FlowShape<Frame, ByteString>> {

  static final int GOING_AWAY = 1001;
  static final int TOKEN_EXPIRED = 4401;

  /// The longest message of a client, in bytes.
  static final int MAX_MESSAGE_BYTES = 64 * 1024;

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);
  // In one interval.
  private static final int PING_MOMENTS = 100;
  // No timer runs for as long as a token may be good.
  private static final Duration ONE_DAY = Duration.ofDays(1);
  private static final ByteString PING = FrameWriter.ping(ByteString.emptyByteString());

  private final SocketWiring wiring;
  private final Peer peer;
  private final Inlet<Frame> in = Inlet.create("RoomSocket.in");
  private final Outlet<ByteString> out = Outlet.create("RoomSocket.out");
  private final FlowShape<Frame, ByteString> shape = FlowShape.of(in, out);

  RoomSocket(SocketWiring wiring, Peer peer) {
    this.wiring = wiring;
    this.peer = peer;
  }

  @Override
  public FlowShape<Frame, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private enum Timer {
    PING,
    SILENCE,
    TOKEN,
    CLOSE
  }

  private final class Logic extends TimerGraphStageLogic implements OpenSockets.Open {

    private final Outgoing outgoing = new Outgoing(peer.deflates());
    private final AsyncCallback<Subscription> woken = createAsyncCallback(this::onWoken);
    private final AsyncCallback<SocketCommands.Answer> answered =
        createAsyncCallback(this::onAnswer);
    private final AsyncCallback<Frame.Close> closing =
        createAsyncCallback(close -> close(close.code(), close.reason()));
    private final SocketCommands commands =
        new SocketCommands(
            wiring.rooms(),
            new SubscribeDoor(wiring.door(), peer.visit(), peer.from()),
            wiring.settings(),
            outgoing,
            peer.loop(),
            woken::invoke,
            answered::invoke);
    private final Subscriptions subscriptions = commands.subscriptions();
    private Runnable ended = () -> {};
    private boolean peerClosed;
    private long lastHeard = System.nanoTime();

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              onFrame(grab(in));
              work();
            }

            @Override
            public void onUpstreamFinish() {
              completeStage();
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              work();
            }
          });
    }

    @Override
    public void preStart() {
      wiring.open().opened(this);
      ended =
          peer.whileSignedIn()
              .apply(() -> closing.invoke(new Frame.Close(TOKEN_EXPIRED, "signed out")));
      wiring.metrics().opened(Over.SOCKET);
      scheduleOnce(Timer.PING, untilNextPing());
      watchSilence();
      pull(in);
    }

    @Override
    public void postStop() {
      wiring.open().closed(this);
      ended.run();
      wiring.metrics().closed(Over.SOCKET);
      if (outgoing.isLagged()) {
        wiring.metrics().lagged(Over.SOCKET);
      }
      commands.leaveAll();
    }

    @Override
    public void goAway(int retryMs) {
      closing.invoke(new Frame.Close(GOING_AWAY, "the server stops; retry_ms=" + retryMs));
    }

    @Override
    public void onTimer(Object timer) {
      switch ((Timer) timer) {
        case PING -> {
          // A peer that stopped reading shows only here that it has lagged.
          if (subscriptions.isAnyLagged()) {
            close(Outgoing.LAGGED, "lagged");
          } else if (!outgoing.hasReplies()) {
            outgoing.reply(PING);
          }
          work();
          scheduleOnce(Timer.PING, untilNextPing());
          watchSilence();
        }
        case SILENCE -> onSilence();
        case TOKEN -> {
          if (subscriptions.isAnyExpired(wiring.door().access().now())) {
            close(TOKEN_EXPIRED, "the token has expired");
          } else {
            watchTokens();
          }
        }
        case CLOSE -> completeStage();
      }
    }

    /// After one interval, or a little less, so that many sockets are pinged at the same moment:
    /// waking the threads for each would cost more than the pings.
    private Duration untilNextPing() {
      long interval = wiring.settings().pingInterval().toNanos();
      return Duration.ofNanos(
          interval - Math.floorMod(System.nanoTime(), interval / PING_MOMENTS + 1));
    }

    /// Who has answered a ping is not silent before the next one, so most sockets need no timer.
    private void watchSilence() {
      Duration left = leftOfSilence();
      if (!isTimerActive(Timer.SILENCE) && left.compareTo(wiring.settings().pingInterval()) <= 0) {
        scheduleOnce(Timer.SILENCE, left);
      }
    }

    private Duration leftOfSilence() {
      return wiring.settings().silenceTimeout().minusNanos(System.nanoTime() - lastHeard);
    }

    private void onSilence() {
      if (leftOfSilence().isPositive()) {
        watchSilence();
      } else if (outgoing.isClosing()) {
        // It neither reads our close nor ends the connection.
        failStage(new PeerGone());
      } else {
        scheduleOnce(Timer.SILENCE, CLOSE_PATIENCE);
        close(GOING_AWAY, "silent for too long");
      }
    }

    /// Does what can be done now: sends what the peer has room for, and asks for the next frame.
    private void work() {
      send();
      boolean isReady = !commands.isWaiting() && outgoing.hasRoom();
      if ((outgoing.isClosing() || isReady) && !hasBeenPulled(in) && !isClosed(in)) {
        pull(in);
      }
    }

    private void onFrame(Frame frame) {
      if (outgoing.isClosing()) {
        peerClosed |= frame instanceof Frame.Close;
        return;
      }
      lastHeard = System.nanoTime();
      switch (frame) {
        case Frame.Text text -> commands.carryOut(text.utf8());
        case Frame.Binary binary -> commands.refuseBinary();
        case Frame.Ping ping -> outgoing.reply(FrameWriter.pong(ping.payload()));
        case Frame.Pong pong -> {}
        case Frame.Close(int code, String reason) -> {
          peerClosed = true;
          outgoing.close(code, reason);
        }
        case Frame.Violation(int code, String reason) -> outgoing.close(code, reason);
      }
    }

    private void onAnswer(SocketCommands.Answer answer) {
      commands.onAnswer(answer);
      watchTokens();
      work();
    }

    private void watchTokens() {
      subscriptions
          .firstExpiry()
          .ifPresent(
              until -> {
                // A little more than the rest, so that it has expired when the timer fires.
                Duration rest = Duration.between(wiring.door().access().now(), until).plusMillis(1);
                scheduleOnce(Timer.TOKEN, rest.compareTo(ONE_DAY) < 0 ? rest : ONE_DAY);
              });
    }

    private void onWoken(Subscription subscription) {
      if (subscriptions.contains(subscription)) {
        outgoing.ready(subscription);
        send();
      }
    }

    /// Hands everything that waits, up to a batch, to one write.
    private void send() {
      if (!isAvailable(out) || outgoing.isOver()) {
        endIfOver();
        return;
      }
      ByteString batch = outgoing.next();
      wiring.metrics().delivered(Over.SOCKET, outgoing.eventsInBatch(), outgoing.deltasInBatch());
      if (!batch.isEmpty()) {
        push(out, batch);
      }
      if (outgoing.isOver()) {
        // The peer has a moment to read the close and to close its side.
        scheduleOnce(Timer.CLOSE, CLOSE_PATIENCE);
      }
      endIfOver();
    }

    private void endIfOver() {
      if (peerClosed && outgoing.isOver()) {
        completeStage();
      }
    }

    private void close(int code, String reason) {
      outgoing.close(code, reason);
      work();
    }
  }

  private static final class PeerGone extends RuntimeException {
    PeerGone() {
      super("the peer does not read", null, false, false);
    }
  }
}
