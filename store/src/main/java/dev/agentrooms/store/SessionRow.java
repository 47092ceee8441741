package dev.agentrooms.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A session's row, which stands beside its journal and is updated with each record. Times are in
/// milliseconds.
///
/// @param line its entry in the list, as JSON; null when it is not listed, because it was deleted
///     and only its runs have yet to end
/// @param search the text that a search looks at
/// @param openSince since when it has had something to do or to deliver, for example when its
///     oldest run was accepted, or from when on it will: one that only waits for a person has
///     nothing to do before the time to answer is over. Null when it is idle and need not be
///     started after a restart
/// @param told number of deliveries in this life
/// @param delivered number of acknowledged deliveries
/// @param life names the numbering of deliveries; a later one is greater. Restoring a backup makes
///     a new one
/// @param owner the user whom it belongs to; null for nobody
public record SessionRow(
    Instant createdAt,
    Instant lastActiveAt,
    @Nullable String line,
    String search,
    @Nullable Instant openSince,
    long told,
    long delivered,
    long life,
    @Nullable String owner) {

  /// Of a session that belongs to nobody.
  public SessionRow(
      Instant createdAt,
      Instant lastActiveAt,
      @Nullable String line,
      String search,
      @Nullable Instant openSince,
      long told,
      long delivered,
      long life) {
    this(createdAt, lastActiveAt, line, search, openSince, told, delivered, life, null);
  }
}
