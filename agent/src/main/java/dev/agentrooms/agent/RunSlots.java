package dev.agentrooms.agent;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How many runs may have their tools called at the same time on this node, and who is next.
///
/// Whoever came first is served first, among those whose session is ready for them. Sessions call
/// it directly: every method takes a moment, and never waits. A run learns that its turn has come
/// by its callback, outside the lock.
final class RunSlots {

  /// What a run gets.
  enum Entry {
    GRANTED,
    WAITING,
    /// As many wait as may.
    FULL,
    /// As many of the same user, or address, wait as may.
    SHARE_FULL
  }

  private final int maxRunning;
  private final int maxWaiting;
  private final int maxWaitingOfOne;
  private final Map<String, Ticket> tickets = new HashMap<>();
  private final TreeSet<Ticket> line = new TreeSet<>();
  // Of each user or address, how many count as waiting.
  private final Map<String, Integer> shares = new HashMap<>();
  private int running;
  private int counted;
  private long lastNumber;

  /// @param maxWaitingOfOne how many of them may be of one user, or of one address
  RunSlots(int maxRunning, int maxWaiting, int maxWaitingOfOne) {
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
    this.maxWaitingOfOne = maxWaitingOfOne;
  }

  /// For a run whose session is free.
  ///
  /// @param whose the user or address that it counts for; null for none, which may wait while there
  ///     is room
  synchronized Entry enter(String runId, @Nullable String whose, Runnable onTurn) {
    if (running < maxRunning) {
      running++;
      Ticket ticket = new Ticket(++lastNumber, lastNumber, whose, onTurn);
      ticket.running = true;
      tickets.put(runId, ticket);
      return Entry.GRANTED;
    }
    Entry entry = enterBehind(runId, whose, onTurn);
    ready(runId);
    return entry;
  }

  /// For a run that waits for another of its session: it counts as waiting, but no turn comes to it
  /// before it is [#ready].
  synchronized Entry enterBehind(String runId, @Nullable String whose, Runnable onTurn) {
    if (counted >= maxWaiting) {
      return Entry.FULL;
    }
    if (whose != null && shares.getOrDefault(whose, 0) >= maxWaitingOfOne) {
      return Entry.SHARE_FULL;
    }
    Ticket ticket = new Ticket(++lastNumber, lastNumber, whose, onTurn);
    count(ticket);
    tickets.put(runId, ticket);
    return Entry.WAITING;
  }

  /// For a run that takes the place of `replaced`, whose turn it inherits, and its place among
  /// those that wait. It is never refused, since it adds nothing to what is there.
  synchronized Entry enterInstead(
      String runId, String replaced, @Nullable String whose, Runnable onTurn) {
    Ticket old = tickets.get(replaced);
    lastNumber++;
    Ticket ticket = new Ticket(old == null ? lastNumber : old.turn, lastNumber, whose, onTurn);
    if (old != null && old.isCounted) {
      uncount(old);
      count(ticket);
    }
    tickets.put(runId, ticket);
    return Entry.WAITING;
  }

  /// For a run that was accepted before its session was read anew. It is never refused, and one
  /// that was in flight is so at once, however many there are.
  synchronized void enterAgain(
      String runId, boolean inFlight, @Nullable String whose, Runnable onTurn) {
    Ticket ticket = new Ticket(++lastNumber, lastNumber, whose, onTurn);
    if (inFlight) {
      ticket.running = true;
      running++;
    } else {
      count(ticket);
    }
    tickets.put(runId, ticket);
  }

  /// For a run that had given up its slot, to wait for a person, and needs one again. It is never
  /// refused, and counts as waiting for nobody's limit; one that has kept its slot goes on at once.
  void enterBack(String runId, Runnable onTurn) {
    boolean isRunning;
    synchronized (this) {
      isRunning =
          tickets.computeIfAbsent(runId, id -> new Ticket(++lastNumber, lastNumber, null, onTurn))
              .running;
    }
    if (isRunning) {
      onTurn.run();
    } else {
      ready(runId);
    }
  }

  /// The run's session is ready for it: its turn comes when a slot is free.
  void ready(String runId) {
    Ticket granted = null;
    synchronized (this) {
      Ticket ticket = tickets.get(runId);
      if (ticket != null && !ticket.running) {
        line.add(ticket);
        granted = next();
      }
    }
    tell(granted);
  }

  /// The run has ended, wherever it was.
  void leave(String runId) {
    Ticket granted = null;
    synchronized (this) {
      Ticket ticket = tickets.remove(runId);
      if (ticket != null) {
        if (ticket.running) {
          running--;
        } else {
          line.remove(ticket);
          uncount(ticket);
        }
        granted = next();
      }
    }
    tell(granted);
  }

  synchronized int running() {
    return running;
  }

  synchronized int waiting() {
    return tickets.size() - running;
  }

  private @Nullable Ticket next() {
    if (running >= maxRunning || line.isEmpty()) {
      return null;
    }
    Ticket ticket = line.removeFirst();
    running++;
    ticket.running = true;
    uncount(ticket);
    return ticket;
  }

  private void count(Ticket ticket) {
    ticket.isCounted = true;
    counted++;
    if (ticket.whose != null) {
      shares.merge(ticket.whose, 1, Integer::sum);
    }
  }

  private void uncount(Ticket ticket) {
    if (ticket.isCounted) {
      ticket.isCounted = false;
      counted--;
      if (ticket.whose != null) {
        shares.computeIfPresent(ticket.whose, (whose, share) -> share == 1 ? null : share - 1);
      }
    }
  }

  private static void tell(@Nullable Ticket granted) {
    if (granted != null) {
      granted.onTurn.run();
    }
  }

  private static final class Ticket implements Comparable<Ticket> {
    // Its place in the line, shared with the run that it replaces.
    private final long turn;
    private final long number;
    private final @Nullable String whose;
    private final Runnable onTurn;
    private boolean isCounted;
    private boolean running;

    Ticket(long turn, long number, @Nullable String whose, Runnable onTurn) {
      this.turn = turn;
      this.number = number;
      this.whose = whose;
      this.onTurn = onTurn;
    }

    @Override
    public int compareTo(Ticket other) {
      int byTurn = Long.compare(turn, other.turn);
      return byTurn != 0 ? byTurn : Long.compare(number, other.number);
    }
  }
}
