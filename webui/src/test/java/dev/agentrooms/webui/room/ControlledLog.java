package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.store.RoomProducer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The log of one room, which records what a test tells it to, when it does. What is recorded stays
/// when the room goes.
final class ControlledLog implements RoomLog, RoomLog.Writer {

  private record Asked(
      long seq, EncodedEvent event, @Nullable Delivery delivered, Receipt receipt) {}

  private final int historySize;
  private final Deque<Asked> asked = new ArrayDeque<>();
  private final List<EncodedEvent> recorded = new ArrayList<>();
  private final List<CompletableFuture<Opening>> openings = new ArrayList<>();
  private @Nullable String epoch;
  private @Nullable Delivery delivered;
  private @Nullable Refused trouble;
  private Duration unused = Duration.ZERO;
  private boolean holdsOpenings;
  private int touched;
  private int forgotten;
  private int opened;
  private int lives;

  ControlledLog(int historySize) {
    this.historySize = historySize;
  }

  synchronized void holdOpenings() {
    holdsOpenings = true;
  }

  synchronized void letOpen() {
    holdsOpenings = false;
    openings.forEach(opening -> opening.complete(opened(String.valueOf(epoch))));
    openings.clear();
  }

  synchronized void away(@Nullable Refused why) {
    trouble = why;
  }

  synchronized void unusedFor(Duration time) {
    unused = time;
  }

  synchronized int opened() {
    return opened;
  }

  synchronized int touched() {
    return touched;
  }

  synchronized int forgotten() {
    return forgotten;
  }

  synchronized int underWay() {
    return asked.size();
  }

  /// Records the next that were asked for.
  void record(int count) {
    for (int i = 0; i < count; i++) {
      next(true).receipt().recorded();
    }
  }

  /// The next one fails, and so do all behind it.
  ///
  /// @param isRecorded whether it is there all the same
  void fail(Failure why, boolean isRecorded) {
    next(isRecorded).receipt().failed(why);
    while (underWay() > 0) {
      next(false).receipt().failed(why);
    }
  }

  private synchronized Asked next(boolean isRecorded) {
    Asked next = asked.remove();
    if (isRecorded) {
      if (next.seq() != recorded.size() + 1) {
        throw new AssertionError(next.seq() + " behind " + recorded.size());
      }
      recorded.add(next.event());
      delivered = next.delivered();
    }
    return next;
  }

  @Override
  public synchronized CompletionStage<Opening> open(String sessionId, @Nullable String freshEpoch) {
    opened++;
    if (epoch == null) {
      epoch = freshEpoch == null ? "fresh" + ++lives : freshEpoch;
    }
    CompletableFuture<Opening> opening = new CompletableFuture<>();
    if (holdsOpenings) {
      openings.add(opening);
    } else {
      opening.complete(opened(epoch));
    }
    return opening;
  }

  private Opening opened(String life) {
    if (trouble != null) {
      return new NotOpened(trouble);
    }
    int last = recorded.size();
    return new Opened(
        this,
        life,
        last,
        List.copyOf(recorded.subList(Math.max(0, last - historySize), last)),
        last > 0,
        delivered,
        null,
        List.of(),
        unused);
  }

  @Override
  public CompletionStage<Optional<Reading>> read(String sessionId, long after, int limit) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  @Override
  public CompletionStage<Reading> missed(String sessionId, long after, int limit) {
    return CompletableFuture.completedFuture(Refused.STORE_UNAVAILABLE);
  }

  @Override
  public boolean lasts() {
    return true;
  }

  @Override
  public long generation() {
    return opened;
  }

  @Override
  public @Nullable Refused trouble() {
    return null;
  }

  @Override
  public synchronized boolean append(
      long seq,
      EncodedEvent event,
      @Nullable Delivery latest,
      @Nullable RoomProducer by,
      Receipt receipt) {
    asked.add(new Asked(seq, event, latest, receipt));
    return false;
  }

  @Override
  public CompletionStage<Boolean> produced(RoomProducer by) {
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public CompletionStage<Change> make() {
    return CompletableFuture.completedFuture(new Change.Done(false));
  }

  @Override
  public synchronized void touch() {
    touched++;
  }

  @Override
  public synchronized CompletionStage<Boolean> forget() {
    forgotten++;
    recorded.clear();
    delivered = null;
    epoch = null;
    unused = Duration.ZERO;
    return CompletableFuture.completedFuture(true);
  }
}
