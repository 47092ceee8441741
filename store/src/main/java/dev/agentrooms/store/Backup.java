package dev.agentrooms.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

/// Copies a database while it is written.
final class Backup {

  private static final String KEY = "FILE";

  private Backup() {}

  /// @throws StoreRefused when it cannot be done
  static void write(Engine engine, Path file) {
    switch (engine) {
      case SqliteFile from -> write(from.folder().url(), file);
      case SqliteMemory _ ->
          throw new StoreRefused("store.kind", "what is in memory only cannot be copied");
      case Postgres _ -> throw new StoreRefused("store.url", "use pg_dump for PostgreSQL");
    }
  }

  private static void write(String url, Path named) {
    Path file = named.toAbsolutePath();
    Path part = file.resolveSibling(file.getFileName() + ".part");
    if (Files.exists(file)) {
      throw new StoreRefused(KEY, file + " is there already");
    }
    try {
      Files.deleteIfExists(part);
      copy(url, part);
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | SQLException e) {
      discard(part);
      throw new StoreRefused(KEY, file + " cannot be written: " + e.getMessage());
    }
  }

  private static void copy(String url, Path to) throws SQLException {
    // Vacuuming is nothing that a transaction can hold.
    try (var connection = SqliteFile.copyConfig().createConnection(url);
        var statement = connection.prepareStatement("vacuum into ?")) {
      statement.setString(1, to.toString());
      statement.execute();
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
