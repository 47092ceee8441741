package dev.agentrooms.store;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Settings of the store; `reference.conf` describes each.
///
/// @param dir of files only
/// @param url of PostgreSQL only; null otherwise
/// @param sync of files only
/// @param syncInterval the longest time until committed data is synced, when no request waits for
///     it
/// @param writers number of writing connections; always 1 for files
/// @param patience how long a request waits
/// @param maxWaiting the most records that may wait; more are refused
public record StoreSettings(
    Kind kind,
    Path dir,
    @Nullable String url,
    @Nullable String user,
    @Nullable String password,
    Sync sync,
    Duration syncInterval,
    int writers,
    Duration patience,
    int maxWaiting) {

  public enum Kind {
    /// Nothing survives the process: sessions are kept in memory, rooms are not recorded.
    MEMORY,
    FILE,
    POSTGRESQL
  }

  /// Which records must be synced before they are acknowledged; see [SessionRecord.Kind].
  public enum Sync {
    ALWAYS,
    RUNS,
    NEVER
  }

  /// A folder, and defaults for the rest.
  public static StoreSettings inFolder(Path dir) {
    return new StoreSettings(
        Kind.FILE,
        dir,
        null,
        null,
        null,
        Sync.RUNS,
        Duration.ofMillis(200),
        1,
        Duration.ofSeconds(3),
        10_000);
  }

  public static StoreSettings inMemory() {
    return inFolder(Path.of("")).with(Kind.MEMORY);
  }

  /// A database, and defaults for the rest.
  public static StoreSettings at(String url, String user, @Nullable String password) {
    return new StoreSettings(
        Kind.POSTGRESQL,
        Path.of(""),
        url,
        user,
        password,
        Sync.RUNS,
        Duration.ofMillis(200),
        4,
        Duration.ofSeconds(3),
        10_000);
  }

  public StoreSettings with(Kind kind) {
    return new StoreSettings(
        kind, dir, url, user, password, sync, syncInterval, writers, patience, maxWaiting);
  }

  /// The same, in another folder.
  public StoreSettings in(Path folder) {
    return new StoreSettings(
        kind, folder, url, user, password, sync, syncInterval, writers, patience, maxWaiting);
  }

  public StoreSettings with(Sync sync) {
    return new StoreSettings(
        kind, dir, url, user, password, sync, syncInterval, writers, patience, maxWaiting);
  }

  StoreSettings with(Sync sync, Duration syncInterval) {
    return new StoreSettings(
        kind, dir, url, user, password, sync, syncInterval, writers, patience, maxWaiting);
  }

  StoreSettings with(Duration patience, int maxWaiting) {
    return new StoreSettings(
        kind, dir, url, user, password, sync, syncInterval, writers, patience, maxWaiting);
  }

  /// Without passwords, which the URL may contain as well.
  @Override
  public String toString() {
    return "StoreSettings[" + kind + (kind == Kind.FILE ? ", " + dir + ", " + sync : "") + "]";
  }
}
