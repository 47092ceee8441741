package dev.agentrooms.webui.room;

import dev.agentrooms.http.Loop;
import dev.agentrooms.protocol.Delta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Those of one node who watch one room. They read its [History] as it fills, each at a pace of its
/// own; the audience wakes those who wait. It never waits for them.
///
/// Whoever fills the history says so here, on one thread at a time: on the room's own node the room
/// does, and the history is the room's own. Watchers come and go on any thread.
final class Audience {

  private final History history;
  private final RoomMetrics metrics;
  private final LastUse lastUse;
  private final Drafts drafts = new Drafts();
  private volatile Consumer<Notice> filler;
  private Rounds rounds;

  // These three are guarded by this object's lock.
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();
  private @Nullable Map<Loop, List<Subscriber>> byLoop;
  private boolean closed;

  /// What the one who fills the history is told, on any thread, and goes on with on its own.
  enum Notice {
    /// The last watcher has left.
    UNWATCHED,

    /// A round has ended, which is to be said here: [#onRoundEnded].
    ROUND_ENDED
  }

  Audience(History history, RoomMetrics metrics, LastUse lastUse, Consumer<Notice> filler) {
    this.history = history;
    this.metrics = metrics;
    this.lastUse = lastUse;
    this.filler = filler;
    this.rounds = Rounds.ofHistory(history.capacity());
  }

  /// What is replayed and what is live meet in the subscriber's cursor, without a seam.
  ///
  /// @param position what the client knows; live events only when null
  /// @return null when there is nothing to watch here any more
  synchronized Admission.@Nullable Joined join(Subscriber subscriber, @Nullable Position position) {
    if (closed) {
      return null;
    }
    History.Start start = history.startAt(position);
    drafts.all().forEach(subscriber::follow);
    subscriber.begin(history, start.next(), () -> leave(subscriber));
    if (!subscriber.isGone()) {
      subscribers.add(subscriber);
      byLoop = null;
      metrics.subscribersChanged(1);
    } else if (subscribers.isEmpty()) {
      // Its farewell has overtaken it.
      filler.accept(Notice.UNWATCHED);
    }
    if (start.recovered() != null) {
      metrics.resumed(start.recovered());
    }
    return new Admission.Joined(history.epoch(), start.last(), start.first(), start.recovered());
  }

  private synchronized void leave(Subscriber subscriber) {
    if (subscribers.remove(subscriber)) {
      byLoop = null;
      metrics.subscribersChanged(-1);
      lastUse.now();
      if (subscribers.isEmpty()) {
        filler.accept(Notice.UNWATCHED);
      }
    }
  }

  synchronized boolean isWatched() {
    return !subscribers.isEmpty();
  }

  /// An event is about to be added to the history.
  void appending(long seq, EncodedEvent event) {
    drafts.beforeAdding(seq, event);
  }

  Drafts drafts() {
    return drafts;
  }

  /// A text goes on. Without events there is nothing that it could belong to.
  ///
  /// @return the draft, when it begins with this
  @Nullable Draft wrote(Delta delta) {
    if (history.isEmpty()) {
      return null;
    }
    Draft known = drafts.find(delta);
    Draft draft = known == null ? draftOf(delta) : known;
    if (draft != null && draft.append(delta) && rounds.onEvent(() -> {})) {
      round();
    }
    return known == null ? draft : null;
  }

  // Under the lock, so that everybody follows a draft once, whether they come before it or after.
  private synchronized @Nullable Draft draftOf(Delta delta) {
    if (delta.offset() > 0) {
      return null;
    }
    Draft begun = drafts.begin(delta);
    metrics.draftBegun();
    subscribers.forEach(each -> each.follow(begun));
    return begun;
  }

  /// An event was added to the history.
  ///
  /// @param answer tells its publisher so, now or when the next round begins
  void appended(Runnable answer) {
    drafts.afterAdding();
    if (rounds.onEvent(answer)) {
      round();
    }
  }

  /// The watchers that the last round woke have had their turn.
  void onRoundEnded() {
    if (rounds.onEnd()) {
      round();
    }
  }

  private void round() {
    Map<Loop, List<Subscriber>> watchers = byLoop();
    int count = 0;
    for (List<Subscriber> ofLoop : watchers.values()) {
      count += ofLoop.size();
    }
    if (!rounds.begin(count)) {
      wakeAll(watchers);
      return;
    }
    AtomicInteger left = new AtomicInteger(watchers.size());
    Runnable onEnd =
        () -> {
          if (left.decrementAndGet() == 0) {
            filler.accept(Notice.ROUND_ENDED);
          }
        };
    watchers.forEach((loop, ofLoop) -> loop.execute(new Slices(loop, ofLoop, onEnd)));
  }

  /// The watchers by the loops on which they run. The lists are not changed any more.
  private synchronized Map<Loop, List<Subscriber>> byLoop() {
    Map<Loop, List<Subscriber>> known = byLoop;
    if (known == null) {
      known = new HashMap<>();
      for (Subscriber each : subscribers) {
        known.computeIfAbsent(each.loop(), loop -> new ArrayList<>()).add(each);
      }
      byLoop = known;
    }
    return known;
  }

  private static void wakeAll(Map<Loop, List<Subscriber>> watchers) {
    for (List<Subscriber> ofLoop : watchers.values()) {
      for (Subscriber each : ofLoop) {
        each.wakeUp();
      }
    }
  }

  /// Lets nobody in any more, unless somebody watches.
  ///
  /// @return whether nobody does
  synchronized boolean closeIfUnwatched() {
    closed |= subscribers.isEmpty();
    return closed;
  }

  History history() {
    return history;
  }

  /// From here on another fills the history. Called by the one who did.
  void fillBy(Consumer<Notice> next) {
    rounds.answerAll();
    // One that is under way would end with the one who leaves.
    rounds = Rounds.ofHistory(history.capacity());
    filler = next;
  }

  /// Nothing more comes of the history: whoever waits for it is told, and nobody is let in.
  void close(RoomEnd why) {
    Map<Loop, List<Subscriber>> last;
    synchronized (this) {
      closed = true;
      history.close(why);
      last = byLoop();
      metrics.subscribersChanged(-subscribers.size());
      subscribers.clear();
      byLoop = null;
    }
    wakeAll(last);
    rounds.answerAll();
  }
}
