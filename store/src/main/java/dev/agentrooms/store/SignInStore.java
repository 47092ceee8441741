package dev.agentrooms.store;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// What is known of browsers that sign in, and of those that have: kept where every node finds it,
/// under a digest of the secret that the browser holds in a cookie, so that nobody who reads the
/// store can use it.
public interface SignInStore {

  /// Keeps nothing.
  SignInStore NONE =
      new SignInStore() {
        @Override
        public CompletionStage<Void> put(String id, String body, Instant until) {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Optional<String>> find(String id, Instant now) {
          return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public CompletionStage<Optional<String>> take(String id, Instant now) {
          return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public CompletionStage<Void> forgetExpired(Instant now) {
          return CompletableFuture.completedFuture(null);
        }
      };

  /// @param body what is kept, as its writer understands it
  /// @param until when it is good for nothing any more
  CompletionStage<Void> put(String id, String body, Instant until);

  /// The body, while it is good for something.
  CompletionStage<Optional<String>> find(String id, Instant now);

  /// As [#find], and removes it: of several that ask, one gets it.
  CompletionStage<Optional<String>> take(String id, Instant now);

  CompletionStage<Void> forgetExpired(Instant now);
}
