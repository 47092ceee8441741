package dev.agentrooms.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Checks the integrity of a database, in the background.
final class Check {

  private Check() {}

  static CompletableFuture<Void> begin(SqliteFile engine, StoreListener listener) {
    CompletableFuture<Void> checked = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("store-check")
        .daemon()
        .start(
            () -> {
              try (Db db = engine.reader()) {
                String found = firstFault(db);
                if (found == null) {
                  checked.complete(null);
                } else {
                  checked.completeExceptionally(broken(engine, found));
                }
              } catch (SQLException e) {
                if (engine.trouble(e) == Engine.Trouble.AWAY) {
                  checked.completeExceptionally(broken(engine, String.valueOf(e.getMessage())));
                } else {
                  listener.warning("the store could not be checked", e);
                  checked.complete(null);
                }
              }
            });
    return checked;
  }

  private static StoreRefused broken(SqliteFile engine, String found) {
    return new StoreRefused(
        "store.dir", engine.folder().database() + " is broken: " + found + ". " + Recipe.RESTORE);
  }

  /// Null when there is none.
  static @Nullable String firstFault(Db db) throws SQLException {
    try (ResultSet rows = db.query("pragma quick_check(1)")) {
      String said = rows.next() ? rows.getString(1) : "nothing was said";
      return said.equals("ok") ? null : said.replaceAll("\\s+", " ");
    }
  }
}
