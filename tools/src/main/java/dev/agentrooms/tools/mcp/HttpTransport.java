package dev.agentrooms.tools.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.ToolClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Streamable HTTP: each message is a POST, and its answer is JSON or an event stream. What the
/// server says of itself comes over a GET that stays open, where the server offers one.
///
/// After the handshake each request names the version, and the session if the server has given one.
/// A 404 then means that the server has forgotten the session, and that a new one has to begin.
final class HttpTransport implements McpTransport {

  static final String SESSION = "Mcp-Session-Id";

  // By the protocol, visible ASCII characters.
  private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]{1,1024}");

  private final McpServer server;
  private final URI url;
  private final ToolClient client;
  private final int maxSize;
  private final Listener listener;
  private final Set<HttpExchange> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String session;
  private volatile @Nullable String version;
  private volatile boolean isClosed;

  /// @param maxSize the longest message, in bytes
  HttpTransport(McpServer server, URI url, ToolClient client, int maxSize, Listener listener) {
    this.server = server;
    this.url = url;
    this.client = client;
    this.maxSize = maxSize;
    this.listener = listener;
  }

  @Override
  public Sent send(ObjectNode message, Map<String, String> headers) {
    HttpRequest.Builder request =
        request()
            .header("Accept", "application/json, text/event-stream")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(Json.encode(message)));
    headers.forEach(request::setHeader);
    Long id = message.has("method") && message.has("id") ? message.get("id").asLong() : null;
    HttpExchange exchange = new HttpExchange(this, request.build(), id, maxSize);
    begin(exchange, "mcp-request");
    return exchange;
  }

  private void begin(HttpExchange exchange, String name) {
    open.add(exchange);
    exchange.over().whenComplete((done, failure) -> open.remove(exchange));
    exchange.start(name);
  }

  HttpRequest.Builder request() {
    HttpRequest.Builder request = HttpRequest.newBuilder(url);
    server.headers().forEach(request::setHeader);
    if (session != null) {
      request.setHeader(SESSION, session);
    }
    if (version != null) {
      request.setHeader("MCP-Protocol-Version", version);
    }
    return request;
  }

  /// A GET of what goes on after an event.
  HttpRequest resumption(String lastEventId) {
    HttpRequest.Builder request = request().header("Accept", "text/event-stream").GET();
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    return request.build();
  }

  ToolClient client() {
    return client;
  }

  Listener listener() {
    return listener;
  }

  /// The head of an answer has come. Only that of the handshake brings a session.
  ///
  /// @return false when the session has a name that cannot be sent back
  boolean headed(HttpResponse<?> answer) {
    if (version != null || session != null) {
      return true;
    }
    String given = answer.headers().firstValue(SESSION).orElse(null);
    if (given != null && !NAME.matcher(given).matches()) {
      return false;
    }
    session = given;
    return true;
  }

  /// Whether the server has forgotten the session that this answer was asked in.
  boolean isForgotten(HttpResponse<?> answer) {
    boolean isForgotten = answer.statusCode() == 404 && session != null;
    if (isForgotten) {
      session = null;
      listener.closed(McpFailure.forgotten());
    }
    return isForgotten;
  }

  @Override
  public void begin(String protocolVersion) {
    version = protocolVersion;
    begin(HttpExchange.listening(this, resumption(""), maxSize), "mcp-listener");
  }

  boolean isClosed() {
    return isClosed;
  }

  /// Ends the session, where there is one.
  @Override
  public CompletableFuture<Void> close() {
    isClosed = true;
    open.forEach(Sent::abort);
    if (session == null) {
      return CompletableFuture.completedFuture(null);
    }
    HttpRequest request = request().DELETE().timeout(Duration.ofSeconds(2)).build();
    session = null;
    return client.send(request, HttpResponse.BodyHandlers.discarding()).handle((_, _) -> null);
  }
}
