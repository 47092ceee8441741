package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// A server's message on a WebSocket, other than a progress event.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ServerMessage.Subscribed.class, name = "subscribed"),
  @JsonSubTypes.Type(value = ServerMessage.Unsubscribed.class, name = "unsubscribed"),
  @JsonSubTypes.Type(value = ServerMessage.Written.class, name = "delta"),
  @JsonSubTypes.Type(value = ServerMessage.Pong.class, name = "pong"),
  @JsonSubTypes.Type(value = ServerMessage.Error.class, name = "error"),
})
public sealed interface ServerMessage {

  /// @param seq the room's latest `seq` at that moment
  /// @param recovered whether all events after the client's position follow; absent when it gave
  ///     none
  /// @param firstSeq the oldest retained `seq`, when not recovered
  record Subscribed(
      String sessionId,
      String epoch,
      long seq,
      @Nullable Boolean recovered,
      @Nullable Long firstSeq)
      implements ServerMessage {}

  record Unsubscribed(String sessionId) implements ServerMessage {}

  /// A piece of a text that is being written, as [Delta] has it.
  record Written(String sessionId, String runId, String part, long offset, String text)
      implements ServerMessage {}

  record Pong() implements ServerMessage {}

  /// @param code an error code, such as `invalid_field`
  record Error(String code, String detail, @Nullable String field, @Nullable String sessionId)
      implements ServerMessage {}
}
