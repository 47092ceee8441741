package dev.agentrooms.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The write of a session's record. All reasons to refuse it are checked before anything is
/// written, so that a refused record leaves nothing in the shared transaction.
final class SessionWrite extends Write {

  private static final String MAKE =
      "insert into session (session_id, generation, rev, created_at, last_active_at, used_at,"
          + " open_since, told, delivered, life, line, search, owner)"
          + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (session_id) do nothing";
  // The time of last use is updated when the activity changes, not with each record.
  private static final String CHANGE =
      "update session set rev = ?,"
          + " used_at = case when last_active_at = ? then used_at else ? end,"
          + " last_active_at = ?, open_since = ?, told = ?, delivered = ?, life = ?, line = ?,"
          + " search = ?, owner = ? where session_id = ? and generation = ? and rev = ?";
  private static final String ADD =
      "insert into session_event (session_id, rev, body) values (?, ?, ?)";
  private static final String SNAPSHOT =
      "insert into session_snapshot (session_id, rev, body) values (?, ?, ?)"
          + " on conflict (session_id) do update set rev = excluded.rev, body = excluded.body";
  private static final String DROP_EVENTS = "delete from session_event where session_id = ?";
  private static final String DROP_SNAPSHOT = "delete from session_snapshot where session_id = ?";
  private static final String DROP_NAMES = "delete from session_name where session_id = ?";
  private static final String HOLDER = "select session_id from session_name where name = ?";
  private static final String NAME =
      "insert into session_name (name, session_id) values (?, ?) on conflict (name) do nothing";
  private static final String RELEASE =
      "delete from session_name where name = ? and session_id = ?";
  private static final String UNUSED =
      "select session_id from session where open_since is null and used_at <= ?"
          + " order by used_at limit 64";

  private final SessionRecord record;
  private final CompletableFuture<Void> answer = new CompletableFuture<>();

  SessionWrite(SessionRecord record, boolean lasting) {
    super(record.bytes(), lasting);
    this.record = record;
  }

  CompletableFuture<Void> answer() {
    return answer;
  }

  @Override
  void apply(Transaction transaction) throws SQLException {
    Db db = transaction.db();
    List<String> names = newNames(db);
    if (writeRow(db, transaction.clock()) == 0) {
      throw new StoreFailure.Fenced("session " + record.sessionId());
    }
    for (String name : record.releases()) {
      db.update(RELEASE, name, record.sessionId());
    }
    for (String name : names) {
      if (db.update(NAME, name, record.sessionId()) == 0) {
        throw new Raced("the name " + name + " was taken just now");
      }
    }
    writeEvents(db);
  }

  private List<String> newNames(Db db) throws SQLException {
    List<String> names = new ArrayList<>();
    for (String name : record.takes()) {
      String holder = db.text(HOLDER, name);
      if (holder == null) {
        names.add(name);
      } else if (!holder.equals(record.sessionId())) {
        throw new StoreFailure.NameTaken(name, holder);
      }
    }
    return names;
  }

  private int writeRow(Db db, StoreClock clock) throws SQLException {
    SessionRow row = record.row();
    String id = record.sessionId();
    long active = row.lastActiveAt().toEpochMilli();
    @Nullable Long open = millis(row.openSince());
    String search = SqlSessions.searched(row.search());
    if (record.rev() == 0) {
      return db.update(
          MAKE,
          id,
          record.generation(),
          record.nextRev(),
          row.createdAt().toEpochMilli(),
          active,
          clock.used(),
          open,
          row.told(),
          row.delivered(),
          row.life(),
          row.line(),
          search,
          row.owner());
    }
    return db.update(
        CHANGE,
        record.nextRev(),
        active,
        clock.used(),
        active,
        open,
        row.told(),
        row.delivered(),
        row.life(),
        row.line(),
        search,
        row.owner(),
        id,
        record.generation(),
        record.rev());
  }

  private void writeEvents(Db db) throws SQLException {
    String id = record.sessionId();
    byte[] snapshot = record.snapshot();
    if (snapshot != null) {
      db.update(SNAPSHOT, id, record.nextRev(), snapshot);
      db.update(DROP_EVENTS, id);
      return;
    }
    PreparedStatement add = null;
    long rev = record.rev();
    for (byte[] event : record.events()) {
      add = db.of(ADD, id, ++rev, event);
      add.addBatch();
    }
    if (add != null) {
      add.executeBatch();
    }
  }

  private static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
  }

  @Override
  void done() {
    answer.complete(null);
  }

  @Override
  void failed(StoreFailure why) {
    answer.completeExceptionally(why);
  }

  /// @return true
  static boolean forget(Db db, String sessionId, long generation) throws SQLException {
    int gone =
        db.update(
            "delete from session where session_id = ? and generation = ?", sessionId, generation);
    if (gone == 0
        && db.text("select session_id from session where session_id = ?", sessionId) != null) {
      throw new StoreFailure.Fenced("session " + sessionId);
    }
    if (gone > 0) {
      drop(db, sessionId);
    }
    return true;
  }

  static List<String> forgetUnused(Db db, long before) throws SQLException {
    List<String> unused = new ArrayList<>();
    try (ResultSet rows = db.query(UNUSED, before)) {
      while (rows.next()) {
        unused.add(rows.getString(1));
      }
    }
    List<String> gone = new ArrayList<>();
    for (String id : unused) {
      if (db.update(
              "delete from session where session_id = ? and open_since is null and used_at <= ?",
              id,
              before)
          > 0) {
        drop(db, id);
        gone.add(id);
      }
    }
    return gone;
  }

  private static void drop(Db db, String sessionId) throws SQLException {
    db.update(DROP_EVENTS, sessionId);
    db.update(DROP_SNAPSHOT, sessionId);
    db.update(DROP_NAMES, sessionId);
  }
}
