package dev.agentrooms.store;

import dev.agentrooms.store.StoreFailure.Unavailable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The table of members, over a connection of its own: a heartbeat must not wait behind what the
/// writers have to do.
final class PostgresMembers implements Members {

  /// Advisory lock of the table. An arbitrary number.
  private static final long LOCK = 0x61526d6dL;

  private static final long FORGOTTEN_MILLIS = Duration.ofHours(1).toMillis();
  private static final String NOW = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

  private final Postgres engine;
  private @Nullable Db db;

  PostgresMembers(Postgres engine) {
    this.engine = engine;
  }

  private interface Step {
    List<Beat> in(Db db) throws SQLException;
  }

  @Override
  public List<Beat> enterAlone(Member self, Duration fresh) {
    return locked(
        open -> {
          open.update("delete from members where beat_at < " + NOW + " - ?", FORGOTTEN_MILLIS);
          List<Beat> others =
              others(open, self).stream().filter(each -> each.age().compareTo(fresh) < 0).toList();
          if (others.isEmpty()) {
            put(open, self);
          }
          return others;
        });
  }

  @Override
  public List<Beat> beat(Member self) {
    return locked(
        open -> {
          put(open, self);
          return others(open, self);
        });
  }

  @Override
  public void leave(Member self) {
    locked(
        open -> {
          open.update(
              "delete from members where address = ? and uid = ?", self.address(), self.uid());
          return List.of();
        });
  }

  private static void put(Db db, Member self) throws SQLException {
    db.update(
        "insert into members (address, uid, roles, beat_at) values (?, ?, ?, "
            + NOW
            + ") on conflict (address) do update"
            + " set uid = excluded.uid, roles = excluded.roles, beat_at = excluded.beat_at",
        self.address(),
        self.uid(),
        self.roles());
  }

  private static List<Beat> others(Db db, Member self) throws SQLException {
    List<Beat> others = new ArrayList<>();
    try (ResultSet rows =
        db.query(
            "select address, uid, roles, beat_at, "
                + NOW
                + " - beat_at from members where address <> ? order by address",
            self.address())) {
      while (rows.next()) {
        Member member = new Member(rows.getString(1), rows.getLong(2), rows.getString(3));
        others.add(new Beat(member, rows.getLong(4), Duration.ofMillis(rows.getLong(5))));
      }
    }
    return others;
  }

  private synchronized List<Beat> locked(Step step) {
    boolean isDone = false;
    try {
      if (db == null) {
        db = engine.writer();
      }
      db.execute("select pg_advisory_xact_lock(" + LOCK + ")");
      List<Beat> result = step.in(db);
      db.commit();
      isDone = true;
      return result;
    } catch (SQLException e) {
      throw new Unavailable("the store is away: " + e.getMessage());
    } finally {
      if (!isDone) {
        close();
      }
    }
  }

  @Override
  public synchronized void close() {
    if (db != null) {
      db.close();
      db = null;
    }
  }
}
