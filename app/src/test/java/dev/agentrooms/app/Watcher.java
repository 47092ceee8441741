package dev.agentrooms.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/// A client's WebSocket, and all that it has been told.
final class Watcher implements WebSocket.Listener, AutoCloseable {

  private final HttpClient client = ContractCheckingClient.create();
  private final List<JsonNode> received = new CopyOnWriteArrayList<>();
  private final StringBuilder partial = new StringBuilder();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private volatile String reason = "";
  private final WebSocket socket;

  Watcher(String webUi) {
    socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create(webUi.replaceFirst("^http", "ws") + "/ws"), this)
            .join();
  }

  /// A watcher that sits in the session's room and has been told so.
  static Watcher of(Stack stack, String sessionId) {
    Watcher watcher = new Watcher(stack.webUi());
    watcher.send("{\"cmd\":\"subscribe\",\"session_id\":\"" + sessionId + "\"}");
    watcher.await(told -> told.stream().anyMatch(m -> type(m).equals("subscribed")));
    return watcher;
  }

  void send(String text) {
    socket.sendText(text, true).join();
  }

  List<JsonNode> received() {
    return received;
  }

  /// The progress events so far.
  List<JsonNode> events() {
    return received.stream().filter(m -> type(m).equals("progress")).toList();
  }

  List<JsonNode> await(Predicate<List<JsonNode>> enough) {
    return Stack.await(() -> told(received), enough);
  }

  /// The progress events once `runs` of them end a run.
  List<JsonNode> untilEnded(int runs) {
    return Stack.await(
        () -> told(events()), events -> events.stream().filter(Stack::isTerminal).count() >= runs);
  }

  /// A message that is not what the documents say ends the socket; its test is to say so.
  private <T> T told(T messages) {
    if (closed.isCompletedExceptionally()) {
      closed.join();
    }
    return messages;
  }

  /// The code with which the server closed the socket.
  CompletableFuture<Integer> closed() {
    return closed;
  }

  /// What the server said when it closed the socket.
  String reason() {
    return reason;
  }

  static String type(JsonNode message) {
    return message.path("type").asText();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      received.add(Json.parse(partial.toString().getBytes(StandardCharsets.UTF_8)));
      partial.setLength(0);
    }
    from.request(1);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
    this.reason = reason;
    closed.complete(statusCode);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
  }

  @Override
  public void close() {
    socket.abort();
    client.close();
  }
}
