package dev.agentrooms.webui.watch;

import dev.agentrooms.http.Loop;
import dev.agentrooms.http.Stages;
import dev.agentrooms.webui.room.Admission;
import dev.agentrooms.webui.room.Position;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.RoomEvent;
import dev.agentrooms.webui.room.Rooms;
import dev.agentrooms.webui.room.Subscriber;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/// One room for those who write it in a protocol of their own: how it was joined, then its events
/// and the pieces of its texts, by the same cursor that sockets have.
///
/// It ends when the reader lags or the room leaves, and whoever wants to go on joins again; it ends
/// without an element when the room cannot be joined.
public final class RoomSource extends GraphStage<SourceShape<RoomSource.Part>> {

  /// What is read of a room.
  public sealed interface Part {
    /// Always the first.
    record Joined(Admission.Joined room) implements Part {}

    record Event(RoomEvent event) implements Part {}
  }

  private final Rooms rooms;
  private final String sessionId;
  private final @Nullable Position position;
  private final Loop loop;
  private final Outlet<Part> out = Outlet.create("RoomSource.out");
  private final SourceShape<Part> shape = SourceShape.of(out);

  /// @param position where to resume; live events only when null
  /// @param loop where the stream runs
  public RoomSource(Rooms rooms, String sessionId, @Nullable Position position, Loop loop) {
    this.rooms = rooms;
    this.sessionId = sessionId;
    this.position = position;
    this.loop = loop;
  }

  @Override
  public SourceShape<Part> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private record Answer(@Nullable Admission admission, @Nullable Throwable failure) {}

  private final class Logic extends GraphStageLogic {

    private final AsyncCallback<Boolean> woken = createAsyncCallback(yes -> send());
    private final AsyncCallback<Answer> answered = createAsyncCallback(this::onAnswer);
    private final Subscriber subscriber =
        new Subscriber(loop, () -> woken.invoke(true), Subscriber.Text.AS_CUT);
    private Admission.@Nullable Joined joined;
    private boolean isTold;

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              send();
            }
          });
    }

    @Override
    public void preStart() {
      Stages.whenDone(
          rooms.join(sessionId, subscriber, position),
          (reply, failure) -> answered.invoke(new Answer(reply, failure)));
    }

    @Override
    public void postStop() {
      subscriber.leave();
    }

    private void onAnswer(Answer answer) {
      switch (answer.admission()) {
        case null ->
            failStage(
                answer.failure() == null
                    ? new IllegalStateException("no answer")
                    : answer.failure());
        case Refused refused -> completeStage();
        case Admission.Joined room -> {
          joined = room;
          send();
        }
      }
    }

    private void send() {
      Admission.Joined room = joined;
      if (room == null || !isAvailable(out)) {
        return;
      }
      if (!isTold) {
        isTold = true;
        push(out, new Part.Joined(room));
        return;
      }
      RoomEvent event = subscriber.poll();
      if (event != null) {
        push(out, new Part.Event(event));
      } else if (subscriber.isLagged() || subscriber.isRoomClosed()) {
        completeStage();
      }
    }
  }
}
