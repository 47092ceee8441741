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
    FULL
  }

  private final int maxRunning;
  private final int maxWaiting;
  private final Map<String, Ticket> tickets = new HashMap<>();
  private final TreeSet<Ticket> line = new TreeSet<>();
  private int running;
  private int counted;
  private long lastNumber;

  RunSlots(int maxRunning, int maxWaiting) {
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
  }

  /// For a run whose session is free.
  synchronized Entry enter(String runId, Runnable onTurn) {
    if (running < maxRunning) {
      running++;
      Ticket ticket = new Ticket(++lastNumber, lastNumber, onTurn, false);
      ticket.running = true;
      tickets.put(runId, ticket);
      return Entry.GRANTED;
    }
    Entry entry = enterBehind(runId, onTurn);
    ready(runId);
    return entry;
  }

  /// For a run that waits for another of its session: it counts as waiting, but no turn comes to it
  /// before it is [#ready].
  synchronized Entry enterBehind(String runId, Runnable onTurn) {
    if (counted >= maxWaiting) {
      return Entry.FULL;
    }
    counted++;
    tickets.put(runId, new Ticket(++lastNumber, lastNumber, onTurn, true));
    return Entry.WAITING;
  }

  /// For a run that takes the place of `replaced`, whose turn it inherits, and its place among
  /// those that wait. It is never refused, since it adds nothing to what is there.
  synchronized Entry enterInstead(String runId, String replaced, Runnable onTurn) {
    Ticket old = tickets.get(replaced);
    lastNumber++;
    long turn = lastNumber;
    boolean counts = false;
    if (old != null) {
      turn = old.turn;
      counts = old.isCounted && !old.running;
      old.isCounted &= old.running;
    }
    tickets.put(runId, new Ticket(turn, lastNumber, onTurn, counts));
    return Entry.WAITING;
  }

  /// For a run that was accepted before its session was read anew. It is never refused, and one
  /// that was in flight is so at once, however many there are.
  synchronized void enterAgain(String runId, boolean inFlight, Runnable onTurn) {
    Ticket ticket = new Ticket(++lastNumber, lastNumber, onTurn, !inFlight);
    ticket.running = inFlight;
    running += inFlight ? 1 : 0;
    counted += inFlight ? 0 : 1;
    tickets.put(runId, ticket);
  }

  /// For a run that had given up its slot, to wait for a person, and needs one again. It is never
  /// refused, and counts as waiting for nobody's limit; one that has kept its slot goes on at once.
  void enterBack(String runId, Runnable onTurn) {
    boolean isRunning;
    synchronized (this) {
      isRunning =
          tickets.computeIfAbsent(runId, id -> new Ticket(++lastNumber, lastNumber, onTurn, false))
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
          counted -= ticket.isCounted ? 1 : 0;
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
    counted -= ticket.isCounted ? 1 : 0;
    return ticket;
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
    private final Runnable onTurn;
    private boolean isCounted;
    private boolean running;

    Ticket(long turn, long number, Runnable onTurn, boolean isCounted) {
      this.turn = turn;
      this.number = number;
      this.onTurn = onTurn;
      this.isCounted = isCounted;
    }

    @Override
    public int compareTo(Ticket other) {
      int byTurn = Long.compare(turn, other.turn);
      return byTurn != 0 ? byTurn : Long.compare(number, other.number);
    }
  }
}
