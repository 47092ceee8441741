package dev.agentrooms.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The streams of one transaction: each row is locked and read once, and written once.
final class StreamTable {

  // An update, because it locks in both databases, and sees what was committed meanwhile.
  private static final String LOCK =
      "update stream set locks = locks + 1 where path = ? returning " + StreamRow.COLUMNS;
  private static final String LOCK_ID =
      "update stream set locks = locks + 1 where id = ? returning " + StreamRow.COLUMNS;
  private static final String MAKE =
      "insert into stream (path, epoch, content_type, tail, locks, closed, closed_by, closed_epoch,"
          + " closed_seq, ttl, expires_at, due, writer_seq, source, fork_path, fork_seq, fork_sub,"
          + " fork_at, refs, gone)"
          + " values (?, ?, ?, ?, 0, 0, '', -1, -1, ?, ?, ?, '', ?, ?, ?, ?, ?, 0, 0)"
          + " on conflict (path) do nothing";
  private static final String ADD = "insert into stream_event (stream, seq, body) values (?, ?, ?)";
  private static final String PRODUCER =
      "select epoch, seq from stream_producer where stream = ? and producer = ?";
  static final String PRODUCED =
      "insert into stream_producer (stream, producer, epoch, seq) values (?, ?, ?, ?)"
          + " on conflict (stream, producer) do update set epoch = excluded.epoch,"
          + " seq = excluded.seq";

  private record ProducerKey(long stream, String id) {}

  private final Db db;
  private final StoreClock clock;
  private final Map<String, StreamRow> rows = new HashMap<>();
  private final Map<ProducerKey, ProducerState> producers = new HashMap<>();
  private final Map<ProducerKey, ProducerState> produced = new HashMap<>();
  private @Nullable PreparedStatement events;

  StreamTable(Db db, StoreClock clock) {
    this.db = db;
    this.clock = clock;
  }

  long now() {
    return clock.millis();
  }

  /// The row at this path, deleted first if its time is over; null when there is none.
  @Nullable StreamRow row(String path) throws SQLException {
    StreamRow row = rows.get(path);
    if (row == null) {
      row = StreamRow.of(db, LOCK, path);
    }
    if (row == null) {
      return null;
    }
    rows.put(path, row);
    if (!row.gone && row.isDue(now())) {
      delete(row);
      return rows.get(path);
    }
    return row;
  }

  /// What a fork takes from its source.
  ///
  /// @param source 0 for a stream of its own
  record Parent(long source, String epoch, String path, long seq, long sub, long at) {}

  /// Makes a row; null when another transaction has made one meanwhile.
  @Nullable StreamRow make(StreamWish wish, String type, long ttl, long expiresAt, Parent parent)
      throws SQLException {
    int made =
        db.update(
            MAKE,
            wish.path(),
            parent.epoch,
            type,
            parent.at,
            ttl,
            expiresAt,
            StreamRow.due(ttl, expiresAt, now()),
            parent.source,
            parent.path,
            parent.seq,
            parent.sub,
            parent.at);
    if (made > 0) {
      SqlSubscriptions.made(db, wish.path(), parent.epoch, parent.at);
    }
    return made == 0 ? null : row(wish.path());
  }

  /// An epoch that no stream before had.
  String newEpoch() {
    return Long.toString(clock.newGeneration(), 36);
  }

  void append(StreamRow row, List<byte[]> messages) throws SQLException {
    for (byte[] message : messages) {
      row.tail++;
      PreparedStatement add = db.of(ADD, row.id, row.tail, message);
      add.addBatch();
      events = add;
    }
    row.isChanged |= !messages.isEmpty();
  }

  ProducerState producer(StreamRow row, String id) throws SQLException {
    ProducerKey key = new ProducerKey(row.id, id);
    ProducerState known = producers.get(key);
    if (known == null) {
      try (ResultSet found = db.query(PRODUCER, row.id, id)) {
        known =
            found.next()
                ? new ProducerState(found.getLong(1), found.getLong(2))
                : ProducerState.UNKNOWN;
      }
      producers.put(key, known);
    }
    return known;
  }

  void produced(StreamRow row, StreamAppend.Producer by) {
    ProducerKey key = new ProducerKey(row.id, by.id());
    ProducerState state = new ProducerState(by.epoch(), by.seq());
    producers.put(key, state);
    produced.put(key, state);
  }

  /// The message that comes after `seq`; null when there is none.
  byte @Nullable [] next(StreamRow row, long seq) throws SQLException {
    flush();
    List<byte[]> found = new ArrayList<>();
    StreamReads.read(db, row, seq, 1, found);
    return found.isEmpty() ? null : found.getFirst();
  }

  /// Deletes it, or hides it while it has forks. With the last fork of a hidden one it goes, too.
  void delete(StreamRow row) throws SQLException {
    flush();
    StreamRow next = row;
    while (next != null) {
      if (next.refs > 0) {
        next.gone = true;
        next.isChanged = true;
        return;
      }
      next = purged(next);
    }
  }

  /// @return the source, if it was there for this one only
  private @Nullable StreamRow purged(StreamRow row) throws SQLException {
    db.update("delete from stream_event where stream = ?", row.id);
    db.update("delete from stream_producer where stream = ?", row.id);
    db.update("delete from stream where id = ?", row.id);
    rows.remove(row.path);
    producers.keySet().removeIf(key -> key.stream == row.id);
    StreamRow source = row.source == 0 ? null : byId(row.source);
    if (source == null) {
      return null;
    }
    source.refs--;
    source.isChanged = true;
    return source.gone && source.refs == 0 ? source : null;
  }

  private @Nullable StreamRow byId(long id) throws SQLException {
    for (StreamRow row : rows.values()) {
      if (row.id == id) {
        return row;
      }
    }
    StreamRow row = StreamRow.of(db, LOCK_ID, id);
    if (row != null) {
      rows.put(row.path, row);
    }
    return row;
  }

  /// Writes what was changed.
  void flush() throws SQLException {
    if (events != null) {
      events.executeBatch();
      events = null;
    }
    for (var each : produced.entrySet()) {
      ProducerState state = each.getValue();
      db.update(PRODUCED, each.getKey().stream, each.getKey().id, state.epoch(), state.seq());
    }
    produced.clear();
    for (StreamRow row : rows.values()) {
      if (row.isChanged) {
        row.write(db);
        row.isChanged = false;
      }
    }
  }
}
