package dev.agentrooms.app;

import dev.agentrooms.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.NullUnmarked;

/// An HTTP client that validates everything it sends and receives against the API documents,
/// WebSockets included: an undocumented exchange fails its test.
///
/// Bodies are looked at when they are read as bytes or as a string.
@NullUnmarked
final class ContractCheckingClient extends HttpClient {

  private static final Contract SHARED = new Contract();

  private final HttpClient client;
  private final Contract contract;

  ContractCheckingClient(HttpClient client, Contract contract) {
    this.client = client;
    this.contract = contract;
  }

  /// To be used in place of [HttpClient#newHttpClient()].
  static HttpClient create() {
    return new ContractCheckingClient(HttpClient.newHttpClient(), SHARED);
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return checked(request, client.send(request, handler));
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    return client.sendAsync(request, handler).thenApply(answer -> checked(request, answer));
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      HttpResponse.BodyHandler<T> handler,
      HttpResponse.PushPromiseHandler<T> pushHandler) {
    return client
        .sendAsync(request, handler, pushHandler)
        .thenApply(answer -> checked(request, answer));
  }

  private <T> HttpResponse<T> checked(HttpRequest request, HttpResponse<T> answer) {
    contract.check(
        new Contract.Exchange(
            request.method(),
            request.uri(),
            request.headers(),
            sent(request),
            answer.statusCode(),
            answer.headers(),
            bytes(answer.body())));
    return answer;
  }

  private static Optional<byte[]> bytes(Object body) {
    return switch (body) {
      case byte[] bytes -> Optional.of(bytes);
      case String text -> Optional.of(text.getBytes(StandardCharsets.UTF_8));
      case null, default -> Optional.empty();
    };
  }

  private static byte[] sent(HttpRequest request) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    request.bodyPublisher().ifPresent(publisher -> publisher.subscribe(new Collector(bytes)));
    return bytes.toByteArray();
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    return new WebSocket.Builder() {
      @Override
      public WebSocket.Builder header(String name, String value) {
        builder.header(name, value);
        return this;
      }

      @Override
      public WebSocket.Builder connectTimeout(Duration timeout) {
        builder.connectTimeout(timeout);
        return this;
      }

      @Override
      public WebSocket.Builder subprotocols(String preferred, String... others) {
        builder.subprotocols(preferred, others);
        return this;
      }

      @Override
      public CompletableFuture<WebSocket> buildAsync(URI uri, WebSocket.Listener listener) {
        return builder.buildAsync(uri, new CheckingListener(listener));
      }
    };
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return client.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return client.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return client.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return client.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return client.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return client.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return client.authenticator();
  }

  @Override
  public Version version() {
    return client.version();
  }

  @Override
  public Optional<Executor> executor() {
    return client.executor();
  }

  /// A message that the documents do not know ends the socket with an error.
  private final class CheckingListener implements WebSocket.Listener {

    private final WebSocket.Listener listener;
    private final StringBuilder message = new StringBuilder();

    CheckingListener(WebSocket.Listener listener) {
      this.listener = listener;
    }

    @Override
    public void onOpen(WebSocket socket) {
      listener.onOpen(socket);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        byte[] whole = message.toString().getBytes(StandardCharsets.UTF_8);
        message.setLength(0);
        contract.checkMessage(Json.parse(whole));
      }
      return listener.onText(socket, data, last);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      throw new AssertionError("the documents know no binary message");
    }

    @Override
    public CompletionStage<?> onPing(WebSocket socket, ByteBuffer payload) {
      return listener.onPing(socket, payload);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer payload) {
      return listener.onPong(socket, payload);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      contract.checkClose(code);
      return listener.onClose(socket, code, reason);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      listener.onError(socket, error);
    }
  }

  private record Collector(ByteArrayOutputStream bytes) implements Flow.Subscriber<ByteBuffer> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer part) {
      byte[] copy = new byte[part.remaining()];
      part.duplicate().get(copy);
      bytes.writeBytes(copy);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
