package dev.agentrooms.http.access;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public keys that a provider publishes (JWKS). They are cached, and fetched anew when they
/// are old or when a token names one that is not among them; never more often than every 30 s,
/// whatever tokens say.
final class KeySet {

  private static final Logger LOG = LoggerFactory.getLogger(KeySet.class);

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final long PAUSE_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long OLD_NANOS = Duration.ofMinutes(5).toNanos();

  /// @param at when they were fetched, by the nano clock
  private record Fetched(List<JWK> keys, long at) {}

  private final URI url;
  private final LongSupplier nanoClock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();
  private volatile @Nullable Fetched fetched;
  private @Nullable Long askedAt;
  private CompletableFuture<List<JWK>> asking = CompletableFuture.completedFuture(List.of());

  KeySet(URI url, LongSupplier nanoClock) {
    this.url = url;
    this.nanoClock = nanoClock;
  }

  /// The keys that may have signed a token.
  ///
  /// @param keyId as the token names it; null for any key
  CompletionStage<List<JWK>> candidates(@Nullable String keyId) {
    Fetched now = fetched;
    boolean isFresh = now != null && nanoClock.getAsLong() - now.at() < OLD_NANOS;
    if (now != null && isFresh && !of(now.keys(), keyId).isEmpty()) {
      return CompletableFuture.completedFuture(of(now.keys(), keyId));
    }
    return fetch().thenApply(keys -> of(keys, keyId));
  }

  private static List<JWK> of(List<JWK> keys, @Nullable String keyId) {
    return keys.stream().filter(key -> keyId == null || keyId.equals(key.getKeyID())).toList();
  }

  private synchronized CompletableFuture<List<JWK>> fetch() {
    long now = nanoClock.getAsLong();
    if (!asking.isDone()) {
      return asking;
    }
    Fetched known = fetched;
    if (askedAt != null && now - askedAt < PAUSE_NANOS) {
      return CompletableFuture.completedFuture(known == null ? List.of() : known.keys());
    }
    askedAt = now;
    asking =
        client
            .sendAsync(
                HttpRequest.newBuilder(url).timeout(TIMEOUT).build(),
                HttpResponse.BodyHandlers.ofString())
            .handle(
                (answer, failure) -> {
                  try {
                    if (answer == null || answer.statusCode() != 200) {
                      throw new ParseException(
                          answer == null ? String.valueOf(failure) : "" + answer.statusCode(), 0);
                    }
                    List<JWK> keys = JWKSet.parse(answer.body()).getKeys();
                    fetched = new Fetched(keys, nanoClock.getAsLong());
                    return keys;
                  } catch (ParseException e) {
                    LOG.warn("there are no keys at {}: {}", url, e.getMessage());
                    return known == null ? List.<JWK>of() : known.keys();
                  }
                });
    return asking;
  }
}
