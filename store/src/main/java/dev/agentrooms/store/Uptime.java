package dev.agentrooms.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A store's record of its processes: when the last one was up, for how long none was, and how the
/// last one ended.
///
/// A killed process loses nothing, because the kernel has what it wrote. Only a crash of the
/// system or a loss of power may lose the last moments. It is recognised by the kernel's boot id.
final class Uptime {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  // Shorter gaps do not count, where several processes share a store.
  private static final long SLACK_MILLIS = 3 * SqlStore.BEAT_MILLIS;

  private Uptime() {}

  /// Registers this process, as the last step of opening, where it is the only one.
  ///
  /// @return whether the system crashed while the store was open
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

  /// Like [#begin], where other processes may be up.
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

  /// The store has lost events that clients have seen. To avoid giving their numbers to others,
  /// all rooms get a new epoch, and all sessions a new life, in which deliveries count from 1
  /// again.
  static void beginAnew(Db db, long now) throws SQLException {
    db.update("update room set epoch = lower(hex(randomblob(6)))");
    FreshEpoch.renew(db);
    db.update("update session set life = case when life < ? then ? else life + 1 end", now, now);
  }

  /// The kernel's boot id, which changes with each boot; a random one where there is none.
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
