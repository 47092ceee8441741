package dev.agentrooms.webui.room;

import dev.agentrooms.protocol.Delivery;
import dev.agentrooms.store.RoomProducer;
import dev.agentrooms.webui.room.RoomCommand.Publish;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The numbers of a room: what is recorded, in its [History], and what is on its way into the log,
/// in the same order. When one of those fails, all behind it go with it, and their numbers are free
/// again.
final class Ledger {

  /// There was such an event, and where is no longer known.
  static final long FORGOTTEN = -1;

  private final History history;
  private final Deque<Pending> underWay = new ArrayDeque<>(1);
  private final Map<String, Pending> byId = new HashMap<>(1);
  private final @Nullable Delivery before;
  private volatile @Nullable Delivery delivered;
  private Producers producers;

  /// @param delivered the latest delivery that is recorded
  /// @param before the latest delivery to the room's last life, as long as there is none to this
  /// @param producers how far those have come, as is recorded
  Ledger(
      History history,
      @Nullable Delivery delivered,
      @Nullable Delivery before,
      Collection<RoomProducer> producers) {
    this.history = history;
    this.delivered = delivered;
    this.before = before;
    this.producers = new Producers(producers);
  }

  /// The log was read anew.
  void reopened(Collection<RoomProducer> recorded) {
    producers = new Producers(recorded);
  }

  /// How far a producer has come is recorded.
  void produced(RoomProducer by) {
    producers.took(by);
  }

  /// Why an event is not what comes next of its producer; null when it is.
  Published.@Nullable OutOfTurn outOfTurn(Producer by) {
    Pending last = underWay(by);
    Producer latest = last == null ? null : last.publish().producer();
    return Producers.judge(latest == null ? producers.of(by.id()) : Producers.with(latest), by);
  }

  /// The latest event of a producer that is on its way.
  @Nullable Pending underWay(Producer by) {
    Iterator<Pending> latestFirst = underWay.descendingIterator();
    while (latestFirst.hasNext()) {
      Pending each = latestFirst.next();
      Producer its = each.publish().producer();
      if (its != null && its.id().equals(by.id())) {
        return each;
      }
    }
    return null;
  }

  /// Where a recorded event is: its `seq`, [#FORGOTTEN], or 0 when it is new here.
  long seqOf(Publish publish) {
    long seq = history.seqOf(publish.event().eventId());
    Delivery recorded = delivered == null ? before : delivered;
    Delivery given = publish.delivery();
    return seq == 0 && given != null && recorded != null && recorded.covers(given)
        ? FORGOTTEN
        : seq;
  }

  /// The user whom the session belongs to that has delivered here; null for nobody.
  @Nullable String owner() {
    Delivery latest = delivered;
    return latest == null ? null : latest.owner();
  }

  /// Whether it is of a session of another owner than all that is here.
  boolean isTakenOverBy(Publish publish) {
    Delivery latest = delivered;
    Delivery given = publish.delivery();
    return latest != null && given != null && given.takesOver(latest);
  }

  /// The event that is on its way, if it is this one.
  @Nullable Pending underWay(Publish publish) {
    return byId.get(publish.event().eventId());
  }

  /// Gives the next `seq`, which is taken by [#await] or [#record].
  ///
  /// @param room told what becomes of the event
  Pending next(Publish publish, Consumer<RoomCommand> room) {
    Pending last = underWay.peekLast();
    return new Pending(
        last == null ? history.last() + 1 : last.seq() + 1,
        publish,
        latest(last == null ? delivered : last.delivered(), publish.delivery()),
        room);
  }

  private static @Nullable Delivery latest(@Nullable Delivery before, @Nullable Delivery given) {
    if (given == null || (before != null && before.covers(given))) {
      return before;
    }
    return before == null || given.life() >= before.life() ? given : before;
  }

  void await(Pending next) {
    underWay.addLast(next);
    byId.put(next.event().eventId(), next);
  }

  /// The event is recorded: it is the first of those under way, or was recorded at once.
  ///
  /// @return whether another left the history for it
  boolean record(Pending next) {
    if (!underWay.isEmpty()) {
      underWay.removeFirst();
      byId.remove(next.event().eventId());
    }
    delivered = next.delivered();
    Producer by = next.publish().producer();
    if (by != null) {
      producers.took(Producers.with(by));
    }
    return history.append(next.event());
  }

  /// Takes up an event that the log has and this did not know to be there.
  boolean adopt(EncodedEvent event, @Nullable Delivery latest) {
    delivered = latest;
    return history.append(event);
  }

  /// Gives up `failed` and all behind it.
  ///
  /// @return those, in their order
  List<Pending> dropFrom(Pending failed) {
    List<Pending> dropped = new ArrayList<>();
    while (!failed.isDropped()) {
      dropped.addFirst(dropLast());
    }
    return dropped;
  }

  /// Gives up all that is under way.
  List<Pending> dropAll() {
    List<Pending> dropped = new ArrayList<>();
    while (!underWay.isEmpty()) {
      dropped.addFirst(dropLast());
    }
    return dropped;
  }

  private Pending dropLast() {
    Pending last = underWay.removeLast();
    byId.remove(last.event().eventId());
    last.drop();
    return last;
  }

  /// Whether nothing is under way.
  boolean isSettled() {
    return underWay.isEmpty();
  }
}
