package dev.agentrooms.adapters.langgraph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Happening.Written;
import dev.agentrooms.adapters.langgraph.Shown.Kind;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.StepWords;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run as LangGraph's streams show it. The same happenings give the same events with the same
/// ids, whoever reads and however late: what a reader asks for is taken from these.
///
/// So `intent_determined` at place 7 of the room gives 7.0 `metadata`, 7.1 the start, 7.2 `values`
/// and 7.3 `custom`; a text that is written behind it goes on with 7.4.
final class LangGraphMapper {

  private final String threadId;
  private final String runId;
  private final RunText text;
  private ArrayNode messages = Messages.none();
  private boolean hasMetadata;
  private boolean hasStarted;
  private String epoch = "";
  private long seq;
  private long at;
  private int k;
  private List<Shown> shown = new ArrayList<>();

  LangGraphMapper(String threadId, String runId) {
    this.threadId = threadId;
    this.runId = runId;
    this.text = new RunText(runId);
  }

  /// Whether the thread's messages have to be told before this happening: those up to the run's
  /// question, as they are when the run starts.
  boolean wantsMessages(Happening happening) {
    return !hasStarted && happening instanceof Told told && !told.step().equals(StepWords.QUEUED);
  }

  void messages(ArrayNode upToTheQuestion) {
    messages = upToTheQuestion;
  }

  List<Shown> on(Happening happening) {
    shown = new ArrayList<>();
    switch (happening) {
      case Told told -> on(told);
      case Written piece -> text.on(piece.text(), this::show);
    }
    return shown;
  }

  private void show(Kind kind, JsonNode data) {
    shown.add(new Shown(epoch, seq, k, at, kind, data));
    k++;
  }

  private void on(Told told) {
    epoch = told.epoch();
    seq = told.seq();
    k = 0;
    at = Views.millis(told.event().path("ts").asText());
    if (!hasMetadata) {
      hasMetadata = true;
      show(Kind.METADATA, Json.object().put("run_id", runId).put("thread_id", threadId));
    }
    if (!hasStarted && !told.step().equals(StepWords.QUEUED)) {
      start(told);
    }
    text.before(told);
    show(Kind.CUSTOM, told.progress());
    tools(told);
    people(told);
    if (told.isTerminal()) {
      end(told);
    }
  }

  private void start(Told told) {
    hasStarted = true;
    JsonNode question = told.meta().path("question");
    if (messages.isEmpty() && question.isTextual()) {
      // Of a session that is gone nothing else is known.
      messages = Messages.none().add(Messages.human(runId, question.textValue()));
    }
    if (!told.isTerminal()) {
      show(Kind.STARTED, lifecycle("started"));
      show(Kind.VALUES, values());
    }
  }

  private ObjectNode lifecycle(String event) {
    return Json.object().put("event", event).put("run_id", runId).put("graph_name", Views.GRAPH);
  }

  private ObjectNode values() {
    ObjectNode values = Json.object();
    values.set("messages", messages.deepCopy());
    return values;
  }

  private void tools(Told told) {
    String call = told.meta().path("call_id").asText("");
    String tool = told.event().path("tool").asText("");
    if (call.isEmpty() || tool.isEmpty()) {
      return;
    }
    ObjectNode data = Json.object().put("tool_call_id", call);
    if (told.step().startsWith("start_")) {
      data.put("event", "tool-started").put("tool_name", tool);
      show(Kind.TOOL, data.set("input", whole(told.meta(), "input")));
    } else if (told.step().equals(StepWords.TOOL_ERROR)) {
      data.put("event", "tool-error").put("message", told.event().path("message").asText());
      show(Kind.TOOL, data);
    } else if (told.step().endsWith("_done")) {
      JsonNode output = output(told.meta());
      show(Kind.UPDATES, Json.object().set(tool, output));
      show(Kind.TOOL, data.put("event", "tool-finished").set("output", output));
    }
  }

  private static JsonNode output(JsonNode meta) {
    boolean isText = !meta.has("output") && !meta.has("output_bytes") && meta.has("text");
    return whole(meta, isText ? "text" : "output");
  }

  /// A member of `meta`, or its size where it was too large to be shown.
  private static JsonNode whole(JsonNode meta, String name) {
    JsonNode bytes = meta.path(name + "_bytes");
    if (meta.has(name)) {
      return meta.path(name);
    }
    return bytes.isNumber() ? Json.object().set("bytes", bytes) : Json.mapper().nullNode();
  }

  private void people(Told told) {
    if (told.step().equals(StepWords.INPUT_REQUIRED)) {
      ObjectNode interrupt = Views.interrupt(told.meta());
      ArrayNode interrupts = Messages.none().add(interrupt);
      show(Kind.UPDATES, Json.object().set("__interrupt__", interrupts));
      show(Kind.VALUES, values().set("__interrupt__", interrupts));
      ObjectNode asked = Json.object().put("interrupt_id", interrupt.path("id").asText());
      show(Kind.ASKED, asked.set("payload", interrupt.path("value")));
      show(Kind.ENDED, lifecycle("interrupted"));
    } else if (told.step().equals(StepWords.INPUT_RECEIVED)) {
      ObjectNode answered = Json.object();
      answered.putArray("interrupt_ids").add(told.meta().path("input_id").asText());
      show(Kind.ANSWERED, answered);
      show(Kind.STARTED, lifecycle("started"));
      show(Kind.VALUES, values());
    }
  }

  private void end(Told told) {
    JsonNode meta = told.meta();
    String status =
        Views.status(told.step().equals(StepWords.CANCELLED) ? "cancelled" : status(meta));
    ObjectNode values = Json.object();
    if (status.equals("success")) {
      String answer = meta.path("text").asText("");
      text.end(answer, this::show);
      messages = messages.deepCopy().add(Messages.ai(runId, answer));
      values = values();
      values.set("result", whole(meta, "result"));
    } else {
      text.end(null, this::show);
      values = values();
    }
    show(Kind.VALUES, values.put("run_id", runId));
    ObjectNode over = lifecycle(event(status));
    if (status.equals("error")) {
      ObjectNode error = Views.error(meta.path("reason"), told.event().path("message").asText());
      show(Kind.ERROR, error);
      over.set("error", error.path("message"));
    }
    show(Kind.ENDED, over);
    show(Kind.END, end(status));
  }

  private static String status(JsonNode meta) {
    return meta.path("status").asText();
  }

  private static String event(String status) {
    return switch (status) {
      case "success" -> "completed";
      case "error" -> "failed";
      default -> "interrupted";
    };
  }

  private ObjectNode end(String status) {
    return Json.object().put("run_id", runId).put("status", status);
  }

  /// The end of a stream whose run waits for a person, which goes on once one has answered.
  Shown pause() {
    return new Shown(epoch, seq, k, at, Kind.END, end("interrupted"));
  }

  /// Which input the run has just asked for, and waits for unless somebody has answered since.
  static @Nullable String asked(Happening happening) {
    return happening instanceof Told told && told.step().equals(StepWords.INPUT_REQUIRED)
        ? told.meta().path("input_id").asText()
        : null;
  }
}
