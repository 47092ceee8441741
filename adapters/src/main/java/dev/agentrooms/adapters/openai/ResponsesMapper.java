package dev.agentrooms.adapters.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.AnswerParts;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Happening.Written;
import dev.agentrooms.adapters.ToolCalls;
import dev.agentrooms.adapters.ToolCalls.Seen;
import dev.agentrooms.adapters.openai.ResponseEvents.Event;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.StepWords;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run as a response: each of its happenings becomes a few events of a response's stream, and
/// all of them together the response. The same happenings give the same bytes, live and in replay.
///
/// Only types of the client's union are used: its strict helper throws at any other.
final class ResponsesMapper {

  private record Place(int index, ObjectNode item) {}

  private final ResponseId id;
  private final ResponseState response;
  private final ResponseEvents events = new ResponseEvents();
  private final AnswerMessage message;
  private final AnswerParts answerParts = new AnswerParts();
  private final ToolCalls calls = new ToolCalls();
  private final Map<String, Place> items = new HashMap<>();
  private boolean begun;
  private boolean over;

  ResponsesMapper(ResponseId id, Instant createdAt) {
    this.id = id;
    this.response = new ResponseState(id, createdAt);
    this.message = new AnswerMessage(Items.answerId(id.runId()), response, events);
  }

  /// The run waits, and has told nothing yet.
  void queued() {
    response.status("queued");
  }

  /// The response as it is; whoever keeps it copies it.
  ObjectNode response() {
    return response.json();
  }

  boolean isOver() {
    return over;
  }

  List<Event> on(Happening happening) {
    switch (happening) {
      case Told told -> tell(told);
      case Written piece -> write(piece);
    }
    return events.take();
  }

  private void write(Written piece) {
    if (answerParts.mayBe(piece.part())) {
      events.from(
          Json.object()
              .put("type", "delta")
              .put("session_id", id.sessionId())
              .put("run_id", id.runId())
              .put("part", piece.part())
              .put("offset", piece.offset())
              .put("text", piece.text()));
      message.write(piece.part(), piece.text());
    }
  }

  private void tell(Told told) {
    answerParts.on(told);
    if (told.isAfterCrash()) {
      events.jump();
    }
    message.before(told);
    events.from(told.progress());
    boolean isQueued = told.step().equals(StepWords.QUEUED);
    if (!begun || told.step().equals(StepWords.INTENT_DETERMINED)) {
      response.status(isQueued ? "queued" : "in_progress");
    }
    if (!begun) {
      begun = true;
      lifecycle("created");
    }
    switch (told.step()) {
      case StepWords.QUEUED -> lifecycle("queued");
      case StepWords.INPUT_REQUIRED -> ask(told);
      case StepWords.FINAL_ANSWER -> end(told);
      case StepWords.CANCELLED -> cancelled(told);
      default -> step(told);
    }
  }

  private void lifecycle(String what) {
    events.add("response." + what, Json.object().set("response", response.json()));
  }

  private void step(Told told) {
    switch (calls.on(told)) {
      case Seen.Started call -> start(call);
      case Seen.Done(String callId, JsonNode output) -> done(callId, output);
      case Seen.Failed(String callId, String why, int status) ->
          failed(callId, Items.error(why, status), "failed");
      case Seen.Nothing _ -> lifecycle("in_progress");
    }
  }

  private void start(Seen.Started call) {
    ObjectNode item = Items.call(call);
    Place place = new Place(response.add(item), item);
    items.put(call.callId(), place);
    events.add("response.output_item.added", placed(place).set("item", item));
    events.add("response.mcp_call.in_progress", named(place));
    String arguments = Items.text(call.arguments());
    item.put("arguments", arguments);
    events.add("response.mcp_call_arguments.done", named(place).put("arguments", arguments));
  }

  private void done(String callId, @Nullable JsonNode output) {
    Place place = items.get(callId);
    if (place != null) {
      place.item().put("output", Items.output(output)).put("status", "completed");
      events.add("response.mcp_call.completed", named(place));
      events.add("response.output_item.done", placed(place).set("item", place.item()));
    }
  }

  private void failed(String callId, ObjectNode error, String status) {
    Place place = items.get(callId);
    if (place != null) {
      place.item().put("status", status).set("error", error);
      events.add("response.mcp_call.failed", named(place));
      events.add("response.output_item.done", placed(place).set("item", place.item()));
    }
  }

  private void ask(Told told) {
    ObjectNode item = Items.approvalRequest(told.meta());
    Place asking = items.get(told.meta().path("call_id").asText());
    if (asking != null) {
      asking.item().put("approval_request_id", item.path("id").asText());
    }
    Place place = new Place(response.add(item), item);
    events.add("response.output_item.added", placed(place).set("item", item));
    events.add("response.output_item.done", placed(place).set("item", item));
  }

  private void end(Told told) {
    JsonNode meta = told.meta();
    response.usage(meta.path("usage"));
    if (meta.path("status").asText().equals("succeeded")) {
      closeCalls("The run has ended.");
      message.complete(meta.path("text").asText());
      response.completed(at(told));
      lifecycle("completed");
    } else {
      String why = meta.path("error").asText(told.message());
      closeCalls(why);
      message.interrupt();
      response.failed(why);
      lifecycle("failed");
    }
    over = true;
  }

  private void cancelled(Told told) {
    response.usage(told.meta().path("usage"));
    closeCalls(told.message());
    message.interrupt();
    response.status("cancelled");
    lifecycle("incomplete");
    over = true;
  }

  private void closeCalls(String why) {
    calls.open().forEach(callId -> failed(callId, Items.error(why, 0), "incomplete"));
  }

  private static @Nullable Instant at(Told told) {
    try {
      return Instant.parse(told.event().path("ts").asText());
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static ObjectNode placed(Place place) {
    return Json.object().put("output_index", place.index());
  }

  private static ObjectNode named(Place place) {
    return placed(place).put("item_id", place.item().path("id").asText());
  }
}
