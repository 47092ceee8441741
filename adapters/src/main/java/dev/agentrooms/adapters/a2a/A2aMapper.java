package dev.agentrooms.adapters.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Happening.Written;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.StepWords;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run as the updates of its task: a status for each event, a piece of an artifact for each
/// piece of a text, and the result as an artifact before the last status.
final class A2aMapper {

  private final TaskId id;

  A2aMapper(TaskId id) {
    this.id = id;
  }

  /// @param position `epoch:seq`; null for what has none of its own
  record Update(@Nullable String position, ObjectNode body) {}

  List<Update> on(Happening happening) {
    return switch (happening) {
      case Written piece -> List.of(new Update(null, written(piece)));
      case Told told when isSuccess(told) ->
          List.of(new Update(null, result(told)), new Update(position(told), status(told)));
      case Told told -> List.of(new Update(position(told), status(told)));
    };
  }

  static String position(Told told) {
    return told.epoch() + ":" + told.seq();
  }

  private static boolean isSuccess(Told told) {
    return told.step().equals(StepWords.FINAL_ANSWER) && !hasFailed(told);
  }

  private static boolean hasFailed(Told told) {
    return told.meta().path("status").asText().equals("failed");
  }

  private ObjectNode status(Told told) {
    ObjectNode update = update();
    ObjectNode status = update.putObject("status").put("state", state(told));
    ObjectNode message =
        Tasks.message(
            id, told.event().path("event_id").asText(), told.event().path("message").asText());
    message
        .withArray("parts")
        .addObject()
        .put("mediaType", "application/json")
        .set("data", told.progress());
    status.set("message", message);
    status.set("timestamp", told.event().path("ts"));
    update
        .putObject("metadata")
        .putObject("agentRooms")
        .put("eventId", told.event().path("event_id").asText())
        .put("seq", told.seq())
        .put("epoch", told.epoch())
        .put("step", told.step())
        .put("cursor", position(told));
    return Json.object().set("statusUpdate", update);
  }

  private static String state(Told told) {
    return switch (told.step()) {
      case StepWords.QUEUED -> "TASK_STATE_SUBMITTED";
      case StepWords.INPUT_REQUIRED -> "TASK_STATE_INPUT_REQUIRED";
      case StepWords.CANCELLED -> "TASK_STATE_CANCELED";
      case StepWords.FINAL_ANSWER -> hasFailed(told) ? "TASK_STATE_FAILED" : "TASK_STATE_COMPLETED";
      default -> "TASK_STATE_WORKING";
    };
  }

  private ObjectNode result(Told told) {
    JsonNode meta = told.meta();
    JsonNode result = meta.has("result") ? meta.get("result") : pointer(meta);
    ObjectNode update = update();
    update.set("artifact", Tasks.artifact(id, meta.path("text").textValue(), result));
    update.put("append", false).put("lastChunk", true);
    return Json.object().set("artifactUpdate", update);
  }

  private static ObjectNode pointer(JsonNode meta) {
    ObjectNode pointer = Json.object();
    pointer.set("resultUrl", meta.path("result_url"));
    return pointer.set("bytes", meta.path("result_bytes"));
  }

  private ObjectNode written(Written piece) {
    ObjectNode update = update();
    ObjectNode artifact =
        update
            .putObject("artifact")
            .put("artifactId", "text-" + piece.part())
            .put("name", piece.part());
    Tasks.text(artifact.putArray("parts"), piece.text());
    update.put("append", piece.index() > 0).put("lastChunk", false);
    return Json.object().set("artifactUpdate", update);
  }

  private ObjectNode update() {
    return Json.object().put("taskId", id.toString()).put("contextId", id.sessionId());
  }
}
