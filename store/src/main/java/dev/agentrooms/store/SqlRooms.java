package dev.agentrooms.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentrooms.store.OpenRoom.Handle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The room store over SQL.
final class SqlRooms implements RoomStore {

  private static final String TAKE =
      "update room set generation = generation + 1 where session_id = ? returning generation";
  private static final String ROW =
      "select id, epoch, used_at, life, n, owner from room where session_id = ? and generation = ?";
  private static final String LAST = "select max(seq) from room_event where room = ?";
  private static final String FIRST = "select min(seq) from room_event where room = ?";
  private static final String EVENTS =
      "select seq, event_id, body from room_event where room = ? and seq > ? order by seq limit ?";
  private static final String UNUSED =
      "select id, session_id from room where used_at <= ? order by used_at limit 64";

  private static final Taken NOT_TAKEN = new Taken(0, "", Delivered.NOTHING);

  private final Lanes lanes;
  private final Reads reads;
  private final StoreClock clock;
  private final boolean lasting;

  SqlRooms(Lanes lanes, Reads reads, StoreClock clock, StoreSettings.Sync sync) {
    this.lanes = lanes;
    this.reads = reads;
    this.clock = clock;
    this.lasting = sync == StoreSettings.Sync.ALWAYS;
  }

  @Override
  public CompletionStage<OpenRoom> open(String sessionId, @Nullable String epoch, int historySize) {
    return lanes
        .ask(sessionId, NOT_TAKEN, transaction -> taken(transaction.db(), sessionId, epoch))
        .thenCompose(
            taken -> {
              OpenRoom none = none(sessionId, taken, historySize);
              return taken.generation() == 0
                  ? CompletableFuture.completedFuture(none)
                  : reads.read(db -> opened(db, sessionId, taken.generation(), historySize), none);
            });
  }

  /// @param generation 0 for a room that is not there
  /// @param fresh the epoch of such a room
  /// @param before what had been delivered to such a room
  private record Taken(long generation, String fresh, Delivered before) {}

  private static Taken taken(Db db, String sessionId, @Nullable String epoch) throws SQLException {
    long generation = db.number(0, TAKE, sessionId);
    return generation > 0
        ? new Taken(generation, "", Delivered.NOTHING)
        : new Taken(
            0,
            epoch == null ? FreshEpoch.of(db, sessionId) : epoch,
            RoomLinks.before(db, sessionId));
  }

  @Override
  public CompletionStage<String> freshEpoch(String sessionId) {
    return reads.read(db -> FreshEpoch.of(db, sessionId), "");
  }

  private OpenRoom none(String sessionId, Taken taken, int historySize) {
    String epoch = taken.fresh();
    RoomHandle handle = new RoomHandle(sessionId, epoch, clock.newGeneration(), historySize);
    return new OpenRoom(
        handle, epoch, 0, List.of(), 0, 0, null, taken.before(), false, List.of(), Duration.ZERO);
  }

  private OpenRoom opened(Db db, String sessionId, long generation, int historySize)
      throws SQLException {
    try (ResultSet rows = db.query(ROW, sessionId, generation)) {
      if (!rows.next()) {
        // Another owner has taken or removed it since.
        throw new StoreFailure.Fenced("room " + sessionId);
      }
      RoomHandle handle = new RoomHandle(sessionId, rows.getString(2), generation, historySize);
      handle.id = rows.getLong(1);
      handle.last = db.number(0, LAST, handle.id);
      handle.usedAt = rows.getLong(3);
      return new OpenRoom(
          handle,
          handle.epoch,
          handle.last,
          events(db, handle.id, handle.last - historySize, historySize),
          rows.getLong(4),
          rows.getLong(5),
          rows.getString(6),
          rows.getLong(4) == 0 ? RoomLinks.before(db, sessionId) : Delivered.NOTHING,
          true,
          RoomLinks.producers(db, handle.id),
          clock.since(handle.usedAt));
    }
  }

  private static List<StoredEvent> events(Db db, long room, long after, int limit)
      throws SQLException {
    List<StoredEvent> events = new ArrayList<>();
    try (ResultSet rows = db.query(EVENTS, room, after, limit)) {
      while (rows.next()) {
        events.add(
            new StoredEvent(
                rows.getLong(1), new String(rows.getBytes(2), UTF_8), rows.getBytes(3)));
      }
    }
    return events;
  }

  @Override
  public void append(
      Handle room,
      long seq,
      String eventId,
      byte[] body,
      Delivered delivered,
      @Nullable RoomProducer by,
      Appended answer) {
    RoomHandle handle = (RoomHandle) room;
    lanes
        .of(handle.sessionId)
        .submit(new RoomAppend(handle, seq, eventId, body, delivered, by, lasting, answer));
  }

  @Override
  public CompletionStage<Void> produced(Handle room, RoomProducer by) {
    RoomHandle handle = (RoomHandle) room;
    return lanes
        .ask(
            handle.sessionId,
            true,
            transaction -> {
              Db db = transaction.db();
              long id = db.number(0, RoomBatch.ID, handle.sessionId, handle.generation);
              if (id == 0) {
                throw new StoreFailure.Fenced("room " + handle.sessionId);
              }
              RoomLinks.produced(db, id, by);
              return true;
            })
        .thenApply(done -> null);
  }

  @Override
  public CompletionStage<Boolean> make(Handle room) {
    RoomHandle handle = (RoomHandle) room;
    return lanes.ask(
        handle.sessionId,
        false,
        transaction -> {
          RoomBatch.Made made =
              RoomBatch.make(transaction.db(), handle, clock.used(), Delivered.NOTHING);
          if (made.id() == 0) {
            throw new StoreFailure.Fenced("room " + handle.sessionId);
          }
          transaction.afterCommit(() -> handle.id = made.id());
          return made.isNew();
        });
  }

  @Override
  public CompletionStage<Optional<RoomPage>> read(String sessionId, long after, int limit) {
    return reads.read(
        db -> {
          try (ResultSet rows =
              db.query("select id, epoch from room where session_id = ?", sessionId)) {
            if (!rows.next()) {
              return Optional.empty();
            }
            long id = rows.getLong(1);
            String epoch = rows.getString(2);
            return Optional.of(
                new RoomPage(
                    epoch,
                    db.number(0, FIRST, id),
                    db.number(0, LAST, id),
                    events(db, id, after, limit)));
          }
        },
        Optional.empty());
  }

  @Override
  public CompletionStage<Void> touch(Handle room) {
    RoomHandle handle = (RoomHandle) room;
    return lanes
        .ask(
            handle.sessionId,
            true,
            transaction -> {
              long now = clock.used();
              transaction
                  .db()
                  .update(
                      "update room set used_at = ? where session_id = ? and generation = ?",
                      now,
                      handle.sessionId,
                      handle.generation);
              transaction.afterCommit(() -> handle.usedAt = now);
              return true;
            })
        .thenApply(done -> null);
  }

  @Override
  public CompletionStage<Void> forget(Handle room) {
    RoomHandle handle = (RoomHandle) room;
    return lanes
        .ask(
            handle.sessionId,
            true,
            transaction -> {
              forget(transaction.db(), handle, clock.used());
              transaction.afterCommit(
                  () -> handle.lost = new StoreFailure.Fenced("room " + handle.sessionId));
              return true;
            })
        .thenApply(done -> null);
  }

  private static void forget(Db db, RoomHandle handle, long now) throws SQLException {
    long id = db.number(0, "select id from room where session_id = ?", handle.sessionId);
    if (id == 0) {
      return;
    }
    RoomLinks.remember(db, id, now);
    int gone = db.update("delete from room where id = ? and generation = ?", id, handle.generation);
    if (gone == 0) {
      throw new StoreFailure.Fenced("room " + handle.sessionId);
    }
    FreshEpoch.ended(db, handle.sessionId);
    drop(db, id, handle.sessionId);
  }

  @Override
  public CompletionStage<List<String>> forgetUnused(Duration ttl) {
    // The time of last use may be written a moment late.
    long before = clock.used() - ttl.toMillis() - RoomHandle.USE_MILLIS;
    return lanes.ask("", List.of(), transaction -> forgetUnused(transaction.db(), before));
  }

  private static List<String> forgetUnused(Db db, long before) throws SQLException {
    record Unused(long id, String sessionId) {}
    List<Unused> unused = new ArrayList<>();
    try (ResultSet rows = db.query(UNUSED, before)) {
      while (rows.next()) {
        unused.add(new Unused(rows.getLong(1), rows.getString(2)));
      }
    }
    List<String> gone = new ArrayList<>();
    for (Unused room : unused) {
      if (db.update("delete from room where id = ? and used_at <= ?", room.id(), before) > 0) {
        FreshEpoch.ended(db, room.sessionId());
        drop(db, room.id(), room.sessionId());
        gone.add(room.sessionId());
      }
    }
    db.update("delete from room_forgotten where forgotten_at <= ?", before);
    return gone;
  }

  private static void drop(Db db, long room, String sessionId) throws SQLException {
    db.update("delete from room_event where room = ?", room);
    RoomLinks.forgotten(db, room, sessionId);
  }
}
