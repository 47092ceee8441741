package dev.agentrooms.adapters.agui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.adapters.Happening;
import dev.agentrooms.adapters.Happening.Told;
import dev.agentrooms.adapters.Happening.Written;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.StepWords;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One run as events of AG-UI. The same happenings give the same events, so that a stream can be
/// asked for again.
///
/// The answer is one message. Texts that the run writes stream into it as they are written; where
/// the answer turns out to be another text, a last snapshot says so.
final class AgUiMapper {

  private record Call(String step, String tool) {}

  private final String threadId;
  private final String shownId;
  private final String runId;
  private final List<ObjectNode> conversation = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private final Map<String, Call> open = new LinkedHashMap<>();
  private final StringBuilder written = new StringBuilder();
  private String part = "";
  private boolean isWriting;

  /// @param shownId what the client calls the run
  AgUiMapper(String threadId, String shownId, String runId) {
    this.threadId = threadId;
    this.shownId = shownId;
    this.runId = runId;
  }

  /// What comes before the first happening.
  ///
  /// @param messages of the session, up to this run's question
  List<ObjectNode> opened(List<JsonNode> messages) {
    for (JsonNode message : messages) {
      conversation.add(
          AgUiEvents.message(
              message.path("id").asText(),
              message.path("role").asText(),
              message.path("text").asText()));
    }
    return List.of(AgUiEvents.runStarted(threadId, shownId), AgUiEvents.messages(conversation));
  }

  List<ObjectNode> on(Happening happening) {
    List<ObjectNode> events = new ArrayList<>();
    switch (happening) {
      case Written(String of, int _, long _, String text) -> write(of, text, events);
      case Told told when told.isTerminal() -> end(told, events);
      case Told told -> tell(told, events);
    }
    return events;
  }

  /// The event that asks a person, when nobody has answered yet: the stream ends with it.
  List<ObjectNode> interrupted(Told asked) {
    List<ObjectNode> events = new ArrayList<>();
    tell(asked, events);
    close(asked, events);
    ObjectNode outcome = Json.object().put("type", "interrupt");
    outcome.putArray("interrupts").add(Interrupts.of(asked, seen));
    events.add(AgUiEvents.finished(asked, threadId, shownId, outcome));
    return events;
  }

  private void write(String of, String text, List<ObjectNode> events) {
    String piece = written.isEmpty() || of.equals(part) ? text : "\n\n" + text;
    part = of;
    if (!isWriting) {
      isWriting = true;
      events.add(AgUiEvents.text("TEXT_MESSAGE_START", answerId()).put("role", "assistant"));
    }
    written.append(piece);
    events.add(AgUiEvents.text("TEXT_MESSAGE_CONTENT", answerId()).put("delta", piece));
  }

  private String answerId() {
    return "m-" + runId + "-a";
  }

  private void tell(Told told, List<ObjectNode> events) {
    String callId = told.meta().path("call_id").asText();
    Call call = open.get(callId);
    if (begins(told, callId)) {
      begin(told, callId, events);
    } else if (call != null && ends(told)) {
      events.add(AgUiEvents.progress(told));
      answer(told, callId, call, events);
    } else {
      events.add(AgUiEvents.progress(told));
    }
  }

  private boolean begins(Told told, String callId) {
    return !callId.isEmpty()
        && !seen.contains(callId)
        && !ends(told)
        && !told.step().endsWith("_skipped")
        && !told.step().equals(StepWords.TOOL_RETRY)
        && !told.step().equals(StepWords.INPUT_REQUIRED)
        && !told.step().equals(StepWords.INPUT_RECEIVED);
  }

  private static boolean ends(Told told) {
    JsonNode meta = told.meta();
    return told.step().equals(StepWords.TOOL_ERROR)
        || meta.has("duration_ms")
        || meta.has("output")
        || meta.has("output_bytes");
  }

  private void begin(Told told, String callId, List<ObjectNode> events) {
    String tool = told.event().path("tool").asText(told.meta().path("tool").asText());
    Call call = new Call(name(told, callId), tool);
    seen.add(callId);
    open.put(callId, call);
    events.add(AgUiEvents.step(told, "STEP_STARTED", call.step()));
    events.add(AgUiEvents.progress(told));
    if (tool.isEmpty()) {
      return;
    }
    String shown = AgUiEvents.shown(told.meta(), "input", "arguments");
    String arguments = shown.isEmpty() ? "{}" : shown;
    events.add(AgUiEvents.call(told, "TOOL_CALL_START", callId).put("toolCallName", tool));
    events.add(AgUiEvents.call(told, "TOOL_CALL_ARGS", callId).put("delta", arguments));
    events.add(AgUiEvents.call(told, "TOOL_CALL_END", callId));
    conversation.add(AgUiEvents.callMessage(callId, tool, arguments));
  }

  /// What a step is called; no two that are open have one name.
  private String name(Told told, String callId) {
    String step = told.step();
    String name = step.startsWith("start_") ? step.substring("start_".length()) : step;
    return open.values().stream().anyMatch(each -> each.step().equals(name))
        ? name + " " + callId
        : name;
  }

  private void answer(Told told, String callId, Call call, List<ObjectNode> events) {
    open.remove(callId);
    if (!call.tool().isEmpty()) {
      String content = result(told);
      String id = "m-" + callId;
      events.add(
          AgUiEvents.call(told, "TOOL_CALL_RESULT", callId)
              .put("messageId", id)
              .put("role", "tool")
              .put("content", content));
      conversation.add(AgUiEvents.message(id, "tool", content).put("toolCallId", callId));
    }
    events.add(AgUiEvents.step(told, "STEP_FINISHED", call.step()));
  }

  private static String result(Told told) {
    if (!told.step().equals(StepWords.TOOL_ERROR)) {
      return AgUiEvents.shown(told.meta(), "output", "text");
    }
    ObjectNode failure = Json.object().put("error", told.event().path("message").asText());
    return failure.set("reason", told.meta().path("reason")).toString();
  }

  private void close(Told told, List<ObjectNode> events) {
    if (isWriting) {
      isWriting = false;
      events.add(AgUiEvents.text("TEXT_MESSAGE_END", answerId()));
    }
    open.values().forEach(call -> events.add(AgUiEvents.step(told, "STEP_FINISHED", call.step())));
    open.clear();
  }

  private void end(Told told, List<ObjectNode> events) {
    events.add(AgUiEvents.progress(told));
    boolean isCancelled = told.step().equals(StepWords.CANCELLED);
    boolean hasFailed = told.meta().path("status").asText().equals("failed");
    if (isCancelled || hasFailed) {
      close(told, events);
    } else {
      finish(told, events);
    }
    if (hasFailed) {
      events.add(
          AgUiEvents.at(told, "RUN_ERROR")
              .put("message", told.event().path("message").asText())
              .put("code", told.meta().path("reason").asText("run_failed")));
      return;
    }
    ObjectNode outcome = Json.object().put("type", isCancelled ? "cancelled" : "success");
    ObjectNode finished = AgUiEvents.finished(told, threadId, shownId, outcome);
    if (!isCancelled) {
      finished.set("result", value(told.meta()));
    }
    events.add(finished);
  }

  private static JsonNode value(JsonNode meta) {
    return meta.has("result")
        ? meta.get("result")
        : Json.object()
            .<ObjectNode>set("result_url", meta.path("result_url"))
            .set("result_bytes", meta.path("result_bytes"));
  }

  /// Says the answer: what has been written, or the whole at once.
  private void finish(Told told, List<ObjectNode> events) {
    JsonNode text = told.meta().path("text");
    String answer =
        text.isTextual()
            ? text.textValue()
            : "The answer has %s bytes: %s/runs/%s"
                .formatted(
                    told.meta().path("text_bytes").asText("too many"),
                    "/api/agent/sessions/" + threadId,
                    runId);
    boolean isOther = text.isTextual() && !written.isEmpty() && !answer.contentEquals(written);
    if (written.isEmpty() && !answer.isEmpty()) {
      write("", answer, events);
    }
    close(told, events);
    if (isOther) {
      conversation.add(AgUiEvents.message(answerId(), "assistant", answer));
      events.add(AgUiEvents.messages(conversation));
    }
  }
}
