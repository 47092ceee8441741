package dev.agentrooms.adapters.agui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Fields;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.RunId;
import dev.agentrooms.protocol.SessionId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client sends: `RunAgentInput`. Its tools, context and state are of no use here.
///
/// @param question the last message of the user; null when there is none
/// @param runId null only where the client leaves the choice
/// @param resume answers to what a person was asked
/// @param forwarded what the native API takes beside the question
/// @param endsWithItsReaders whether the run is cancelled when its last such reader disconnects
record RunInput(
    String threadId,
    @Nullable String runId,
    @Nullable String question,
    List<Resume> resume,
    ObjectNode forwarded,
    boolean endsWithItsReaders) {

  private static final List<String> FORWARDED =
      List.of("on_busy", "num_questions", "workflow", "input", "submission");

  RunInput {
    resume = List.copyOf(resume);
  }

  /// An answer to one interrupt.
  record Resume(String interruptId, boolean isCancelled, @Nullable JsonNode payload) {

    /// As `POST /api/agent/answer` takes it. A payload is the decision itself, an object with one,
    /// or the value.
    ObjectNode answer(String sessionId, String runId) {
      ObjectNode answer =
          Json.object()
              .put("session_id", sessionId)
              .put("run_id", runId)
              .put("input_id", interruptId);
      if (isCancelled) {
        return answer.put("decision", "reject");
      }
      return switch (payload) {
        case null -> answer.put("decision", "approve");
        case JsonNode said when said.isBoolean() -> answer.put("decision", word(said));
        case ObjectNode said when said.path("decision").isTextual() -> {
          answer.set("decision", said.get("decision"));
          yield with(answer, said, "value");
        }
        case ObjectNode said when said.path("approved").isBoolean() ->
            with(answer.put("decision", word(said.get("approved"))), said, "editedArgs");
        case JsonNode value -> answer.put("decision", "approve").set("value", value);
      };
    }

    private static String word(JsonNode isApproved) {
      return isApproved.booleanValue() ? "approve" : "reject";
    }

    private static ObjectNode with(ObjectNode answer, ObjectNode said, String value) {
      if (said.hasNonNull(value)) {
        answer.set("value", said.get(value));
      }
      if (said.hasNonNull("comment")) {
        answer.set("comment", said.get("comment"));
      }
      return answer;
    }
  }

  /// @throws InvalidField naming the first member that is missing or wrong
  static RunInput of(ObjectNode body, boolean mustNameTheRun) {
    Fields fields = Fields.of(body);
    String threadId =
        SessionId.checked("threadId", fields.text("threadId", 1, SessionId.MAX_LENGTH));
    String runId =
        mustNameTheRun
            ? fields.text("runId", 1, SessionId.MAX_LENGTH)
            : fields.optionalText("runId", 1, SessionId.MAX_LENGTH);
    if (runId != null) {
      RunId.checked("runId", runId);
    }
    List<Resume> resume = new ArrayList<>();
    if (fields.value("resume") != null) {
      resume.addAll(fields.objects("resume", RunInput::resume));
    }
    return new RunInput(
        threadId,
        runId,
        question(body.path("messages")),
        resume,
        forwarded(fields),
        body.path("forwardedProps").path("on_disconnect").asText().equals("cancel"));
  }

  private static Resume resume(Fields entry) {
    String status = entry.text("status", 1, 100);
    if (!status.equals("resolved") && !status.equals("cancelled")) {
      throw entry.invalid("status", "must be resolved or cancelled");
    }
    return new Resume(
        entry.text("interruptId", 1, 1000), status.equals("cancelled"), entry.value("payload"));
  }

  private static ObjectNode forwarded(Fields fields) {
    JsonNode given = fields.value("forwardedProps");
    ObjectNode forwarded = Json.object();
    for (String name : FORWARDED) {
      if (given != null && given.hasNonNull(name)) {
        forwarded.set(name, given.get(name));
      }
    }
    return forwarded;
  }

  private static @Nullable String question(JsonNode messages) {
    String question = null;
    for (JsonNode message : messages) {
      if (message.path("role").asText().equals("user")) {
        question = text(message.path("content"));
      }
    }
    return question;
  }

  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    List<String> parts = new ArrayList<>();
    for (JsonNode part : content) {
      if (part.path("type").asText().equals("text") && part.path("text").isTextual()) {
        parts.add(part.path("text").textValue());
      }
    }
    return String.join("\n", parts);
  }
}
