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

/// The HTTP client of the tools, which is replaced after an answer that is no HTTP.
///
/// The JDK's client forgets a connection whose answer it cannot read, but does not close it before
/// it is shut down itself. So the old client takes no more requests, what is under way on it runs
/// to its end, and then all of its connections close.
public final class ToolClient {

  private final Supplier<HttpClient> present;
  private final Consumer<HttpClient> replace;

  /// @param present the client to use, which lives
  /// @param replace shuts a client down and puts another in its place, if it is the present one
  public ToolClient(Supplier<HttpClient> present, Consumer<HttpClient> replace) {
    this.present = present;
    this.replace = replace;
  }

  /// A client as tools need it.
  ///
  /// HTTP/1.1 only: an upgrade offer confuses simple servers, and a cancelled HTTP/2 stream would
  /// not close the connection that tells a tool to stop. Redirects are an answer that no tool
  /// should give.
  public static HttpClient newHttpClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  /// The future of the exchange itself, whose cancelling closes the connection.
  synchronized <T> CompletableFuture<HttpResponse<T>> send(
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

  // Not between a request's choice of its client and its start.
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
