package dev.agentrooms.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// A client's command on its WebSocket.
public sealed interface ClientCommand {

  /// @param after the last `seq` that the client has seen; live events only when absent
  /// @param epoch the epoch that `after` belongs to; the room's present one when absent
  /// @param token the room token, where rooms need one
  /// @param deltas whether text is to be shown while it is being written
  record Subscribe(
      String sessionId,
      @Nullable Long after,
      @Nullable String epoch,
      @Nullable String token,
      boolean deltas)
      implements ClientCommand {}

  record Unsubscribe(String sessionId) implements ClientCommand {}

  record Ping() implements ClientCommand {}

  /// @throws MalformedJson when `utf8` is not JSON
  /// @throws InvalidField naming the invalid member; `cmd` for an unknown command
  static ClientCommand parse(byte[] utf8) {
    JsonNode node = Json.parse(utf8);
    if (!node.isObject()) {
      throw new InvalidField("", "A command must be a JSON object.");
    }
    Fields fields = Fields.of(node);
    return switch (fields.text("cmd", 1, 64)) {
      case "subscribe" ->
          new Subscribe(
              fields.sessionId(),
              fields.optionalLong("after", 0, Long.MAX_VALUE),
              fields.optionalText("epoch", 1, 128),
              fields.optionalText("token", 1, 8192),
              fields.flag("deltas", true));
      case "unsubscribe" -> new Unsubscribe(fields.sessionId());
      case "ping" -> new Ping();
      default -> throw new InvalidField("cmd", "cmd must be subscribe, unsubscribe or ping");
    };
  }
}
