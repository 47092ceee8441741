/// What outlives a process: the journals of sessions and the logs of rooms, in one database.
///
/// [dev.agentrooms.store.Store] is the port. Behind it are two engines with nearly one SQL: SQLite,
/// in a folder, and PostgreSQL. The rest of this package is how they write: one thread for each
/// connection commits all that waits in one transaction ([dev.agentrooms.store.Lane]).
@NullMarked
package dev.agentrooms.store;

import org.jspecify.annotations.NullMarked;
