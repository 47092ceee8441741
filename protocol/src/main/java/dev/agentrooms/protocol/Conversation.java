package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of `GET /api/agent/sessions/{id}/messages`: what was asked and answered, oldest first.
///
/// @param next what to pass as `after` for the page behind this one; absent on the last
public record Conversation(List<Message> messages, @Nullable String next) {

  public Conversation {
    messages = List.copyOf(messages);
  }

  /// A question, or what became of it.
  ///
  /// @param id `m-RUN-q` of the question, `m-RUN-a` of the answer
  /// @param text absent when it is longer than 64 KiB
  /// @param textBytes its size then
  /// @param status how the run ended; only an answer has one
  public record Message(
      String id,
      Role role,
      @Nullable String text,
      @Nullable Integer textBytes,
      String runId,
      Instant at,
      @Nullable RunStatus status) {}

  /// Whose message it is.
  public enum Role {
    @JsonProperty("user")
    USER,
    @JsonProperty("assistant")
    ASSISTANT
  }
}
