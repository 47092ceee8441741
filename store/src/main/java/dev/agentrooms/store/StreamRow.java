package dev.agentrooms.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A stream's row.
final class StreamRow {

  static final String COLUMNS =
      "id, path, epoch, content_type, tail, closed, closed_by, closed_epoch, closed_seq, ttl,"
          + " expires_at, due, writer_seq, source, fork_path, fork_seq, fork_sub, fork_at, refs,"
          + " gone";

  private static final String WRITE =
      "update stream set tail = ?, closed = ?, closed_by = ?, closed_epoch = ?, closed_seq = ?,"
          + " due = ?, writer_seq = ?, refs = ?, gone = ? where id = ?";

  final long id;
  final String path;
  final String epoch;
  final String contentType;
  final long ttl;
  final long expiresAt;
  final long source;
  final String forkPath;
  final long forkSeq;
  final long forkSub;
  final long forkAt;
  long tail;
  boolean closed;
  String closedBy;
  long closedEpoch;
  long closedSeq;
  long due;
  String writerSeq;
  long refs;
  boolean gone;
  boolean isChanged;

  private StreamRow(ResultSet row) throws SQLException {
    id = row.getLong(1);
    path = row.getString(2);
    epoch = row.getString(3);
    contentType = row.getString(4);
    tail = row.getLong(5);
    closed = row.getInt(6) == 1;
    closedBy = row.getString(7);
    closedEpoch = row.getLong(8);
    closedSeq = row.getLong(9);
    ttl = row.getLong(10);
    expiresAt = row.getLong(11);
    due = row.getLong(12);
    writerSeq = row.getString(13);
    source = row.getLong(14);
    forkPath = row.getString(15);
    forkSeq = row.getLong(16);
    forkSub = row.getLong(17);
    forkAt = row.getLong(18);
    refs = row.getLong(19);
    gone = row.getInt(20) == 1;
  }

  static @Nullable StreamRow of(Db db, String query, Object key) throws SQLException {
    try (ResultSet rows = db.query(query, key)) {
      return rows.next() ? new StreamRow(rows) : null;
    }
  }

  StreamInfo info() {
    return new StreamInfo(id, path, epoch, contentType, tail, closed, ttl, expiresAt);
  }

  boolean isDue(long now) {
    return due >= 0 && now >= due;
  }

  /// When a stream's time is over that is used now; -1 for never.
  static long due(long ttl, long expiresAt, long now) {
    return ttl >= 0 ? now + ttl * 1000 : expiresAt;
  }

  void use(long now) {
    long next = due(ttl, expiresAt, now);
    isChanged |= next != due;
    due = next;
  }

  void close(StreamAppend.@Nullable Producer by) {
    closed = true;
    closedBy = by == null ? "" : by.id();
    closedEpoch = by == null ? -1 : by.epoch();
    closedSeq = by == null ? -1 : by.seq();
    isChanged = true;
  }

  /// Whether the request of this number is the one that closed it.
  boolean wasClosedBy(StreamAppend.Producer by) {
    return closed && closedEpoch == by.epoch() && closedSeq == by.seq() && closedBy.equals(by.id());
  }

  void write(Db db) throws SQLException {
    db.update(
        WRITE,
        tail,
        closed ? 1 : 0,
        closedBy,
        closedEpoch,
        closedSeq,
        due,
        writerSeq,
        refs,
        gone ? 1 : 0,
        id);
  }
}
