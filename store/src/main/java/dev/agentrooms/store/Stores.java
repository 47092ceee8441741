package dev.agentrooms.store;

import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Opens stores.
public final class Stores {

  private Stores() {}

  /// Opens a store: migrates it and, if it is a folder, locks it.
  ///
  /// @throws StoreRefused when it cannot be opened; then nothing was changed
  public static Store open(StoreSettings settings, InstantSource clock, StoreListener listener) {
    return switch (settings.kind()) {
      case MEMORY -> open(new SqliteMemory(), "store.kind", settings, clock, listener);
      case FILE -> openFolder(settings, clock, listener);
      case POSTGRESQL -> open(new Postgres(settings), "store.url", settings, clock, listener);
    };
  }

  private static Store openFolder(
      StoreSettings settings, InstantSource clock, StoreListener listener) {
    Folder folder = Folder.open(settings.dir());
    try {
      return open(new SqliteFile(folder, settings), "store.dir", settings, clock, listener);
    } catch (SQLException | IOException e) {
      folder.close();
      throw refused("store.dir", folder.database() + " cannot be opened: ", e);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static Store open(
      Engine engine,
      String key,
      StoreSettings settings,
      InstantSource clock,
      StoreListener listener) {
    StoreClock times = new StoreClock(clock, System::nanoTime);
    List<Db> writers = new ArrayList<>();
    try {
      writers.add(engine.writer());
      Schema.migrate(writers.getFirst(), engine, key);
      CompletionStage<Void> checked = begin(engine, writers.getFirst(), times, settings, listener);
      while (writers.size() < engine.writers()) {
        writers.add(engine.writer());
      }
      return start(engine, writers, times, settings, checked, listener);
    } catch (SQLException e) {
      writers.forEach(Db::close);
      engine.close();
      throw refused(key, "the store cannot be opened: ", e);
    } catch (RuntimeException e) {
      writers.forEach(Db::close);
      engine.close();
      throw e;
    }
  }

  private static CompletionStage<Void> begin(
      Engine engine, Db db, StoreClock clock, StoreSettings settings, StoreListener listener)
      throws SQLException {
    CompletableFuture<Void> fine = CompletableFuture.completedFuture(null);
    return switch (engine) {
      case SqliteMemory _ -> fine;
      case Postgres _ -> {
        engine.lockSchema(db);
        Uptime.beginShared(db, clock);
        yield fine;
      }
      case SqliteFile file ->
          Uptime.begin(db, clock, settings.sync(), Uptime.bootId())
              ? Check.begin(file, listener)
              : fine;
    };
  }

  private static Store start(
      Engine engine,
      List<Db> writers,
      StoreClock clock,
      StoreSettings settings,
      CompletionStage<Void> checked,
      StoreListener listener) {
    Health health = new Health(listener);
    @Nullable Checkpoints checkpoints =
        engine instanceof SqliteFile file ? new Checkpoints(file, listener) : null;
    Syncer syncer = new Syncer(engine.wal(), settings, clock, listener);
    List<Lane> lanes = new ArrayList<>();
    for (Db db : writers) {
      String name = "store-writer-" + lanes.size();
      lanes.add(new Lane(name, engine, db, clock, settings, syncer, health, checkpoints, listener));
    }
    Lanes all = new Lanes(lanes);
    Reads reads = new Reads(engine, lanes.getFirst(), health, settings);
    SqlStore store =
        new SqlStore(
            engine, all, syncer, reads, health, clock, settings, checked, checkpoints, listener);
    store.start();
    return store;
  }

  private static StoreRefused refused(String key, String what, Exception e) {
    return new StoreRefused(key, what + e.getMessage());
  }
}
