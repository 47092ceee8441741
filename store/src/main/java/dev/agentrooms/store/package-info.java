/// Durable storage: the journals of sessions and the logs of rooms, in one database.
///
/// [dev.agentrooms.store.Store] is the port. Behind it are two engines that share nearly all SQL:
/// SQLite, in a folder, and PostgreSQL. The rest of this package is about writing with group
/// commit: one thread per connection commits all waiting writes in one transaction
/// ([dev.agentrooms.store.Lane]).
@NullMarked
package dev.agentrooms.store;

import org.jspecify.annotations.NullMarked;
