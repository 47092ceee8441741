package dev.agentrooms.http;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.Route;

/// Binds routes to an address, and unbinds them when the system shuts down.
public final class HttpServer {

  private HttpServer() {}

  /// Completes with the address that was bound, or with a [BadSetting] that says why it was not.
  public static CompletionStage<InetSocketAddress> start(
      ActorSystem<?> system, HttpAddress address, Route routes) {
    return Http.get(system)
        .newServerAt(address.host(), address.port())
        .bind(routes)
        .handle(
            (binding, failure) -> {
              if (failure != null) {
                throw new CompletionException(refusal(address, failure));
              }
              ServerBinding bound = binding.addToCoordinatedShutdown(Duration.ofSeconds(2), system);
              return bound.localAddress();
            });
  }

  private static Throwable refusal(HttpAddress address, Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof BindException) {
        return address.taken();
      }
    }
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
