package dev.agentrooms.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a store remembers of the processes that had it: when the last one was up, for how long none
/// was, and how the last one ended.
///
/// A process that was killed has lost nothing, because the system has what it wrote. Only when the
/// system itself was lost, by a crash or a loss of power, may the last moments be missing. It is
/// recognised by the kernel's boot id.
final class Uptime {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  // A shorter time in which nobody said to be up is none, where several processes share a store.
  private static final long SLACK_MILLIS = 3 * SqlStore.BEAT_MILLIS;

  private Uptime() {}

  /// Begins the time of this process, as the last thing of opening, where it is the only one.
  ///
  /// @return whether the system was lost while the store was open
  static boolean begin(Db db, StoreClock clock, StoreSettings.Sync sync, String bootId)
      throws SQLException {
    goOn(db, clock, 0);
    boolean hostWasLost =
        "false".equals(state(db, "clean")) && !bootId.equals(state(db, "boot_id"));
    if (hostWasLost && !"always".equals(state(db, "sync"))) {
      beginAnew(db, clock.millis());
    }
    put(db, "boot_id", bootId);
    put(db, "clean", "false");
    put(db, "sync", sync.name().toLowerCase(Locale.ROOT));
    db.commit();
    return hostWasLost;
  }

  /// As [#begin], where others may be up.
  static void beginShared(Db db, StoreClock clock) throws SQLException {
    goOn(db, clock, SLACK_MILLIS);
    db.commit();
  }

  private static void goOn(Db db, StoreClock clock, long slack) throws SQLException {
    long now = clock.millis();
    long down = number(db, "down_ms", 0);
    long gap = now - number(db, "alive_at", now);
    if (gap > slack) {
      down += gap;
    }
    clock.wasDown(down);
    put(db, "down_ms", String.valueOf(down));
    put(db, "alive_at", String.valueOf(now));
  }

  static void alive(Db db, StoreClock clock) throws SQLException {
    put(db, "alive_at", String.valueOf(clock.millis()));
  }

  static void end(Db db, StoreClock clock) throws SQLException {
    alive(db, clock);
    put(db, "clean", "true");
    db.commit();
  }

  /// The store is older than what some have seen of it. So no number that they know may be given
  /// again: all rooms get a new epoch, and all sessions number their deliveries anew.
  static void beginAnew(Db db, long now) throws SQLException {
    db.update("update room set epoch = lower(hex(randomblob(6)))");
    db.update("update session set life = case when life < ? then ? else life + 1 end", now, now);
  }

  /// The kernel's own, which is another one after each start; always another one where there is
  /// none.
  static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static long number(Db db, String name, long otherwise) throws SQLException {
    String value = state(db, name);
    try {
      return value == null ? otherwise : Long.parseLong(value);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private static @Nullable String state(Db db, String name) throws SQLException {
    return db.text("select value from store_state where name = ?", name);
  }

  private static void put(Db db, String name, String value) throws SQLException {
    db.update(
        "insert into store_state (name, value) values (?, ?)"
            + " on conflict (name) do update set value = excluded.value",
        name,
        value);
  }
}
