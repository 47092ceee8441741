package dev.agentrooms.http;

import java.net.http.HttpClient;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The JDK's HTTP client, made anew once it has died.
///
/// One thread of a client, its selector manager, reads and writes for all of its connections. If
/// that ends, for whatever reason, every later request fails, and nothing brings it back.
public final class LastingClient {

  private static final Logger LOG = LoggerFactory.getLogger(LastingClient.class);

  private final Supplier<HttpClient> maker;
  private volatile HttpClient client;

  public LastingClient(Supplier<HttpClient> maker) {
    this.maker = maker;
    this.client = maker.get();
  }

  /// One that lives.
  public HttpClient get() {
    HttpClient known = client;
    return known.isTerminated() ? replaced(known) : known;
  }

  @SuppressWarnings("ReferenceEquality") // the very same is meant
  private synchronized HttpClient replaced(HttpClient dead) {
    if (client == dead) {
      LOG.error("an HTTP client has died; another takes its place");
      client = maker.get();
    }
    return client;
  }

  /// Takes no more requests to the present client, whose exchanges go on to their ends, and then
  /// all of its connections close.
  ///
  /// @param used nothing happens unless it is the present one
  @SuppressWarnings("ReferenceEquality") // the very same is meant
  public synchronized void retire(HttpClient used) {
    if (client == used) {
      client = maker.get();
      used.shutdown();
    }
  }
}
