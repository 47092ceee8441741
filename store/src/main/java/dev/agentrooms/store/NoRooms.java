package dev.agentrooms.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A room store that records nothing: every room is new, and appends are acknowledged at once, on
/// the caller's thread.
final class NoRooms implements RoomStore {

  /// The handle of all rooms.
  static final class NoHandle implements OpenRoom.Handle {

    @Override
    public long generation() {
      return 0;
    }
  }

  private static final NoHandle HANDLE = new NoHandle();
  private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);
  private static final CompletionStage<Optional<RoomPage>> NOTHING =
      CompletableFuture.completedFuture(Optional.empty());
  private static final CompletionStage<List<String>> NONE =
      CompletableFuture.completedFuture(List.of());

  @Override
  public CompletionStage<OpenRoom> open(String sessionId, @Nullable String epoch, int historySize) {
    return CompletableFuture.completedFuture(
        new OpenRoom(
            HANDLE,
            epoch == null ? "" : epoch,
            0,
            List.of(),
            0,
            0,
            null,
            Delivered.NOTHING,
            false,
            List.of(),
            Duration.ZERO));
  }

  @Override
  public CompletionStage<String> freshEpoch(String sessionId) {
    return CompletableFuture.completedFuture("");
  }

  @Override
  public void append(
      OpenRoom.Handle room,
      long seq,
      String eventId,
      byte[] body,
      Delivered delivered,
      @Nullable RoomProducer by,
      Appended answer) {
    answer.stored(seq);
  }

  @Override
  public CompletionStage<Void> produced(OpenRoom.Handle room, RoomProducer by) {
    return DONE;
  }

  @Override
  public CompletionStage<Boolean> make(OpenRoom.Handle room) {
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public CompletionStage<Optional<RoomPage>> read(String sessionId, long after, int limit) {
    return NOTHING;
  }

  @Override
  public CompletionStage<Void> touch(OpenRoom.Handle room) {
    return DONE;
  }

  @Override
  public CompletionStage<Void> forget(OpenRoom.Handle room) {
    return DONE;
  }

  @Override
  public CompletionStage<List<String>> forgetUnused(Duration ttl) {
    return NONE;
  }
}
