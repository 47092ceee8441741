package dev.agentrooms.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a session for its new owner, after all earlier owners have been fenced. An owner that was
/// itself fenced by then reads the same and finds out when it records: if it took the session again
/// instead, two that load at once could fence each other for ever.
final class SessionReader {

  private static final String ROW =
      "select rev, created_at, last_active_at, used_at, open_since, told, delivered, life, line,"
          + " search, owner from session where session_id = ?";
  private static final String SNAPSHOT =
      "select rev, body from session_snapshot where session_id = ?";
  private static final String EVENTS =
      "select rev, body from session_event where session_id = ? and rev > ? order by rev";

  private SessionReader() {}

  /// @return null when there is no such session
  static StoredSession.@Nullable Kept read(Db db, String sessionId, StoreClock clock)
      throws SQLException {
    long rev;
    Duration unused;
    SessionRow row;
    try (ResultSet rows = db.query(ROW, sessionId)) {
      if (!rows.next()) {
        return null;
      }
      rev = rows.getLong(1);
      unused = clock.since(rows.getLong(4));
      row =
          new SessionRow(
              Instant.ofEpochMilli(rows.getLong(2)),
              Instant.ofEpochMilli(rows.getLong(3)),
              rows.getString(9),
              rows.getString(10),
              instant(rows, 5),
              rows.getLong(6),
              rows.getLong(7),
              rows.getLong(8),
              rows.getString(11));
    }
    byte[] snapshot = null;
    long at = 0;
    try (ResultSet rows = db.query(SNAPSHOT, sessionId)) {
      if (rows.next()) {
        at = rows.getLong(1);
        snapshot = rows.getBytes(2);
      }
    }
    List<byte[]> events = new ArrayList<>();
    try (ResultSet rows = db.query(EVENTS, sessionId, at)) {
      while (rows.next()) {
        if (rows.getLong(1) != ++at) {
          throw hole(sessionId, at);
        }
        events.add(rows.getBytes(2));
      }
    }
    if (at != rev) {
      throw hole(sessionId, at + 1);
    }
    return new StoredSession.Kept(row, rev, snapshot, events, unused);
  }

  private static StoreFailure hole(String sessionId, long rev) {
    return new StoreFailure.Unstorable("event " + rev + " of session " + sessionId + " is missing");
  }

  private static @Nullable Instant instant(ResultSet rows, int column) throws SQLException {
    long millis = rows.getLong(column);
    return rows.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
