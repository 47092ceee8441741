package dev.agentrooms.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The lines of pushed rooms over SQL.
final class SqlPushed implements PushedStore {

  private static final String SAW =
      "insert into pushed_room (session_id, title, titled, search, running, created_at,"
          + " last_active_at, used_at) values (?, ?, ?, ?, ?, ?, ?, ?)"
          + " on conflict (session_id) do update set"
          + " title = case when pushed_room.title = '' or (pushed_room.titled = 0 and"
          + " excluded.titled = 1) then excluded.title else pushed_room.title end,"
          + " search = case when pushed_room.title = '' or (pushed_room.titled = 0 and"
          + " excluded.titled = 1) then excluded.search else pushed_room.search end,"
          + " titled = case when excluded.titled = 1 then 1 else pushed_room.titled end,"
          + " running = excluded.running, last_active_at = excluded.last_active_at,"
          + " used_at = excluded.used_at";
  private static final String NAME =
      "update pushed_room set title = ?, titled = ?, search = ? where session_id = ?";
  private static final String COLUMNS =
      "select p.session_id, p.title, p.running, p.created_at, p.last_active_at from pushed_room p";
  // A room that a session of ours fills is listed as that session.
  private static final String LIST =
      COLUMNS
          + " where not exists (select 1 from session s"
          + " where s.session_id = p.session_id and s.line is not null)";
  private static final String BELOW = " and (p.last_active_at, p.session_id) < (?, ?)";
  private static final String WITH = " and p.search like ? escape '!'";
  private static final String NEWEST = " order by p.last_active_at desc, p.session_id desc limit ?";

  private final Lanes lanes;
  private final Reads reads;
  private final StoreClock clock;

  SqlPushed(Lanes lanes, Reads reads, StoreClock clock) {
    this.lanes = lanes;
    this.reads = reads;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Void> saw(Pushed seen, boolean isTitle) {
    // PostgreSQL cannot store zero bytes.
    String title = seen.title().replace('\0', ' ');
    return lanes
        .ask(
            seen.sessionId(),
            0,
            transaction ->
                transaction
                    .db()
                    .update(
                        SAW,
                        seen.sessionId(),
                        title,
                        isTitle ? 1 : 0,
                        SqlSessions.searched(seen.sessionId() + " " + title),
                        seen.isRunning() ? 1 : 0,
                        seen.createdAt(),
                        seen.lastActiveAt(),
                        clock.used()))
        .thenApply(done -> null);
  }

  @Override
  public CompletionStage<List<Pushed>> page(
      int limit, @Nullable String after, @Nullable String search) {
    List<@Nullable Object> parameters = new ArrayList<>();
    String sql = LIST;
    if (after != null) {
      SqlSessions.Place place = SqlSessions.Place.of(after);
      sql += BELOW;
      parameters.add(place.lastActiveAt());
      parameters.add(place.sessionId());
    }
    if (search != null && !search.isEmpty()) {
      sql += WITH;
      parameters.add("%" + SqlSessions.searched(search).replaceAll("[!%_]", "!$0") + "%");
    }
    parameters.add(limit);
    String query = sql + NEWEST;
    return reads.read(db -> rows(db, query, parameters.toArray()), List.of());
  }

  @Override
  public CompletionStage<Optional<Pushed>> find(String sessionId) {
    return reads
        .read(
            db -> rows(db, COLUMNS + " where p.session_id = ?", new Object[] {sessionId}),
            List.<Pushed>of())
        .thenApply(found -> found.stream().findFirst());
  }

  private static List<Pushed> rows(Db db, String query, @Nullable Object[] parameters)
      throws SQLException {
    List<Pushed> all = new ArrayList<>();
    try (ResultSet rows = db.query(query, parameters)) {
      while (rows.next()) {
        all.add(
            new Pushed(
                rows.getString(1),
                rows.getString(2),
                rows.getInt(3) == 1,
                rows.getLong(4),
                rows.getLong(5)));
      }
    }
    return all;
  }

  @Override
  public CompletionStage<Boolean> name(String sessionId, @Nullable String title) {
    String line = title == null ? "" : title.replace('\0', ' ');
    String search = SqlSessions.searched(sessionId + " " + line);
    return changed(sessionId, NAME, line, title == null ? 0 : 1, search, sessionId);
  }

  @Override
  public CompletionStage<Boolean> forget(String sessionId) {
    return changed(sessionId, "delete from pushed_room where session_id = ?", sessionId);
  }

  private CompletionStage<Boolean> changed(String sessionId, String sql, Object... parameters) {
    return lanes
        .ask(sessionId, 0, transaction -> transaction.db().update(sql, parameters))
        .thenApply(rows -> rows > 0);
  }

  @Override
  public CompletionStage<Void> forgetUnused(Duration ttl) {
    long before = clock.used() - ttl.toMillis();
    return lanes
        .ask(
            "",
            0,
            transaction ->
                transaction.db().update("delete from pushed_room where used_at < ?", before))
        .thenApply(done -> null);
  }
}
