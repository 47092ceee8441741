package dev.agentrooms.tools;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The HTTP client for tools, which is replaced after an answer that is not HTTP.
///
/// The JDK's client leaks a connection whose answer it cannot parse until the client itself is
/// shut down. So the old client is shut down gracefully: it gets no more requests, completes those
/// in flight, and then closes its connections.
public final class ToolClient {

  private final Supplier<HttpClient> present;
  private final Consumer<HttpClient> replace;

  /// @param present gives the client to use
  /// @param replace shuts a client down and replaces it, if it is the present one
  public ToolClient(Supplier<HttpClient> present, Consumer<HttpClient> replace) {
    this.present = present;
    this.replace = replace;
  }

  /// A new client for tools.
  ///
  /// HTTP/1.1 only: an upgrade offer confuses simple servers, and cancelling an HTTP/2 stream does
  /// not close the connection, which is what tells a tool to stop. Redirects are not followed.
  public static HttpClient newHttpClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  /// The original future of the exchange: cancelling it closes the connection.
  public synchronized <T> CompletableFuture<HttpResponse<T>> send(
      HttpRequest request, BodyHandler<T> handler) {
    HttpClient used = present.get();
    CompletableFuture<HttpResponse<T>> exchange = used.sendAsync(request, handler);
    exchange.whenComplete(
        (answer, failure) -> {
          if (failure != null && isNoHttp(failure)) {
            retire(used);
          }
        });
    return exchange;
  }

  // Locked, so that a client is not replaced between its choice and the start of the request.
  private synchronized void retire(HttpClient used) {
    replace.accept(used);
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
