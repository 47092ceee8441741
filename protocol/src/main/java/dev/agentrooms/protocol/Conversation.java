package dev.agentrooms.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of `GET /api/agent/sessions/{id}/messages`: questions and answers, oldest first.
///
/// @param next the `after` of the next page; absent on the last page
public record Conversation(List<Message> messages, @Nullable String next) {

  public Conversation {
    messages = List.copyOf(messages);
  }

  /// A question, or its answer.
  ///
  /// @param id `m-RUN-q` of the question, `m-RUN-a` of the answer
  /// @param text absent when it has more than 64 KiB
  /// @param textBytes the size of a text that is absent
  /// @param status how the run ended; only an answer has one
  public record Message(
      String id,
      Role role,
      @Nullable String text,
      @Nullable Integer textBytes,
      String runId,
      Instant at,
      @Nullable RunStatus status) {}

  /// The author of a message.
  public enum Role {
    @JsonProperty("user")
    USER,
    @JsonProperty("assistant")
    ASSISTANT
  }
}
