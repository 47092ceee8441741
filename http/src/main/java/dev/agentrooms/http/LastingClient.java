package dev.agentrooms.http;

import java.net.http.HttpClient;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A JDK HTTP client that is replaced when it has died.
///
/// One thread of a client, the selector manager, does the I/O of all its connections. If that
/// thread ends, every later request fails, and the client does not recover.
public final class LastingClient {

  private static final Logger LOG = LoggerFactory.getLogger(LastingClient.class);

  private final Supplier<HttpClient> maker;
  private volatile HttpClient client;

  public LastingClient(Supplier<HttpClient> maker) {
    this.maker = maker;
    this.client = maker.get();
  }

  /// A client whose thread is alive.
  public HttpClient get() {
    HttpClient known = client;
    return known.isTerminated() ? replaced(known) : known;
  }

  @SuppressWarnings("ReferenceEquality") // identity is meant
  private synchronized HttpClient replaced(HttpClient dead) {
    if (client == dead) {
      LOG.error("an HTTP client has died; another takes its place");
      client = maker.get();
    }
    return client;
  }

  /// Replaces the present client. Its exchanges are completed, then its connections are closed.
  ///
  /// @param used the client to replace; without effect if it has been replaced already
  @SuppressWarnings("ReferenceEquality") // identity is meant
  public synchronized void retire(HttpClient used) {
    if (client == used) {
      client = maker.get();
      used.shutdown();
    }
  }
}
