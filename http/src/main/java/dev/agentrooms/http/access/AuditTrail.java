package dev.agentrooms.http.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/// The latest lines of this server's audit log that are about a session, in memory, for operators
/// who want to see them at once. The log is the record: here the oldest make way, whosever they
/// are, and a restart begins anew.
public final class AuditTrail {

  /// How many lines are kept, of all sessions together.
  public static final int KEPT = 1000;

  private final Deque<ObjectNode> lines = new ArrayDeque<>();

  /// @param line not changed afterwards
  synchronized void add(ObjectNode line) {
    if (line.path("session_id").isTextual()) {
      if (lines.size() == KEPT) {
        lines.removeFirst();
      }
      lines.addLast(line);
    }
  }

  /// The latest lines about this session, at most so many, newest first.
  public synchronized List<ObjectNode> about(String sessionId, int most) {
    List<ObjectNode> found = new ArrayList<>();
    Iterator<ObjectNode> latestFirst = lines.descendingIterator();
    while (latestFirst.hasNext() && found.size() < most) {
      ObjectNode line = latestFirst.next();
      if (line.path("session_id").asText().equals(sessionId)) {
        found.add(line);
      }
    }
    return found;
  }
}
