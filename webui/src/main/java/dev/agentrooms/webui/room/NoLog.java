package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.store.RoomProducer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Rooms that record nothing: each is new, and an event counts as soon as it has its `seq`.
enum NoLog implements RoomLog, RoomLog.Writer {
  INSTANCE;

  private static final CompletionStage<Boolean> DONE = CompletableFuture.completedFuture(true);
  private static final CompletionStage<Optional<Reading>> NOTHING =
      CompletableFuture.completedFuture(Optional.empty());

  @Override
  public CompletionStage<Opening> open(String sessionId, @Nullable String epoch) {
    return CompletableFuture.completedFuture(
        new Opened(
            this,
            String.valueOf(epoch),
            0,
            List.of(),
            false,
            null,
            null,
            List.of(),
            Duration.ZERO));
  }

  @Override
  public CompletionStage<Optional<Reading>> read(String sessionId, long after, int limit) {
    return NOTHING;
  }

  @Override
  public CompletionStage<Reading> missed(String sessionId, long after, int limit) {
    return CompletableFuture.completedFuture(new Retained("", 0, 0, List.of()));
  }

  @Override
  public boolean lasts() {
    return false;
  }

  @Override
  public @Nullable Refused trouble() {
    return null;
  }

  @Override
  public boolean append(
      long seq,
      EncodedEvent event,
      @Nullable Delivery delivered,
      @Nullable RoomProducer by,
      Receipt receipt) {
    return true;
  }

  @Override
  public CompletionStage<Boolean> produced(RoomProducer by) {
    return DONE;
  }

  @Override
  public CompletionStage<Change> make() {
    return CompletableFuture.completedFuture(new Change.Done(false));
  }

  @Override
  public long generation() {
    return 0;
  }

  @Override
  public void touch() {}

  @Override
  public CompletionStage<Boolean> forget() {
    return DONE;
  }
}
