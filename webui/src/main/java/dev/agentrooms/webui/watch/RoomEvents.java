package dev.agentrooms.webui.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.http.Loop;
import dev.agentrooms.http.Stages;
import dev.agentrooms.webui.room.Admission;
import dev.agentrooms.webui.room.Position;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.RoomEvent;
import dev.agentrooms.webui.room.Rooms;
import dev.agentrooms.webui.room.Subscriber;
import dev.agentrooms.webui.watch.WatchMetrics.Over;
import java.time.Duration;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/// One room as Server-Sent Events: the same cursor as a socket's, in another writing.
///
/// A reader that resumes in vain gets `reset` first; one that lags gets `lagged` and the end; a
/// silent stream gets a comment now and then, which is also how a dead connection is noticed. One
/// that lags and takes nothing any more is cut off.
final class RoomEvents extends GraphStage<SourceShape<ByteString>> {

  private static final int BATCH_BYTES = 64 * 1024;
  // No timer runs for as long as a token may be good. The reader comes back.
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final ByteString COMMENT = utf8(":\n\n");
  private static final ByteString LAGGED = utf8("event: lagged\ndata: {}\n\n");
  private static final ByteString DELTA = utf8("event: delta\ndata: ");
  private static final ByteString END = utf8("\n\n");

  private final Rooms rooms;
  private final String sessionId;
  private final @Nullable Position position;
  private final boolean deltas;
  private final Duration keepAlive;
  private final @Nullable Duration allowed;
  private final Loop loop;
  private final boolean gzips;
  private final OpenSockets open;
  private final WatchMetrics metrics;
  private final Outlet<ByteString> out = Outlet.create("RoomEvents.out");
  private final SourceShape<ByteString> shape = SourceShape.of(out);

  /// @param position where to resume; live events only when null
  /// @param deltas whether text is sent while it is being written
  /// @param allowed how long the reader may read; null for ever
  /// @param loop where the stream runs
  /// @param gzips whether it is sent gzipped
  RoomEvents(
      Rooms rooms,
      String sessionId,
      @Nullable Position position,
      boolean deltas,
      Duration keepAlive,
      @Nullable Duration allowed,
      Loop loop,
      boolean gzips,
      OpenSockets open,
      WatchMetrics metrics) {
    this.rooms = rooms;
    this.sessionId = sessionId;
    this.position = position;
    this.deltas = deltas;
    this.keepAlive = keepAlive;
    this.allowed = allowed;
    this.loop = loop;
    this.gzips = gzips;
    this.open = open;
    this.metrics = metrics;
  }

  @Override
  public SourceShape<ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private static ByteString utf8(String text) {
    return ByteString.fromArray(text.getBytes(UTF_8));
  }

  private enum Timer {
    KEEP_ALIVE,
    TOKEN
  }

  /// The reader is gone, or does not read.
  private static final class Stalled extends RuntimeException {
    Stalled() {
      super("the reader lags and does not read", null, false, false);
    }
  }

  private record Answer(@Nullable Admission admission, @Nullable Throwable failure) {}

  private final class Logic extends TimerGraphStageLogic implements OpenSockets.Open {

    private final AsyncCallback<Boolean> woken = createAsyncCallback(ignored -> send());
    private final AsyncCallback<Answer> answered = createAsyncCallback(this::onJoined);
    private final AsyncCallback<Integer> goAway = createAsyncCallback(this::onGoAway);
    private final Subscriber subscriber =
        new Subscriber(
            loop, () -> woken.invoke(true), deltas ? Subscriber.Text.JOINED : Subscriber.Text.NOT);
    private final StreamCoding coding = StreamCoding.of(gzips);
    // Sent when the room has let this reader in: the answer's head goes out with it.
    private ByteString first = coding.begin().concat(coding.text(COMMENT));
    private String epoch = "";
    private boolean joined;
    private boolean stalled;

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              stalled = false;
              send();
            }
          });
    }

    @Override
    public void preStart() {
      open.opened(this);
      metrics.opened(Over.STREAM);
      scheduleWithFixedDelay(Timer.KEEP_ALIVE, keepAlive, keepAlive);
      if (allowed != null) {
        scheduleOnce(Timer.TOKEN, allowed.compareTo(LONGEST) < 0 ? allowed : LONGEST);
      }
      Stages.whenDone(
          rooms.join(sessionId, subscriber, position),
          (reply, failure) -> answered.invoke(new Answer(reply, failure)));
    }

    @Override
    public void postStop() {
      open.closed(this);
      metrics.closed(Over.STREAM);
      subscriber.leave();
    }

    @Override
    public void goAway(int retryMs) {
      goAway.invoke(retryMs);
    }

    private void onGoAway(int retryMs) {
      finish(first.concat(coding.text(utf8("retry: " + retryMs + "\n\n"))));
    }

    /// @param last coded, as all that is pushed; only what is coded and sent counts for the end
    private void finish(ByteString last) {
      ByteString rest = last.concat(coding.end());
      if (isAvailable(out) && !rest.isEmpty()) {
        push(out, rest);
      }
      completeStage();
    }

    @Override
    public void onTimer(Object timer) {
      if (timer == Timer.TOKEN) {
        finish(first);
      } else if (subscriber.isLagged()) {
        if (stalled) {
          // It has taken nothing since the last time, so it cannot be told either.
          metrics.lagged(Over.STREAM);
          failStage(new Stalled());
        } else {
          stalled = !isAvailable(out);
          send();
        }
      } else if (joined && isAvailable(out)) {
        push(out, coding.text(COMMENT));
      }
    }

    private void onJoined(Answer answer) {
      switch (answer.admission()) {
        case null ->
            failStage(
                answer.failure() == null
                    ? new IllegalStateException("no answer")
                    : answer.failure());
        // Somebody took the last place since it was asked for, or the store went away: who comes
        // back is told.
        case Refused refused -> finish(first);
        case Admission.Joined room -> begin(room);
      }
    }

    private void begin(Admission.Joined room) {
      joined = true;
      epoch = room.epoch();
      if (Boolean.FALSE.equals(room.recovered())) {
        first =
            first.concat(
                text(
                    "event: reset\ndata: {\"epoch\":\""
                        + epoch
                        + "\",\"first_seq\":"
                        + room.firstSeq()
                        + "}\n\n"));
      }
      send();
    }

    private void send() {
      if (!joined || !isAvailable(out)) {
        return;
      }
      ByteString batch = first;
      first = ByteString.emptyByteString();
      RoomEvent event = null;
      int events = 0;
      int deltas = 0;
      while (batch.size() < BATCH_BYTES && (event = subscriber.poll()) != null) {
        batch = batch.concat(coding.event(event, written(event)));
        if (event.isDelta()) {
          deltas++;
        } else {
          events++;
        }
      }
      metrics.delivered(Over.STREAM, events, deltas);
      boolean ends = event == null && (subscriber.isLagged() || subscriber.isRoomClosed());
      if (ends && subscriber.isLagged()) {
        batch = batch.concat(coding.text(LAGGED));
        metrics.lagged(Over.STREAM);
      }
      if (ends) {
        finish(batch);
      } else if (!batch.isEmpty()) {
        push(out, batch);
      }
    }

    private ByteString text(String text) {
      return coding.text(utf8(text));
    }

    private ByteString written(RoomEvent event) {
      if (event.isDelta()) {
        return DELTA.concat(event.json()).concat(END);
      }
      return utf8("id: " + epoch + ":" + event.seq() + "\nevent: progress\ndata: ")
          .concat(event.json())
          .concat(END);
    }
  }
}
