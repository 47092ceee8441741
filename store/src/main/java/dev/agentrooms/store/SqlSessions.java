package dev.agentrooms.store;

import dev.agentrooms.protocol.InvalidField;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The session store over SQL.
final class SqlSessions implements SessionStore {

  private static final String TAKE =
      "update session set generation = generation + 1 where session_id = ? returning generation";
  private static final String LIST =
      "select line, last_active_at, session_id from session where line is not null";
  private static final String NEWEST = " order by last_active_at desc, session_id desc limit ?";
  private static final String BELOW = " and (last_active_at, session_id) < (?, ?)";
  private static final String OWNED = " and owner = ?";
  private static final String NAMED = " and session_id = ?";
  private static final String WITH = " and search like ? escape '!'";
  private static final String OPEN =
      "select session_id, open_since from session"
          + " where open_since is not null and (open_since, session_id) > (?, ?)"
          + " and open_since <= ? order by open_since, session_id limit ?";
  private static final String WAITING = "select count(*) from session where open_since > ?";

  private final Lanes lanes;
  private final Reads reads;
  private final StoreClock clock;
  private final StoreSettings.Sync sync;

  SqlSessions(Lanes lanes, Reads reads, StoreClock clock, StoreSettings.Sync sync) {
    this.lanes = lanes;
    this.reads = reads;
    this.clock = clock;
    this.sync = sync;
  }

  @Override
  public CompletionStage<StoredSession> load(String sessionId) {
    return lanes
        .ask(sessionId, 0L, transaction -> transaction.db().number(0, TAKE, sessionId))
        .thenCompose(
            generation -> {
              StoredSession none = new StoredSession(sessionId, clock.newGeneration(), null);
              return generation == 0
                  ? CompletableFuture.completedFuture(none)
                  : reads.read(
                      db -> {
                        StoredSession.Kept kept = SessionReader.read(db, sessionId, clock);
                        // Null when it was removed since.
                        return kept == null ? none : new StoredSession(sessionId, generation, kept);
                      },
                      none);
            });
  }

  @Override
  public CompletionStage<Void> record(SessionRecord record) {
    boolean lasting =
        switch (sync) {
          case ALWAYS -> true;
          case RUNS -> record.kind() == SessionRecord.Kind.RUN;
          case NEVER -> false;
        };
    SessionWrite write = new SessionWrite(record, lasting);
    lanes.of(record.sessionId()).submit(write);
    return write.answer();
  }

  @Override
  public CompletionStage<SessionLines> page(Which which, int limit, @Nullable String after) {
    String search = which.search();
    @Nullable Place place = after == null ? null : Place.of(after);
    List<@Nullable Object> parameters = new ArrayList<>();
    String sql = LIST;
    if (place != null) {
      sql += BELOW;
      parameters.add(place.lastActiveAt());
      parameters.add(place.sessionId());
    }
    if (which.owner() != null) {
      sql += OWNED;
      parameters.add(which.owner());
    }
    if (which.sessionId() != null) {
      sql += NAMED;
      parameters.add(which.sessionId());
    }
    if (search != null && !search.isEmpty()) {
      sql += WITH;
      parameters.add("%" + searched(search).replaceAll("[!%_]", "!$0") + "%");
    }
    parameters.add(limit + 1);
    String query = sql + NEWEST;
    return reads.read(
        db -> page(db, limit, query, parameters.toArray()), new SessionLines(List.of(), null));
  }

  private static SessionLines page(Db db, int limit, String query, @Nullable Object[] parameters)
      throws SQLException {
    List<String> lines = new ArrayList<>();
    @Nullable Place last = null;
    try (ResultSet rows = db.query(query, parameters)) {
      while (rows.next()) {
        if (lines.size() == limit) {
          return new SessionLines(lines, last == null ? null : last.token());
        }
        lines.add(rows.getString(1));
        last = new Place(rows.getLong(2), rows.getString(3));
      }
    }
    return new SessionLines(lines, null);
  }

  /// The stored form of a search text. PostgreSQL cannot store zero bytes.
  static String searched(String text) {
    return text.toLowerCase(Locale.ROOT).replace('\0', ' ');
  }

  @Override
  public CompletionStage<List<OpenSession>> open(
      @Nullable OpenSession after, Instant until, int limit) {
    long since = after == null ? Long.MIN_VALUE : after.openSince();
    String id = after == null ? "" : after.sessionId();
    return reads.read(
        db -> {
          List<OpenSession> open = new ArrayList<>();
          try (ResultSet rows = db.query(OPEN, since, id, until.toEpochMilli(), limit)) {
            while (rows.next()) {
              open.add(new OpenSession(rows.getString(1), rows.getLong(2)));
            }
          }
          return open;
        },
        List.of());
  }

  @Override
  public CompletionStage<Void> forget(String sessionId, long generation) {
    return lanes
        .ask(
            sessionId,
            true,
            transaction -> SessionWrite.forget(transaction.db(), sessionId, generation))
        .thenApply(done -> null);
  }

  @Override
  public CompletionStage<List<String>> forgetUnused(Duration ttl) {
    long before = clock.used() - ttl.toMillis();
    return lanes.ask(
        "", List.of(), transaction -> SessionWrite.forgetUnused(transaction.db(), before));
  }

  @Override
  public CompletionStage<Long> count() {
    return reads.read(
        db -> db.number(0, "select count(*) from session where line is not null"), 0L);
  }

  @Override
  public CompletionStage<Long> waiting(Instant now) {
    return reads.read(db -> db.number(0, WAITING, now.toEpochMilli()), 0L);
  }

  /// The cursor: the last entry of a page.
  record Place(long lastActiveAt, String sessionId) {

    String token() {
      return lastActiveAt + "~" + sessionId;
    }

    static Place of(String token) {
      int tilde = token.indexOf('~');
      try {
        if (tilde > 0 && token.indexOf('\0') < 0) {
          return new Place(Long.parseLong(token.substring(0, tilde)), token.substring(tilde + 1));
        }
      } catch (NumberFormatException e) {
        // Reported below.
      }
      throw new InvalidField("after", "after must be what an earlier page called next");
    }
  }
}
