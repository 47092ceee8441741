package dev.agentrooms.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The streams over SQL.
final class SqlStreams implements StreamStore {

  private static final String FIND = "select " + StreamRow.COLUMNS + " from stream where path = ?";
  private static final String STATE = "select id, tail, closed, gone from stream where path = ?";
  private static final String DUE =
      "select path from stream where due >= 0 and due <= ? and gone = 0 order by due limit 64";
  private static final int ROW_BYTES = 128;

  private final Lanes lanes;
  private final Reads reads;
  private final StoreClock clock;
  private final boolean lasting;

  SqlStreams(Lanes lanes, Reads reads, StoreClock clock, StoreSettings.Sync sync) {
    this.lanes = lanes;
    this.reads = reads;
    this.clock = clock;
    this.lasting = sync == StoreSettings.Sync.ALWAYS;
  }

  private <T> CompletionStage<T> write(
      int bytes, boolean lasting, List<String> paths, T nothing, StreamWrite.Step<T> step) {
    StreamWrite<T> write = new StreamWrite<>(ROW_BYTES + bytes, lasting, paths, nothing, step);
    lanes.of(paths.getFirst()).submit(write);
    return write.answer();
  }

  private static int bytes(List<byte[]> messages) {
    return messages.stream().mapToInt(message -> message.length).sum();
  }

  @Override
  public CompletionStage<StreamMade> make(StreamWish wish) {
    List<String> paths =
        wish.fork() == null ? List.of(wish.path()) : List.of(wish.path(), wish.fork().source());
    return write(
        bytes(wish.messages()),
        lasting,
        paths,
        new StreamMade.NoSource(),
        streams -> StreamSteps.make(streams, wish));
  }

  @Override
  public CompletionStage<StreamAppended> append(String path, StreamAppend what) {
    return write(
        bytes(what.messages()),
        lasting,
        List.of(path),
        new StreamAppended.Missing(),
        streams -> StreamSteps.append(streams, path, what));
  }

  @Override
  public CompletionStage<Deleted> delete(String path) {
    return write(
        0, lasting, List.of(path), Deleted.MISSING, streams -> StreamSteps.delete(streams, path));
  }

  @Override
  public CompletionStage<StreamPage> read(String path, long after, int bytes) {
    return reads.read(db -> page(db, path, after, bytes), new StreamPage.Missing());
  }

  private StreamPage page(Db db, String path, long after, int bytes) throws SQLException {
    StreamRow row = StreamRow.of(db, FIND, path);
    if (row == null) {
      return new StreamPage.Missing();
    }
    if (row.gone || row.isDue(clock.millis())) {
      return row.refs > 0 ? new StreamPage.Gone() : new StreamPage.Missing();
    }
    List<byte[]> messages = new ArrayList<>();
    long from = Math.max(0, after);
    long last =
        bytes == 0 || from >= row.tail ? from : StreamReads.read(db, row, from, bytes, messages);
    return new StreamPage.Found(row.info(), messages, last);
  }

  @Override
  public CompletionStage<Void> touch(String path) {
    return write(
            0,
            false,
            List.of(path),
            false,
            streams -> {
              StreamRow row = streams.row(path);
              if (row != null && !row.gone) {
                row.use(streams.now());
              }
              return true;
            })
        .thenApply(done -> null);
  }

  @Override
  public CompletionStage<Map<String, State>> states(Collection<String> paths) {
    if (paths.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    return reads.read(
        db -> {
          Map<String, State> states = new HashMap<>();
          for (String path : paths) {
            try (ResultSet rows = db.query(STATE, path)) {
              if (rows.next() && rows.getInt(4) == 0) {
                states.put(path, new State(rows.getLong(1), rows.getLong(2), rows.getInt(3) == 1));
              }
            }
          }
          return states;
        },
        Map.of());
  }

  @Override
  public CompletionStage<List<String>> forgetExpired() {
    long now = clock.millis();
    return reads
        .<List<String>>read(
            db -> {
              List<String> due = new ArrayList<>();
              try (ResultSet rows = db.query(DUE, now)) {
                while (rows.next()) {
                  due.add(rows.getString(1));
                }
              }
              return due;
            },
            List.of())
        .thenCompose(
            due -> {
              List<CompletableFuture<?>> gone = new ArrayList<>();
              // A row whose time is over is deleted when it is looked at.
              due.forEach(path -> gone.add(touch(path).toCompletableFuture()));
              return CompletableFuture.allOf(gone.toArray(CompletableFuture[]::new))
                  .thenApply(done -> due);
            });
  }
}
