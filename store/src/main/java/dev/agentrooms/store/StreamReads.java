package dev.agentrooms.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Reads a stream's events: a fork's are its sources', as far as it took them over, and then its
/// own.
final class StreamReads {

  private static final String EVENTS =
      "select seq, body from stream_event where stream = ? and seq > ? and seq <= ? order by seq"
          + " limit 1000";
  private static final String PARENT = "select source, fork_at from stream where id = ?";

  // How many rows the driver holds at a time.
  private static final int FETCHED = 16;

  private StreamReads() {}

  private record Part(long stream, long from, long to) {}

  /// Adds the messages after `after`, as many as fit into `bytes`, and at least one.
  ///
  /// @return the `seq` of the last of them; `after` when there are none
  static long read(Db db, StreamRow row, long after, int bytes, List<byte[]> to)
      throws SQLException {
    long last = after;
    long left = bytes;
    for (Part part : parts(db, row, after)) {
      PreparedStatement query = db.of(EVENTS, part.stream, Math.max(part.from, last), part.to);
      query.setFetchSize(FETCHED);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          byte[] body = rows.getBytes(2);
          if (left < body.length && !to.isEmpty()) {
            return last;
          }
          left -= body.length;
          to.add(body);
          last = rows.getLong(1);
        }
      }
      if (last < part.to) {
        return last;
      }
    }
    return last;
  }

  private static Deque<Part> parts(Db db, StreamRow row, long after) throws SQLException {
    Deque<Part> parts = new ArrayDeque<>();
    parts.addFirst(new Part(row.id, row.forkAt, row.tail));
    long source = row.source;
    long at = row.forkAt;
    while (source != 0 && after < at) {
      try (ResultSet parent = db.query(PARENT, source)) {
        if (!parent.next()) {
          throw new StoreFailure.Unstorable("the source of the fork " + row.path + " is not there");
        }
        long from = parent.getLong(2);
        parts.addFirst(new Part(source, Math.min(from, at), at));
        source = parent.getLong(1);
        at = Math.min(from, at);
      }
    }
    return parts;
  }
}
