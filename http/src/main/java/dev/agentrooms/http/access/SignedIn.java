package dev.agentrooms.http.access;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/// Knows who has signed in, by the cookie of their browser.
public interface SignedIn {

  /// Nobody can sign in.
  SignedIn NOBODY = request -> CompletableFuture.completedFuture(Optional.empty());

  CompletionStage<Optional<Caller.User>> find(HttpRequest request);
}
