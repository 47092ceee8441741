package dev.agentrooms.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Migrates a database: numbered SQL files, each executed once, in one transaction.
final class Schema {

  /// The latest version.
  static final int VERSION = 8;

  private Schema() {}

  /// @param key the setting that names the database
  /// @throws StoreRefused when it has a newer schema, or is not a store
  static void migrate(Db db, Engine engine, String key) throws SQLException {
    engine.lockSchema(db);
    int version = version(db, engine.schema());
    if (version > VERSION) {
      db.rollback();
      throw new StoreRefused(
          key,
          "was written by a later version of this program (schema "
              + version
              + "; this one knows "
              + VERSION
              + ")");
    }
    for (int next = version + 1; next <= VERSION; next++) {
      for (String statement : read(engine.schema(), next).split(";\\s*\n")) {
        if (!statement.isBlank()) {
          db.execute(statement);
        }
      }
      db.update("delete from schema_version");
      db.update("insert into schema_version (version) values (?)", next);
    }
    db.commit();
  }

  /// 0 for an empty database.
  static int version(Db db, String dialect) throws SQLException {
    String tables =
        dialect.equals(Sqlite.SCHEMA)
            ? "select name from sqlite_schema where type = 'table' and name = 'schema_version'"
            : "select to_regclass('schema_version')::text";
    @Nullable String found = db.text(tables);
    return found == null ? 0 : (int) db.number(0, "select version from schema_version");
  }

  private static String read(String dialect, int version) {
    String name = String.format("%s/%03d.sql", dialect, version);
    try (InputStream in = Schema.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("there is no " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
