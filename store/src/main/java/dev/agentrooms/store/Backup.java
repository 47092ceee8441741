package dev.agentrooms.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// Copies a store's database while it is written, and puts a copy in its place.
public final class Backup {

  private static final String FILE = "FILE";
  private static final String DIR = "store.dir";

  private Backup() {}

  /// Copies the database of `dir` into `file`, as it is now, whether a server has it or not.
  ///
  /// @throws StoreRefused when there is none, or `file` exists or cannot be written
  public static void write(Path dir, Path file) {
    Path database = Folder.databaseIn(dir);
    if (Files.notExists(database)) {
      throw new StoreRefused(DIR, dir + " has no store in it");
    }
    copy("jdbc:sqlite:" + database, file);
  }

  static void write(Engine engine, Path file) {
    switch (engine) {
      case SqliteFile from -> copy(from.folder().url(), file);
      case SqliteMemory _ ->
          throw new StoreRefused("store.kind", "what is in memory only cannot be copied");
      case Postgres _ -> throw new StoreRefused("store.url", "use pg_dump for PostgreSQL");
    }
  }

  private static void copy(String url, Path named) {
    Path file = named.toAbsolutePath();
    Path part = file.resolveSibling(file.getFileName() + ".part");
    if (Files.exists(file)) {
      throw new StoreRefused(FILE, file + " is there already");
    }
    try {
      Files.deleteIfExists(part);
      vacuumInto(url, part);
      sync(part);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | SQLException e) {
      discard(part);
      throw new StoreRefused(FILE, file + " cannot be written: " + e.getMessage());
    }
  }

  private static void vacuumInto(String url, Path to) throws SQLException {
    try (var connection = SqliteFile.copyConfig().createConnection(url);
        var statement = connection.prepareStatement("vacuum into ?")) {
      statement.setString(1, to.toString());
      statement.execute();
    }
  }

  /// Makes `file`, a copy, the store of `dir`. What was there is kept in a folder beside it. Since
  /// the copy is older than what some have seen, its rooms get new epochs.
  ///
  /// @return where what was there is kept; `dir` itself when there was nothing
  /// @throws StoreRefused when `file` is no sound copy of a store, or a server has `dir`
  public static Path restore(Path file, Path dir, InstantSource clock) {
    refuseUnsound(file);
    try (Folder folder = Folder.lock(dir)) {
      Path next = folder.next();
      Files.copy(file, next, StandardCopyOption.REPLACE_EXISTING);
      beginAnew(next, clock);
      sync(next);
      Path kept = keep(folder, clock);
      Files.move(next, folder.database(), StandardCopyOption.ATOMIC_MOVE);
      folder.sync();
      return kept;
    } catch (IOException | SQLException e) {
      throw new StoreRefused(DIR, dir + " cannot be written: " + e.getMessage());
    }
  }

  private static void refuseUnsound(Path file) {
    try {
      if (Files.notExists(file)) {
        throw new StoreRefused(FILE, file + " is not there");
      }
      Folder.refuseForeign(FILE, file);
      Folder.refuseTorn(FILE, file);
      try (Db db = Sqlite.open("jdbc:sqlite:" + file, SqliteFile.copyConfig())) {
        int version = Schema.version(db, Sqlite.SCHEMA);
        if (version == 0 || version > Schema.VERSION) {
          throw new StoreRefused(
              FILE, file + (version == 0 ? " is no copy of a store" : " is of a later version"));
        }
        String fault = Check.firstFault(db);
        if (fault != null) {
          throw new StoreRefused(FILE, file + " is broken: " + fault);
        }
      }
    } catch (IOException | SQLException e) {
      throw new StoreRefused(FILE, file + " cannot be read: " + e.getMessage());
    }
  }

  private static void beginAnew(Path file, InstantSource clock) throws SQLException {
    try (Db db = Sqlite.open("jdbc:sqlite:" + file, SqliteFile.copyConfig())) {
      Uptime.beginAnew(db, clock.millis());
      // It was copied from a process that was up, and that had nothing left to lose.
      db.update("update store_state set value = 'true' where name = 'clean'");
      db.commit();
    }
  }

  private static Path keep(Folder folder, InstantSource clock) throws IOException {
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'")
            .withZone(ZoneOffset.UTC)
            .format(clock.instant());
    Path kept = folder.dir().resolve("replaced-" + time);
    boolean isAny = false;
    for (String name : List.of("store.db", "store.db-wal", "store.db-shm")) {
      Path old = folder.dir().resolve(name);
      if (Files.exists(old)) {
        Files.createDirectories(kept);
        Files.move(old, kept.resolve(name));
        isAny = true;
      }
    }
    return isAny ? kept : folder.dir();
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // It is of no use, and says so by its name.
    }
  }
}
