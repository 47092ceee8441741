package dev.agentrooms.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Carries the messages of one connection.
interface McpTransport {

  /// Hears the server.
  interface Listener {

    void message(JsonNode message);

    /// The answer to the request with this id came, and cannot be read.
    void unreadable(long id, McpFailure why);

    /// Nothing comes any more. May be called repeatedly.
    void closed(McpFailure why);
  }

  /// A message on its way.
  interface Sent {

    /// Completes when nothing is held for it any more: over HTTP when its answer has ended, else
    /// when it is written. Exceptionally with a [McpFailure].
    CompletableFuture<Void> over();

    /// Gives up what is held, and closes the connection that it has to itself.
    void abort();
  }

  /// @param headers sent with it, where there are headers
  Sent send(ObjectNode message, Map<String, String> headers);

  /// The version and the session are agreed on.
  void begin(String protocolVersion);

  /// Completes when nothing is left of it.
  CompletableFuture<Void> close();
}
