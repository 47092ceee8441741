package dev.agentrooms.adapters.aisdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AnswerParts;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Happening.Written;
import dev.agentrooms.adapters.ToolCalls;
import dev.agentrooms.adapters.ToolCalls.Seen;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.StepWords;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run as the chunks of a UI message: each of its events is a `data-progress`, around it what
/// it means for the message's tools and texts. The same happenings give the same chunks.
final class ChatMapper {

  private final String sessionId;
  private final String runId;
  private final ToolCalls calls = new ToolCalls();
  private final AnswerParts answerParts = new AnswerParts();
  private final StringBuilder written = new StringBuilder();
  private List<ObjectNode> chunks = new ArrayList<>();
  private String part = "";
  private boolean isWriting;
  private boolean begun;
  private boolean waiting;
  private boolean over;
  private @Nullable String answered;

  /// @param answered the input whose answer the chat has just sent: it has in its message already
  ///     what came before; null for all of the run
  ChatMapper(String sessionId, String runId, @Nullable String answered) {
    this.sessionId = sessionId;
    this.runId = runId;
    this.answered = answered;
  }

  /// Whether the run has asked a person, and has told of no answer.
  boolean isWaiting() {
    return waiting;
  }

  boolean isOver() {
    return over;
  }

  List<ObjectNode> on(Happening happening) {
    switch (happening) {
      case Told told -> tell(told);
      case Written piece -> write(piece);
    }
    List<ObjectNode> all = chunks;
    chunks = new ArrayList<>();
    if (answered == null) {
      return all;
    }
    if (!isAnswer(happening, answered)) {
      return List.of();
    }
    answered = null;
    all.addFirst(start());
    return all;
  }

  private static boolean isAnswer(Happening happening, String inputId) {
    return happening instanceof Told told
        && told.step().equals(StepWords.INPUT_RECEIVED)
        && told.meta().path("input_id").asText().equals(inputId);
  }

  /// The message as it begins, each time that it is read.
  private ObjectNode start() {
    ObjectNode start = chunk("start").put("messageId", "m-" + runId + "-a");
    start.putObject("messageMetadata").put("run_id", runId).put("session_id", sessionId);
    return start;
  }

  /// What ends the reading of a run that waits for a person: the chat sends the answer only when
  /// nothing is being read.
  static List<ObjectNode> pause() {
    return List.of(chunk("finish-step"), chunk("finish").put("finishReason", "tool-calls"));
  }

  private static ObjectNode chunk(String type) {
    return Json.object().put("type", type);
  }

  private void write(Written piece) {
    if (!answerParts.mayBe(piece.part())) {
      return;
    }
    if (isWriting && !part.equals(piece.part())) {
      endText();
    }
    if (!isWriting) {
      beginText(piece.part());
    }
    delta(piece.text());
  }

  private void beginText(String id) {
    isWriting = true;
    part = id;
    written.setLength(0);
    chunks.add(chunk("text-start").put("id", id));
  }

  private void delta(String text) {
    written.append(text);
    chunks.add(chunk("text-delta").put("id", part).put("delta", text));
  }

  private void endText() {
    if (isWriting) {
      isWriting = false;
      chunks.add(chunk("text-end").put("id", part));
    }
  }

  private void tell(Told told) {
    answerParts.on(told);
    if (!begun) {
      begun = true;
      chunks.add(start());
      chunks.add(chunk("start-step"));
    }
    if (told.meta().path("part").asText().equals(part) && !told.isTerminal()) {
      endText();
    }
    ObjectNode progress = chunk("data-progress").put("id", told.event().path("event_id").asText());
    chunks.add(progress.set("data", told.progress()));
    switch (told.step()) {
      case StepWords.INPUT_REQUIRED -> ask(told.meta());
      case StepWords.INPUT_RECEIVED -> answered(told.meta());
      case StepWords.FINAL_ANSWER -> end(told);
      case StepWords.CANCELLED -> cancelled(told);
      default -> step(told);
    }
  }

  private void step(Told told) {
    switch (calls.on(told)) {
      case Seen.Started(String callId, String name, JsonNode arguments) -> {
        ObjectNode started = chunk("tool-input-available").put("toolCallId", callId);
        started.put("toolName", name).set("input", arguments);
        if (told.meta().path("title").isTextual()) {
          started.set("title", told.meta().get("title"));
        }
        chunks.add(ofServer(started));
      }
      case Seen.Done(String callId, JsonNode output) -> {
        ObjectNode done = chunk("tool-output-available").put("toolCallId", callId);
        done.set("output", output);
        chunks.add(ofServer(done));
      }
      case Seen.Failed(String callId, String why, int _) -> failed(callId, why);
      case Seen.Nothing _ -> {}
    }
  }

  private void failed(String callId, String why) {
    chunks.add(
        ofServer(chunk("tool-output-error").put("toolCallId", callId).put("errorText", why)));
  }

  /// The client neither knows the tool nor has to run it.
  private static ObjectNode ofServer(ObjectNode chunk) {
    return chunk.put("providerExecuted", true).put("dynamic", true);
  }

  private void ask(JsonNode meta) {
    waiting = true;
    String callId = meta.path("call_id").asText();
    if (calls.open().contains(callId)) {
      chunks.add(
          chunk("tool-approval-request")
              .put("approvalId", meta.path("input_id").asText())
              .put("toolCallId", callId));
    }
  }

  private void answered(JsonNode meta) {
    waiting = false;
    if (calls.open().contains(meta.path("call_id").asText())) {
      ObjectNode response =
          chunk("tool-approval-response")
              .put("approvalId", meta.path("input_id").asText())
              .put("approved", meta.path("decision").asText().equals("approve"))
              .put("providerExecuted", true);
      if (meta.path("comment").isTextual()) {
        response.set("reason", meta.get("comment"));
      }
      chunks.add(response);
    }
  }

  private void end(Told told) {
    JsonNode meta = told.meta();
    boolean hasSucceeded = meta.path("status").asText().equals("succeeded");
    String error = meta.path("error").asText(told.message());
    close(error);
    if (hasSucceeded) {
      answer(meta.path("text").asText());
    }
    endText();
    chunks.add(chunk("finish-step"));
    if (!hasSucceeded) {
      chunks.add(chunk("error").put("errorText", error));
    }
    chunks.add(chunk("finish").put("finishReason", hasSucceeded ? "stop" : "error"));
    over = true;
  }

  /// What counts in the end, unless it is what was written last.
  private void answer(String text) {
    if (text.contentEquals(written) || text.isEmpty()) {
      return;
    }
    if (isWriting && text.startsWith(written.toString())) {
      delta(text.substring(written.length()));
      return;
    }
    endText();
    beginText("m-" + runId + "-a");
    delta(text);
  }

  private void cancelled(Told told) {
    close(told.message());
    endText();
    chunks.add(chunk("finish-step"));
    chunks.add(chunk("abort").put("reason", told.message()));
    over = true;
  }

  private void close(String why) {
    calls.open().forEach(callId -> failed(callId, why));
  }
}
