package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delta;
import dev.agentrooms.webui.room.CopyCommand.Batch;
import dev.agentrooms.webui.room.CopyCommand.Event;
import dev.agentrooms.webui.room.CopyCommand.Shown;
import dev.agentrooms.webui.room.CopyCommand.Text;
import dev.agentrooms.webui.room.RoomCommand.Follow;
import dev.agentrooms.webui.room.RoomCommand.Got;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/// The nodes that show a room to watchers of their own: each has a [Copy], and is a cursor here.
///
/// One batch is under way to a copy at a time. The copy's word that it has shown it is the credit
/// for the next, which has all that came meanwhile. So a slow node costs its cursor and no queue,
/// and batches grow when they have to. With events 1 to 3 sent and 4 to 9 published before the
/// answer comes, the second batch has six.
///
/// Whoever publishes faster than a copy can show gets the answers later, so that its readers are
/// not overrun; but nobody waits for a copy that has said nothing for a second.
final class Followers {

  // Of the largest frame between nodes, an eighth.
  private static final int BATCH_BYTES = 256 * 1024;

  /// How long publishers wait for a copy.
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final class Follower {
    private final Following drafts = new Following(true);
    private long next;
    private boolean isServed;
    private long servedAt;

    Follower(long next) {
      this.next = next;
    }
  }

  private final Surroundings around;
  private final History history;
  private final Drafts drafts;
  private final LongSupplier generation;
  private final Supplier<@Nullable String> owner;
  private final Map<ActorRef<CopyCommand>, Follower> followers = new LinkedHashMap<>(0);
  private final List<Runnable> held = new ArrayList<>(0);

  /// @param generation which owner of the room this one is
  /// @param owner the user whom the session belongs to that has delivered here
  Followers(
      Surroundings around,
      History history,
      Drafts drafts,
      LongSupplier generation,
      Supplier<@Nullable String> owner) {
    this.owner = owner;
    this.around = around;
    this.history = history;
    this.drafts = drafts;
    this.generation = generation;
  }

  boolean isEmpty() {
    return followers.isEmpty();
  }

  /// @return whether it is new
  boolean follow(Follow follow) {
    long first = history.first();
    follow
        .copy()
        .tell(
            new CopyCommand.Following(
                history.epoch(),
                generation.getAsLong(),
                first,
                history.last(),
                owner.get(),
                around.context().getSelf()));
    Follower follower = new Follower(follow.after() == 0 ? Math.max(first, 1) : follow.after() + 1);
    drafts.all().forEach(follower.drafts::add);
    boolean isNew = !remove(follow.copy());
    followers.put(follow.copy(), follower);
    serve(follow.copy(), follower);
    return isNew;
  }

  void got(Got got) {
    Follower follower = followers.get(got.copy());
    if (follower != null) {
      // What it says counts: a batch may have been lost.
      follower.next = got.seq() + 1;
      mark(follower, false);
      serve(got.copy(), follower);
      letGo();
    }
  }

  /// @return whether it was there
  boolean remove(ActorRef<CopyCommand> copy) {
    Follower gone = followers.remove(copy);
    if (gone == null) {
      return false;
    }
    mark(gone, false);
    letGo();
    return true;
  }

  /// Answers a publisher when all copies can follow.
  ///
  /// @return the same when that is so already
  Runnable whenShown(Runnable answer) {
    if (followers.isEmpty() || !isOutrun()) {
      return answer;
    }
    held.add(answer);
    look();
    return () -> {};
  }

  /// Gives the answers that are held back, unless there is still reason to.
  void letGo() {
    if (!held.isEmpty() && !isOutrun()) {
      answerAll();
    }
    look();
  }

  private void look() {
    RoomCommand.Late late = RoomCommand.Late.INSTANCE;
    if (!held.isEmpty() && !around.timers().isTimerActive(late)) {
      around.timers().startSingleTimer(late, PATIENCE);
    }
  }

  /// The room ends: nobody who published is left without an answer.
  void close() {
    followers.values().forEach(each -> mark(each, false));
    answerAll();
  }

  private void answerAll() {
    held.forEach(Runnable::run);
    held.clear();
  }

  private boolean isOutrun() {
    long now = around.wiring().nanoClock().getAsLong();
    for (Follower each : followers.values()) {
      if (each.isServed
          && history.last() - each.next >= history.capacity() / 2
          && now - each.servedAt < PATIENCE.toNanos()) {
        return true;
      }
    }
    return false;
  }

  /// Events were added to the history.
  void appended() {
    if (!followers.isEmpty()) {
      followers.forEach(this::serve);
      letGo();
    }
  }

  /// Text is being written.
  ///
  /// @param begun the draft that it belongs to, when it is new
  void wrote(@Nullable Draft begun) {
    followers.forEach(
        (copy, follower) -> {
          if (begun != null) {
            follower.drafts.add(begun);
          }
          serve(copy, follower);
        });
  }

  private void serve(ActorRef<CopyCommand> copy, Follower follower) {
    if (follower.isServed) {
      return;
    }
    long from = follower.next;
    if (from <= history.last() && history.get(from) == null) {
      mark(follower, true);
      copy.tell(new CopyCommand.Overtaken(generation.getAsLong(), history.first()));
      return;
    }
    List<Shown> shown = batch(follower);
    if (!shown.isEmpty()) {
      mark(follower, true);
      follower.servedAt = around.wiring().nanoClock().getAsLong();
      copy.tell(new Batch(generation.getAsLong(), from, shown));
    }
  }

  private List<Shown> batch(Follower follower) {
    List<Shown> batch = new ArrayList<>();
    int bytes = 0;
    while (bytes < BATCH_BYTES) {
      RoomEvent event = history.get(follower.next);
      Delta text = follower.drafts.delta(follower.next, event != null);
      if (text != null) {
        batch.add(new Text(text));
        bytes += text.text().length();
      } else if (event != null
          && (batch.isEmpty() || bytes + event.frame().size() <= BATCH_BYTES)) {
        EncodedEvent encoded = event.encoded(around.sessionId());
        batch.add(new Event(encoded.eventId(), encoded.json()));
        bytes += event.frame().size();
        follower.next++;
      } else {
        return batch;
      }
    }
    return batch;
  }

  private void mark(Follower follower, boolean served) {
    if (follower.isServed != served) {
      follower.isServed = served;
      around.wiring().metrics().batchesChanged(served ? 1 : -1);
    }
  }
}
