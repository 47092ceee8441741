package dev.agentrooms.webui.room;

import dev.agentrooms.http.Loop;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One watcher of one room: a cursor into the room's history, another into each text that is being
/// written there, and a way to wake whoever holds it.
///
/// The holder reads on its own thread; the audience only ever looks whether the holder is parked,
/// and wakes it. There is no queue between them, so a slow holder costs nobody anything.
public final class Subscriber {

  /// How a watcher reads text while it is being written.
  public enum Text {
    NOT,
    /// In as few pieces as possible.
    JOINED,
    /// In the pieces into which the session cut it, which are the same for everybody.
    AS_CUT
  }

  private final Loop loop;
  private final Runnable wake;
  private final Text text;
  private final AtomicBoolean parked = new AtomicBoolean();
  private volatile boolean gone;
  // Made by the audience for the first draft: most watchers see none for long.
  private volatile @Nullable Following drafts;
  private volatile @Nullable History history;
  private volatile @Nullable Runnable onLeave;
  private volatile long next;

  /// @param loop where the holder runs
  /// @param wake called from the room or on the loop, at most once for each time that the holder
  ///     parks
  public Subscriber(Loop loop, Runnable wake, Text text) {
    this.loop = loop;
    this.wake = wake;
    this.text = text;
  }

  /// One that reads drafts, too.
  public Subscriber(Loop loop, Runnable wake) {
    this(loop, wake, Text.JOINED);
  }

  Loop loop() {
    return loop;
  }

  /// Starts reading. Called by the audience, before the holder knows.
  ///
  /// @param farewell how to leave the audience
  void begin(History given, long first, Runnable farewell) {
    next = first;
    history = given;
    onLeave = farewell;
  }

  /// Called by the audience.
  void follow(Draft draft) {
    if (text == Text.NOT) {
      return;
    }
    Following known = drafts;
    if (known == null) {
      known = new Following(text == Text.AS_CUT);
      drafts = known;
    }
    known.add(draft);
  }

  /// The next event, or the next piece of a draft, if it is there; otherwise the holder is parked
  /// and will be woken once, unless [#isLagged] or [#isRoomClosed].
  public @Nullable RoomEvent poll() {
    RoomEvent event = take();
    if (event != null) {
      return event;
    }
    parked.set(true);
    // What was appended before the room could see the flag.
    if (isBehind() || isRoomClosed()) {
      parked.set(false);
      return take();
    }
    return null;
  }

  /// Whether events were lost to it: it fell out of the history.
  public boolean isLagged() {
    History from = history;
    return from != null && next <= from.last() && from.get(next) == null;
  }

  public boolean isRoomClosed() {
    return roomEnd() != null;
  }

  /// Why nothing more comes; null while something may.
  public @Nullable RoomEnd roomEnd() {
    History from = history;
    return from == null ? null : from.end();
  }

  /// The holder leaves, or gives up the wish to join.
  public void leave() {
    gone = true;
    Runnable farewell = onLeave;
    if (farewell != null) {
      farewell.run();
    }
  }

  boolean isGone() {
    return gone;
  }

  /// Called by the audience after each event.
  void wakeUp() {
    if (parked.get() && parked.compareAndSet(true, false)) {
      wake.run();
    }
  }

  private boolean isBehind() {
    History from = history;
    Following begun = drafts;
    return from != null && (next <= from.last() || (begun != null && begun.hasMore(next)));
  }

  private @Nullable RoomEvent take() {
    History from = history;
    if (from == null) {
      return null;
    }
    // Looked up before the drafts: those that an event ends have ended before it is there.
    RoomEvent event = from.get(next);
    Following begun = drafts;
    if (event == null) {
      return begun != null && next > from.last() ? begun.any(next) : null;
    }
    RoomEvent rest = begun == null ? null : begun.before(next);
    if (rest != null) {
      return rest;
    }
    next = event.seq() + 1;
    return event;
  }
}
