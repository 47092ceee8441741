package dev.agentrooms.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the store knows of a session besides its journal, as of its last record. Times count in
/// milliseconds.
///
/// @param line its line in the list, JSON; null when it is not listed, because it was deleted and
///     only its runs have yet to end
/// @param search what a search looks into
/// @param openSince since when it has had something to do or to deliver, the acceptance of the
///     oldest run for instance; null when it has not, and may sleep through a restart
/// @param told how many deliveries its journal has made in this life
/// @param delivered how many of them are known to have arrived
/// @param life names the numbering of deliveries; a later one is greater. Restoring a backup makes
///     a new one
public record SessionRow(
    Instant createdAt,
    Instant lastActiveAt,
    @Nullable String line,
    String search,
    @Nullable Instant openSince,
    long told,
    long delivered,
    long life) {}
