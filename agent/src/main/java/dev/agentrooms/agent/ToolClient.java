package dev.agentrooms.agent;

import dev.agentrooms.http.LastingClient;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// The HTTP client of the tools, which is replaced after an answer that is no HTTP.
///
/// The JDK's client forgets a connection whose answer it cannot read, but does not close it before
/// it is shut down itself. So the old client takes no more requests, what is under way on it runs
/// to its end, and then all of its connections close.
final class ToolClient {

  private final LastingClient client;

  ToolClient(Supplier<HttpClient> maker) {
    this.client = new LastingClient(maker);
  }

  /// The future of the exchange itself, whose cancelling closes the connection.
  synchronized <T> CompletableFuture<HttpResponse<T>> send(
      HttpRequest request, BodyHandler<T> handler) {
    HttpClient used = client.get();
    CompletableFuture<HttpResponse<T>> exchange = used.sendAsync(request, handler);
    exchange.whenComplete(
        (answer, failure) -> {
          if (failure != null && isNoHttp(failure)) {
            retire(used);
          }
        });
    return exchange;
  }

  // Not between a request's choice of its client and its start.
  private synchronized void retire(HttpClient used) {
    client.retire(used);
  }

  private static boolean isNoHttp(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof ProtocolException
        || !(cause instanceof IOException || cause instanceof CancellationException);
  }
}
