package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.store.OpenRoom;
import dev.agentrooms.store.RoomProducer;
import dev.agentrooms.store.RoomStore;
import dev.agentrooms.store.RoomStore.RoomPage;
import dev.agentrooms.store.RoomStore.StoredEvent;
import dev.agentrooms.store.Store;
import dev.agentrooms.store.StoreFailure;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Rooms in a store: each event as its producer sent it, and beside it how far the session has
/// delivered.
final class StoredLog implements RoomLog {

  private static final Logger LOG = LoggerFactory.getLogger(StoredLog.class);

  // A store may keep some more events than a room retains, until it deletes them.
  private static final int NOT_DELETED_YET = 1_000;

  private final Store store;
  private final RoomStore rooms;
  private final int historySize;

  StoredLog(Store store, int historySize) {
    this.store = store;
    this.rooms = store.rooms();
    this.historySize = historySize;
  }

  @Override
  public CompletionStage<Opening> open(String sessionId, @Nullable String epoch) {
    return rooms
        .open(sessionId, epoch, historySize)
        .handle(
            (room, failure) ->
                room == null
                    ? new NotOpened(refusal(sessionId, failure))
                    : new Opened(
                        new StoredWriter(rooms, room.handle(), sessionId),
                        room.epoch(),
                        room.last(),
                        room.events().stream().map(each -> encoded(sessionId, each)).toList(),
                        room.isThere(),
                        delivery(room.life(), room.n(), room.owner()),
                        delivery(room.before().life(), room.before().n(), null),
                        room.producers(),
                        room.unused()));
  }

  private static @Nullable Delivery delivery(long life, long n, @Nullable String owner) {
    return life > 0 && n > 0 ? new Delivery(life, n, owner) : null;
  }

  private static EncodedEvent encoded(String sessionId, StoredEvent event) {
    return new EncodedEvent(sessionId, event.eventId(), event.body());
  }

  @Override
  public CompletionStage<Optional<Reading>> read(String sessionId, long after, int limit) {
    return rooms
        .read(sessionId, after, (int) Math.min(Integer.MAX_VALUE, (long) limit + NOT_DELETED_YET))
        .thenCompose(
            page ->
                page.isPresent()
                    ? CompletableFuture.completedFuture(
                        retained(sessionId, page.get(), first(page.get()), limit))
                    : rooms
                        .freshEpoch(sessionId)
                        .thenApply(epoch -> new Retained(epoch, 0, 0, List.of())))
        .handle(
            (retained, failure) ->
                Optional.of(retained == null ? refusal(sessionId, failure) : retained));
  }

  private long first(RoomPage page) {
    return Math.max(page.first(), page.last() - historySize + 1);
  }

  @Override
  public CompletionStage<Reading> missed(String sessionId, long after, int limit) {
    return rooms
        .read(sessionId, after, limit)
        .handle(
            (page, failure) ->
                page == null
                    ? refusal(sessionId, failure)
                    : page.<Reading>map(found -> retained(sessionId, found, found.first(), limit))
                        .orElse(Refused.STORE_UNAVAILABLE));
  }

  @Override
  public boolean lasts() {
    return true;
  }

  private static Retained retained(String sessionId, RoomPage page, long first, int limit) {
    List<RoomEvent> events =
        page.events().stream()
            .filter(each -> each.seq() >= first)
            .limit(limit)
            .map(each -> encoded(sessionId, each).at(each.seq()))
            .toList();
    return new Retained(page.epoch(), first, page.last(), events);
  }

  @Override
  public @Nullable Refused trouble() {
    return store.trouble().map(why -> failure(why).refusal()).orElse(null);
  }

  private static Refused refusal(String sessionId, @Nullable Throwable cause) {
    if (cause == null) {
      return Refused.STORE_UNAVAILABLE;
    }
    StoreFailure why = StoreFailure.of(cause);
    if (why instanceof StoreFailure.Unstorable) {
      LOG.error("room {} cannot be read", sessionId, why);
    }
    return failure(why).refusal();
  }

  private static Failure failure(StoreFailure why) {
    return switch (why) {
      case StoreFailure.Full full -> Failure.FULL;
      case StoreFailure.OutcomeUnknown unknown -> Failure.UNKNOWN;
      case StoreFailure.Fenced fenced -> Failure.FENCED;
      case StoreFailure.Unavailable unavailable -> Failure.UNAVAILABLE;
      case StoreFailure.NameTaken taken -> Failure.UNAVAILABLE;
      case StoreFailure.Unstorable unstorable -> Failure.UNAVAILABLE;
    };
  }

  private record StoredWriter(RoomStore rooms, OpenRoom.Handle handle, String sessionId)
      implements Writer {

    @Override
    public long generation() {
      return handle.generation();
    }

    @Override
    public boolean append(
        long seq,
        EncodedEvent event,
        @Nullable Delivery delivered,
        @Nullable RoomProducer by,
        Receipt receipt) {
      rooms.append(
          handle,
          seq,
          event.eventId(),
          event.json(),
          delivered == null
              ? RoomStore.Delivered.NOTHING
              : new RoomStore.Delivered(delivered.life(), delivered.n(), delivered.owner()),
          by,
          new RoomStore.Appended() {
            @Override
            public void stored(long stored) {
              receipt.recorded();
            }

            @Override
            public void failed(long failed, StoreFailure why) {
              if (why instanceof StoreFailure.Unstorable) {
                LOG.error("an event of room {} cannot be stored", sessionId, why);
              }
              receipt.failed(failure(why));
            }
          });
      return false;
    }

    @Override
    public CompletionStage<Boolean> produced(RoomProducer by) {
      return rooms.produced(handle, by).handle((done, failure) -> failure == null);
    }

    @Override
    public CompletionStage<Change> make() {
      return rooms
          .make(handle)
          .handle(
              (isNew, failure) ->
                  isNew == null ? refusal(sessionId, failure) : new Change.Done(!isNew));
    }

    @Override
    public void touch() {
      // One that fails is as good as late: the next is not far.
      var _ = rooms.touch(handle);
    }

    @Override
    public CompletionStage<Boolean> forget() {
      return rooms
          .forget(handle)
          .handle(
              (done, failure) -> {
                if (failure != null) {
                  LOG.warn("room {} is not forgotten yet: {}", sessionId, failure.getMessage());
                }
                return failure == null;
              });
    }
  }
}
