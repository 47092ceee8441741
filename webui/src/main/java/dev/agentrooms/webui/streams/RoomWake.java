package dev.agentrooms.webui.streams;

import dev.agentrooms.http.Loop;
import dev.agentrooms.http.Stages;
import dev.agentrooms.webui.room.Admission;
import dev.agentrooms.webui.room.Refused;
import dev.agentrooms.webui.room.Rooms;
import dev.agentrooms.webui.room.Subscriber;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One watcher of a room for all who read it as a stream here: it is told of each event, as a
/// socket is.
final class RoomWake implements Tails.Interest {

  private static final long AGAIN_MILLIS = 200;

  private final Rooms rooms;
  private final String sessionId;
  private final Runnable changed;
  private final Executor executor;
  private volatile boolean closed;
  private volatile @Nullable Subscriber subscriber;

  RoomWake(Rooms rooms, String sessionId, Runnable changed, Executor executor) {
    this.rooms = rooms;
    this.sessionId = sessionId;
    this.changed = changed;
    this.executor = executor;
  }

  void join() {
    if (closed) {
      return;
    }
    Waker waker = new Waker();
    subscriber = waker.subscriber;
    Stages.whenDone(
        rooms.join(sessionId, waker.subscriber, null),
        (admission, failure) -> {
          switch (admission) {
            case Admission.Joined _ -> executor.execute(waker::look);
            case Refused _ -> later();
            case null -> later();
          }
        });
    if (closed) {
      waker.subscriber.leave();
    }
  }

  private void later() {
    CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS, executor)
        .execute(this::join);
  }

  @Override
  public void close() {
    closed = true;
    Subscriber here = subscriber;
    if (here != null) {
      here.leave();
    }
  }

  private final class Waker {

    private final Subscriber subscriber =
        new Subscriber(Loop.NONE, () -> executor.execute(this::look), Subscriber.Text.NOT);

    /// Tells of what has come, and parks.
    void look() {
      changed.run();
      while (subscriber.poll() != null) {
        // Those who read it see more than this one has skipped.
      }
      if (subscriber.isRoomClosed() || subscriber.isLagged()) {
        subscriber.leave();
        later();
      } else {
        changed.run();
      }
    }
  }
}
