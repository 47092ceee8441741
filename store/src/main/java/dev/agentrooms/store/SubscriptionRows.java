package dev.agentrooms.store;

import dev.agentrooms.store.Subscription.Link;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of one subscription, within a transaction that has locked them.
final class SubscriptionRows {

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

  private SubscriptionRows() {}

  /// Reads a subscription, and locks it until the transaction ends.
  ///
  /// @return null when there is none
  static @Nullable Subscription locked(Db db, String id) throws SQLException {
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

  /// Makes of what was there what shall be; null is none.
  static void write(Db db, String id, @Nullable Subscription before, @Nullable Subscription next)
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
}
