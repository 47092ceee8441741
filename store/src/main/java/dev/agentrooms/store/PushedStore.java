package dev.agentrooms.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The rooms that are filled from outside, by producers that are no session of ours: a line each
/// for the list of sessions.
public interface PushedStore {

  /// Keeps nothing.
  PushedStore NONE =
      new PushedStore() {
        @Override
        public CompletionStage<Void> saw(Pushed seen, boolean isTitle) {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<List<Pushed>> page(
            int limit, @Nullable String after, @Nullable String search) {
          return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletionStage<Optional<Pushed>> find(String sessionId) {
          return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public CompletionStage<Boolean> name(String sessionId, @Nullable String title) {
          return CompletableFuture.completedFuture(false);
        }

        @Override
        public CompletionStage<Boolean> forget(String sessionId) {
          return CompletableFuture.completedFuture(false);
        }

        @Override
        public CompletionStage<Void> forgetUnused(Duration ttl) {
          return CompletableFuture.completedFuture(null);
        }
      };

  /// @param isRunning whether its last event has not ended a run
  /// @param createdAt in milliseconds, as is `lastActiveAt`
  record Pushed(
      String sessionId, String title, boolean isRunning, long createdAt, long lastActiveAt) {}

  /// An event has come. The first title stays, and what stood for one until then gives way to it.
  ///
  /// @param isTitle whether its title is one, and does not only stand for one
  CompletionStage<Void> saw(Pushed seen, boolean isTitle);

  /// The newest activity first, without those that are sessions of ours.
  ///
  /// @param after a cursor as [SessionStore#page] has it
  /// @param search only those whose title or id has this text; null for all
  CompletionStage<List<Pushed>> page(int limit, @Nullable String after, @Nullable String search);

  CompletionStage<Optional<Pushed>> find(String sessionId);

  /// People have named it; no title of an event replaces that.
  ///
  /// @param title null for that of its next event again
  /// @return whether there is such a line
  CompletionStage<Boolean> name(String sessionId, @Nullable String title);

  /// Removes a line. A further event makes a new one.
  ///
  /// @return whether there was one
  CompletionStage<Boolean> forget(String sessionId);

  /// Removes lines that have been unused for `ttl`.
  CompletionStage<Void> forgetUnused(Duration ttl);
}
