package dev.agentrooms.store;

import dev.agentrooms.store.Subscription.Link;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/// The subscriptions over SQL.
final class SqlSubscriptions implements SubscriptionStore {

  private static final String PATTERNS =
      "select id, pattern from stream_subscription where pattern <> ''";
  private static final String STREAMS =
      "select path, epoch, tail from stream where gone = 0 and path >= ? order by path";
  private static final String STREAM =
      "select path, epoch, tail from stream where gone = 0 and path = ?";
  private static final String ROOMS =
      "select 'rooms/' || r.session_id, r.epoch, "
          + RoomLinks.TAIL
          + " from room r where r.session_id >= ? order by r.session_id";
  private static final String ROOM =
      "select 'rooms/' || r.session_id, r.epoch, "
          + RoomLinks.TAIL
          + " from room r where r.session_id = ?";
  private static final String MISSED =
      "select distinct l.subscription from stream_link l"
          + " join stream_subscription u on u.id = l.subscription and u.wake_id = ''"
          + " left join stream s on s.path = l.path and s.gone = 0"
          + " left join room r on r.session_id = "
          + RoomLinks.SESSION
          + " where coalesce(s.tail, "
          + RoomLinks.TAIL
          + ") > case when l.epoch = coalesce(s.epoch, r.epoch) then l.acked else 0 end";
  private static final String ANY_OF_ROOMS =
      "select count(*) from (select 1 from stream_subscription where pattern <> ''"
          + " union all select 1 from stream_link where path >= '"
          + RoomLinks.PREFIX
          + "' and path < '"
          + RoomLinks.END
          + "' limit 1) as found";
  private static final String DUE =
      "select id from stream_subscription where next_at >= 0 and next_at <= ? limit 100";
  private static final String OF = "select distinct subscription from stream_link where path = ?";

  private final Lanes lanes;
  private final Reads reads;

  SqlSubscriptions(Lanes lanes, Reads reads) {
    this.lanes = lanes;
    this.reads = reads;
  }

  @Override
  public <T> CompletionStage<T> change(String id, T nothing, Step<T> step) {
    return lanes.ask(
        id,
        nothing,
        transaction -> {
          Db db = transaction.db();
          Subscription now = SubscriptionRows.locked(db, id);
          Change<T> change = step.of(now);
          SubscriptionRows.write(db, id, now, change.next());
          return change.answer();
        });
  }

  /// A stream is made: those whose pattern has it are linked to its beginning.
  static void made(Db db, String path, String epoch, long begin) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (ResultSet rows = db.query(PATTERNS)) {
      while (rows.next()) {
        if (Globs.matches(rows.getString(2), path)) {
          ids.add(rows.getString(1));
        }
      }
    }
    for (String id : ids) {
      db.update(
          "insert into stream_link (subscription, path, explicit, matched, epoch, acked)"
              + " values (?, ?, 0, 1, ?, ?) on conflict (subscription, path) do update set"
              + " matched = 1, epoch = excluded.epoch, acked = excluded.acked",
          id,
          path,
          epoch,
          begin);
    }
  }

  @Override
  public CompletionStage<List<Link>> streams(String prefix) {
    return reads.read(
        db -> {
          List<Link> found = new ArrayList<>();
          try (ResultSet rows = db.query(STREAMS, prefix)) {
            while (rows.next() && rows.getString(1).startsWith(prefix)) {
              found.add(atTail(rows));
            }
          }
          if (prefix.startsWith(RoomLinks.PREFIX) || RoomLinks.PREFIX.startsWith(prefix)) {
            String from = prefix.substring(Math.min(prefix.length(), RoomLinks.PREFIX.length()));
            try (ResultSet rows = db.query(ROOMS, from)) {
              while (rows.next() && rows.getString(1).startsWith(prefix)) {
                found.add(atTail(rows));
              }
            }
          }
          return found;
        },
        List.of());
  }

  private static Link atTail(ResultSet row) throws SQLException {
    String epoch = row.getString(2);
    long tail = row.getLong(3);
    return new Link(row.getString(1), false, false, epoch, tail, epoch, tail);
  }

  @Override
  public CompletionStage<List<Link>> links(List<String> paths) {
    return reads.read(
        db -> {
          List<Link> found = new ArrayList<>();
          for (String path : paths) {
            boolean isRoom = path.startsWith(RoomLinks.PREFIX);
            try (ResultSet rows =
                isRoom
                    ? db.query(ROOM, path.substring(RoomLinks.PREFIX.length()))
                    : db.query(STREAM, path)) {
              found.add(rows.next() ? atTail(rows) : new Link(path, false, false, "", 0, "", 0));
            }
          }
          return found;
        },
        List.of());
  }

  @Override
  public CompletionStage<List<String>> due(long now, List<String> paths) {
    return reads.read(
        db -> {
          Set<String> due = new LinkedHashSet<>();
          ids(db, due, DUE, now);
          for (String path : paths) {
            ids(db, due, OF, path);
          }
          return List.copyOf(due);
        },
        List.of());
  }

  @Override
  public CompletionStage<List<String>> missed() {
    return reads.read(
        db -> {
          Set<String> missed = new LinkedHashSet<>();
          ids(db, missed, MISSED);
          return List.copyOf(missed);
        },
        List.of());
  }

  @Override
  public CompletionStage<Boolean> haveRooms() {
    return reads.read(db -> db.number(0, ANY_OF_ROOMS) > 0, false);
  }

  private static void ids(Db db, Set<String> to, String query, Object... parameters)
      throws SQLException {
    try (ResultSet rows = db.query(query, parameters)) {
      while (rows.next()) {
        to.add(rows.getString(1));
      }
    }
  }

  @Override
  public CompletionStage<String> secret(String name, String fresh) {
    return lanes.ask(
        "",
        fresh,
        transaction -> {
          Db db = transaction.db();
          db.update(
              "insert into store_state (name, value) values (?, ?) on conflict (name) do nothing",
              name,
              fresh);
          String kept = db.text("select value from store_state where name = ?", name);
          return kept == null ? fresh : kept;
        });
  }
}
