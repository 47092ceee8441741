package dev.agentrooms.store;

import dev.agentrooms.store.Subscription.Link;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The subscriptions over SQL.
final class SqlSubscriptions implements SubscriptionStore {

  // An update, because it locks in both databases, and sees what was committed meanwhile.
  private static final String LOCK =
      "update stream_subscription set generation = generation where id = ? returning config,"
          + " pattern, generation, wake_id, holder, lease_until, attempts, next_at, created_at";
  private static final String LINKS =
      "select l.path, l.explicit, l.matched, l.epoch, l.acked, coalesce(s.epoch, r.epoch),"
          + " coalesce(s.tail, "
          + RoomLinks.TAIL
          + ") from stream_link l left join stream s on s.path = l.path and s.gone = 0"
          + " left join room r on r.session_id = "
          + RoomLinks.SESSION
          + " where l.subscription = ? order by l.path";
  private static final String MAKE =
      "insert into stream_subscription (id, config, pattern, generation, wake_id, holder,"
          + " lease_until, attempts, next_at, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " on conflict (id) do nothing";
  private static final String WRITE =
      "update stream_subscription set generation = ?, wake_id = ?, holder = ?, lease_until = ?,"
          + " attempts = ?, next_at = ? where id = ?";
  private static final String LINK =
      "insert into stream_link (subscription, path, explicit, matched, epoch, acked)"
          + " values (?, ?, ?, ?, ?, ?) on conflict (subscription, path) do update set"
          + " explicit = excluded.explicit, matched = excluded.matched, epoch = excluded.epoch,"
          + " acked = excluded.acked";
  private static final String UNLINK =
      "delete from stream_link where subscription = ? and path = ?";
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
          Subscription now = locked(db, id);
          Change<T> change = step.of(now);
          write(db, id, now, change.next());
          return change.answer();
        });
  }

  private static @Nullable Subscription locked(Db db, String id) throws SQLException {
    Subscription found;
    try (ResultSet row = db.query(LOCK, id)) {
      if (!row.next()) {
        return null;
      }
      found =
          new Subscription(
              id,
              row.getString(1),
              row.getString(2),
              row.getLong(3),
              row.getString(4),
              row.getString(5),
              row.getLong(6),
              row.getLong(7),
              row.getLong(8),
              row.getLong(9),
              List.of());
    }
    List<Link> links = new ArrayList<>();
    try (ResultSet rows = db.query(LINKS, id)) {
      while (rows.next()) {
        String epoch = rows.getString(4);
        String tailEpoch = rows.getString(6);
        links.add(
            new Link(
                rows.getString(1),
                rows.getInt(2) == 1,
                rows.getInt(3) == 1,
                epoch,
                rows.getLong(5),
                tailEpoch == null ? epoch : tailEpoch,
                tailEpoch == null ? rows.getLong(5) : rows.getLong(7)));
      }
    }
    return found.with(
        found.generation(),
        found.wakeId(),
        found.holder(),
        found.leaseUntil(),
        found.attempts(),
        found.nextAt(),
        links);
  }

  private static void write(
      Db db, String id, @Nullable Subscription before, @Nullable Subscription next)
      throws SQLException {
    if (next == null) {
      if (before != null) {
        db.update("delete from stream_link where subscription = ?", id);
        db.update("delete from stream_subscription where id = ?", id);
      }
      return;
    }
    if (next.equals(before)) {
      return;
    }
    if (before == null) {
      int made =
          db.update(
              MAKE,
              id,
              next.config(),
              next.pattern(),
              next.generation(),
              next.wakeId(),
              next.holder(),
              next.leaseUntil(),
              next.attempts(),
              next.nextAt(),
              next.createdAt());
      if (made == 0) {
        throw new Raced("subscription " + id);
      }
    } else {
      db.update(
          WRITE,
          next.generation(),
          next.wakeId(),
          next.holder(),
          next.leaseUntil(),
          next.attempts(),
          next.nextAt(),
          id);
    }
    Map<String, Link> gone = new LinkedHashMap<>();
    if (before != null) {
      before.links().forEach(link -> gone.put(link.path(), link));
    }
    for (Link link : next.links()) {
      if (!link.equals(gone.remove(link.path()))) {
        link(db, id, link);
      }
    }
    for (String path : gone.keySet()) {
      db.update(UNLINK, id, path);
    }
  }

  private static void link(Db db, String id, Link link) throws SQLException {
    db.update(
        LINK,
        id,
        link.path(),
        link.isExplicit() ? 1 : 0,
        link.isMatched() ? 1 : 0,
        link.epoch(),
        link.acked());
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
