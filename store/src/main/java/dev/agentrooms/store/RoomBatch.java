package dev.agentrooms.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The room events of one transaction, grouped by room, so that each room's row is written once,
/// and everything in two batches.
final class RoomBatch {

  private static final String MAKE =
      "insert into room (session_id, epoch, generation, used_at, life, n, owner)"
          + " values (?, ?, ?, ?, ?, ?, ?) on conflict (session_id) do nothing";
  static final String ID = "select id from room where session_id = ? and generation = ?";
  private static final String OWN =
      "update room set life = ?, n = ?, owner = ? where id = ? and generation = ?";
  private static final String USE = "update room set used_at = ? where id = ?";
  private static final String ADD =
      "insert into room_event (room, seq, event_id, body) values (?, ?, ?, ?)";
  private static final String EVICT = "delete from room_event where room = ? and seq <= ?";
  private static final int EVICTED = 64;

  /// One room's new events.
  private static final class Log {
    final RoomHandle room;
    final List<RoomAppend> events = new ArrayList<>();
    long id;
    long last;
    boolean isUsed;

    Log(RoomHandle room) {
      this.room = room;
      id = room.id;
      last = room.last;
    }
  }

  private final Transaction transaction;
  private final Map<RoomHandle, Log> logs = new LinkedHashMap<>();
  private int events;

  RoomBatch(Transaction transaction) {
    this.transaction = transaction;
  }

  /// @throws StoreFailure when the event's `seq` is not the next one
  void add(RoomAppend event) {
    RoomHandle room = event.room();
    Log log = logs.get(room);
    long last = log == null ? room.last : log.last;
    if (room.lost != null) {
      throw room.lost;
    }
    if (event.seq() != last + 1) {
      throw room.broken != null
          ? room.broken
          : new StoreFailure.Unavailable("an event before this one was not stored");
    }
    if (log == null) {
      log = new Log(room);
      logs.put(room, log);
    }
    log.events.add(event);
    log.last = event.seq();
    events++;
  }

  /// Writes everything that was added.
  void flush() throws SQLException {
    if (events == 0) {
      return;
    }
    List<Log> open = logs.values().stream().filter(log -> !log.events.isEmpty()).toList();
    for (Log log : open) {
      if (log.id == 0) {
        make(log);
      }
    }
    List<Log> owned = own(open);
    Db db = transaction.db();
    PreparedStatement add = null;
    for (Log log : owned) {
      for (RoomAppend event : log.events) {
        add = db.of(ADD, log.id, event.seq(), event.eventId().getBytes(UTF_8), event.body());
        add.addBatch();
      }
    }
    if (add != null) {
      add.executeBatch();
    }
    for (Log log : owned) {
      produced(log);
      evict(log);
      use(log);
      log.events.clear();
      transaction.afterCommit(() -> remember(log));
    }
    events = 0;
  }

  private void make(Log log) throws SQLException {
    RoomHandle room = log.room;
    RoomStore.Delivered first = log.events.getFirst().delivered();
    long now = transaction.clock().used();
    Db db = transaction.db();
    // A new row, or one that this owner created in a transaction whose outcome it never learned.
    log.id = make(db, room, now, first).id();
  }

  /// @param id 0 when another owns it
  record Made(long id, boolean isNew) {}

  static Made make(Db db, RoomHandle room, long now, RoomStore.Delivered first)
      throws SQLException {
    int made =
        db.update(
            MAKE,
            room.sessionId,
            room.epoch,
            room.generation,
            now,
            first.life(),
            first.n(),
            first.owner());
    if (made > 0) {
      SqlSubscriptions.made(db, RoomLinks.path(room.sessionId), room.epoch, 0);
    }
    return new Made(db.number(0, ID, room.sessionId, room.generation), made > 0);
  }

  /// In one commit with what they wrote.
  private void produced(Log log) throws SQLException {
    Map<String, RoomProducer> latest = new LinkedHashMap<>();
    for (RoomAppend event : log.events) {
      RoomProducer by = event.by();
      if (by != null) {
        latest.put(by.id(), by);
      }
    }
    for (RoomProducer by : latest.values()) {
      RoomLinks.produced(transaction.db(), log.id, by);
    }
  }

  /// Rooms that the caller owns; appends to others are refused.
  private List<Log> own(List<Log> open) throws SQLException {
    PreparedStatement own = null;
    for (Log log : open) {
      RoomStore.Delivered newest = log.events.getLast().delivered();
      own =
          transaction
              .db()
              .of(OWN, newest.life(), newest.n(), newest.owner(), log.id, log.room.generation);
      own.addBatch();
    }
    if (own == null) {
      return List.of();
    }
    int[] counts = own.executeBatch();
    List<Log> owned = new ArrayList<>(open.size());
    for (int i = 0; i < counts.length; i++) {
      Log log = open.get(i);
      if (counts[i] == 1) {
        owned.add(log);
      } else {
        StoreFailure fenced = new StoreFailure.Fenced("room " + log.room.sessionId);
        log.events.forEach(event -> transaction.refuse(event, fenced));
        log.events.clear();
      }
    }
    return owned;
  }

  private void evict(Log log) throws SQLException {
    long first = log.last - log.room.historySize;
    // Evicted events are deleted in steps of this many.
    if (first > 0 && first / EVICTED > Math.max(0, first - log.events.size()) / EVICTED) {
      transaction.db().update(EVICT, log.id, first);
    }
  }

  private void use(Log log) throws SQLException {
    long now = transaction.clock().used();
    if (now - log.room.usedAt >= RoomHandle.USE_MILLIS) {
      transaction.db().update(USE, now, log.id);
      log.isUsed = true;
    }
  }

  private void remember(Log log) {
    RoomHandle room = log.room;
    room.id = log.id;
    room.last = log.last;
    room.broken = null;
    if (log.isUsed) {
      room.usedAt = transaction.clock().used();
    }
  }
}
