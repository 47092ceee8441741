package dev.agentrooms.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What is stored of rooms beside them. In the tables of streams: the places of their producers,
/// under the negative of a room's id, which no stream has; and links of subscriptions, under the
/// path that a room has as a stream. And how far a session had delivered to a room that is gone.
final class RoomLinks {

  /// What the path of a room begins with.
  static final String PREFIX = "rooms/";

  /// What comes behind all paths of rooms.
  static final String END = "rooms0";

  /// The session of a link `l`; of one that is of no room, that of none.
  static final String SESSION =
      "case when substr(l.path, 1, 6) = 'rooms/' then substr(l.path, 7) end";

  /// The `seq` of the last event of a room `r`.
  static final String TAIL =
      "case when r.id is not null"
          + " then coalesce((select max(e.seq) from room_event e where e.room = r.id), 0) end";

  private RoomLinks() {}

  static String path(String sessionId) {
    return PREFIX + sessionId;
  }

  static void produced(Db db, long room, RoomProducer by) throws SQLException {
    db.update(StreamTable.PRODUCED, -room, by.id(), by.epoch(), by.place());
  }

  static List<RoomProducer> producers(Db db, long room) throws SQLException {
    List<RoomProducer> found = new ArrayList<>();
    try (ResultSet rows =
        db.query("select producer, epoch, seq from stream_producer where stream = ?", -room)) {
      while (rows.next()) {
        found.add(new RoomProducer(rows.getString(1), rows.getLong(2), rows.getLong(3)));
      }
    }
    return found;
  }

  /// A room will be forgotten: its session may yet tell again what it has told.
  static void remember(Db db, long room, long now) throws SQLException {
    db.update(
        "insert into room_forgotten (session_id, life, n, forgotten_at)"
            + " select session_id, life, n, ? from room where id = ? and life > 0"
            + " on conflict (session_id) do update set"
            + " life = excluded.life, n = excluded.n, forgotten_at = excluded.forgotten_at",
        now,
        room);
  }

  /// What had been delivered to a room that was forgotten.
  static RoomStore.Delivered before(Db db, String sessionId) throws SQLException {
    try (ResultSet rows =
        db.query("select life, n from room_forgotten where session_id = ?", sessionId)) {
      return rows.next()
          ? new RoomStore.Delivered(rows.getLong(1), rows.getLong(2), null)
          : RoomStore.Delivered.NOTHING;
    }
  }

  /// A room is forgotten. Who named it, and not only a pattern, waits for its next life.
  static void forgotten(Db db, long room, String sessionId) throws SQLException {
    db.update("delete from stream_producer where stream = ?", -room);
    db.update("delete from stream_link where path = ? and explicit = 0", path(sessionId));
  }
}
