package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delta;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// The drafts that one subscriber follows, and how far it has read each. Drafts are added on the
/// thread of the audience; all else happens on the subscriber's own.
final class Following {

  private static final class Place {
    private final Draft draft;
    private int read;
    private long offset;

    Place(Draft draft) {
      this.draft = draft;
    }

    boolean hasMore() {
      return read < draft.length();
    }

    RoomEvent take(boolean asCut) {
      Draft.Piece piece = asCut ? draft.cut(read, offset) : draft.from(read, offset);
      read = piece.to();
      offset = piece.offset();
      return piece.rendered();
    }

    Delta delta() {
      Draft.Read next = draft.read(read, offset);
      read = next.to();
      offset = next.offset();
      return next.delta();
    }
  }

  private final boolean asCut;
  private final Queue<Draft> begun = new ConcurrentLinkedQueue<>();
  private final List<Place> places = new ArrayList<>(0);

  /// @param asCut whether text is read in the pieces into which its session cut it; else in as few
  ///     as possible
  Following(boolean asCut) {
    this.asCut = asCut;
  }

  void add(Draft draft) {
    begun.add(draft);
  }

  /// Text that is there and has to be read before the event `next`; null when there is none.
  @Nullable RoomEvent before(long next) {
    return take(next, true);
  }

  /// Text that is there, for one who has read all events before `next`.
  @Nullable RoomEvent any(long next) {
    return take(next, false);
  }

  /// As [#before] and [#any], not rendered.
  ///
  /// @param isThere whether the event `next` is there
  @Nullable Delta delta(long next, boolean isThere) {
    Place place = find(next, isThere);
    return place == null ? null : place.delta();
  }

  private @Nullable RoomEvent take(long next, boolean onlyEnded) {
    Place place = find(next, onlyEnded);
    return place == null ? null : place.take(asCut);
  }

  private @Nullable Place find(long next, boolean onlyEnded) {
    comeIn();
    for (Iterator<Place> each = places.iterator(); each.hasNext(); ) {
      Place place = each.next();
      if (place.draft.isOverBefore(next)) {
        each.remove();
      } else if (place.hasMore() && (!onlyEnded || place.draft.endsWith(next))) {
        return place;
      }
    }
    return null;
  }

  /// Whether there is text to read.
  boolean hasMore(long next) {
    comeIn();
    for (Place place : places) {
      if (place.hasMore() && !place.draft.isOverBefore(next)) {
        return true;
      }
    }
    return false;
  }

  private void comeIn() {
    for (Draft draft = begun.poll(); draft != null; draft = begun.poll()) {
      places.add(new Place(draft));
    }
  }
}
