package dev.agentrooms.webui.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import dev.agentrooms.http.ConstantTime;
import dev.agentrooms.http.Recurring;
import dev.agentrooms.http.access.Caller;
import dev.agentrooms.http.access.OidcSettings;
import dev.agentrooms.http.access.Scope;
import dev.agentrooms.http.access.SignedIn;
import dev.agentrooms.protocol.Fingerprint;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.store.SignInStore;
import dev.agentrooms.webui.watch.SignedInConnections;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who is signing in, and who has, by the cookies of their browsers. All of it is in the store, so
/// that a browser may begin at one node, come back to another, and be known to all.
public final class SignIns implements SignedIn {

  private static final Logger LOG = LoggerFactory.getLogger(SignIns.class);

  /// For how long one is signed in.
  static final Duration LASTS = Duration.ofHours(8);

  /// For how long one may be at the provider.
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration FORGET_EVERY = Duration.ofMinutes(1);

  // So long what was opened at this node outlives a sign-out at another.
  private static final Duration LOOK_EVERY = Duration.ofSeconds(20);

  private final Provider provider;
  private final SignInStore store;
  private final SignedInConnections open;
  private final InstantSource clock;
  private final Executor blocking = Executors.newVirtualThreadPerTaskExecutor();

  public static SignIns start(
      ActorSystem<?> system,
      OidcSettings settings,
      SignInStore store,
      SignedInConnections open,
      InstantSource clock) {
    SignIns signIns = new SignIns(new Provider(settings), store, open, clock);
    Recurring.every(system, LOOK_EVERY, "ending what sign-ins opened", signIns::endOpened);
    Recurring.every(system, FORGET_EVERY, "forgetting expired sign-ins", signIns::forgetExpired);
    return signIns;
  }

  SignIns(Provider provider, SignInStore store, SignedInConnections open, InstantSource clock) {
    this.open = open;
    this.provider = provider;
    this.store = store;
    this.clock = clock;
  }

  /// A browser is sent to the provider.
  ///
  /// @param cookie by which the browser is known when it comes back
  record Begun(URI location, String cookie) {}

  /// A browser has come back.
  sealed interface Ended {

    /// @param cookie by which the browser is known from here on
    /// @param to the page that it came from
    record In(String user, String cookie, String to) implements Ended {}

    /// It is not the browser that began, or it was too long away.
    record Unknown() implements Ended {}

    /// The provider refused, or cannot be reached.
    record Failed() implements Ended {}
  }

  /// @param redirect where the provider sends the browser back to
  /// @param to the page that it goes to in the end
  CompletionStage<Optional<Begun>> begin(URI redirect, String to) {
    String cookie = Cookies.secret();
    State state = new State();
    Nonce nonce = new Nonce();
    CodeVerifier verifier = new CodeVerifier();
    String body =
        Json.object()
            .put("state", state.getValue())
            .put("nonce", nonce.getValue())
            .put("verifier", verifier.getValue())
            .put("redirect", redirect.toString())
            .put("to", to)
            .toString();
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return Optional.of(provider.begin(redirect, state, nonce, verifier));
              } catch (SignInFailed e) {
                LOG.warn("nobody can sign in: the provider fails: {}", e.getMessage(), e);
                return Optional.<URI>empty();
              }
            },
            blocking)
        .thenCompose(
            location ->
                location.isEmpty()
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : store
                        .put(begun(cookie), body, clock.instant().plus(PATIENCE))
                        .thenApply(done -> Optional.of(new Begun(location.get(), cookie))));
  }

  /// @param cookie the browser's of [Begun]; null for none
  /// @param state as the provider gives it back; null for none
  /// @param code null when the provider refused
  CompletionStage<Ended> finish(
      @Nullable String cookie, @Nullable String state, @Nullable String code) {
    if (cookie == null || state == null) {
      return CompletableFuture.completedFuture(new Ended.Unknown());
    }
    return store
        .take(begun(cookie), clock.instant())
        .thenCompose(
            found -> {
              JsonNode begun = found.map(body -> Json.parse(body.getBytes(UTF_8))).orElse(null);
              if (begun == null || !ConstantTime.isSame(begun.path("state").asText(), state)) {
                return CompletableFuture.completedFuture(new Ended.Unknown());
              }
              return code == null
                  ? CompletableFuture.completedFuture(new Ended.Failed())
                  : CompletableFuture.supplyAsync(() -> user(begun, code), blocking)
                      .thenCompose(user -> enter(user, begun.path("to").asText("/")));
            });
  }

  private Optional<String> user(JsonNode begun, String code) {
    try {
      return Optional.of(
          provider.finish(
              code,
              URI.create(begun.path("redirect").asText()),
              new Nonce(begun.path("nonce").asText()),
              new CodeVerifier(begun.path("verifier").asText())));
    } catch (SignInFailed e) {
      LOG.warn("somebody cannot sign in: the provider fails: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private CompletionStage<Ended> enter(Optional<String> user, String to) {
    if (user.isEmpty()) {
      return CompletableFuture.completedFuture(new Ended.Failed());
    }
    String cookie = Cookies.secret();
    Instant until = clock.instant().plus(LASTS);
    String body =
        Json.object().put("user", user.get()).put("until", until.toEpochMilli()).toString();
    return store
        .put(entered(cookie), body, until)
        .thenApply(done -> new Ended.In(user.get(), cookie, to));
  }

  @Override
  public CompletionStage<Optional<Caller.User>> find(HttpRequest request) {
    String id = id(request);
    return id == null
        ? CompletableFuture.completedFuture(Optional.empty())
        : store
            .find(id, clock.instant())
            .thenApply(
                found ->
                    found.map(
                        body -> {
                          JsonNode in = Json.parse(body.getBytes(UTF_8));
                          return new Caller.User(
                              in.path("user").asText(),
                              Scope.USE,
                              Instant.ofEpochMilli(in.path("until").asLong()));
                        }));
  }

  /// The browser is known no longer, at any node.
  CompletionStage<?> leave(HttpRequest request) {
    String id = id(request);
    return id == null
        ? CompletableFuture.completedFuture(Optional.empty())
        : store.take(id, clock.instant()).thenAccept(gone -> open.end(id));
  }

  /// Which sign-in a request's cookie is of, be it still good or not; null for none.
  public static @Nullable String id(HttpRequest request) {
    String cookie = Cookies.of(request, Cookies.SIGNED_IN);
    return cookie == null ? null : entered(cookie);
  }

  /// Ends what those have open who signed out at another node.
  void endOpened() {
    for (String id : open.signIns()) {
      var _ =
          store
              .find(id, clock.instant())
              .thenAccept(
                  found -> {
                    if (found.isEmpty()) {
                      open.end(id);
                    }
                  });
    }
  }

  void forgetExpired() {
    // One that fails is as good as late.
    var _ = store.forgetExpired(clock.instant());
  }

  private static String begun(String cookie) {
    return Fingerprint.of("begun " + cookie);
  }

  private static String entered(String cookie) {
    return Fingerprint.of("entered " + cookie);
  }
}
