package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.SessionEvent.InputReceived;
import dev.agentrooms.agent.session.SessionEvent.InputRequired;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.protocol.Text;
import java.util.List;

/// What watchers see of a question to a person, and of the answer.
final class Asking {

  private static final int MAX_MESSAGE = 1000;
  // Left out where they are too large for an event: the run's resource has them.
  private static final List<String> LARGE = List.of("arguments", "value", "schema");

  private Asking() {}

  /// @param meta what every event of the step has
  static ProgressEvent required(Run before, InputRequired event, ObjectNode meta) {
    JsonNode view = Json.mapper().valueToTree(event.input().view());
    view.properties()
        .forEach(
            member -> {
              if (LARGE.contains(member.getKey())) {
                Shown.show(meta, member.getValue(), member.getKey());
              } else {
                meta.set(member.getKey(), member.getValue());
              }
            });
    if (event.meta() != null) {
      event
          .meta()
          .properties()
          .forEach(member -> meta.putIfAbsent(member.getKey(), member.getValue()));
    }
    return NextEvent.of(
        before,
        event.at(),
        StepWords.INPUT_REQUIRED,
        event.input().request().tool(),
        Level.INFO,
        Text.cut(event.input().request().prompt(), MAX_MESSAGE),
        meta);
  }

  /// @param meta what every event of the step has
  static ProgressEvent received(Run before, InputReceived event, ObjectNode meta) {
    Input input = before.step(event.callId()).input();
    Input.Answer answer = event.answer();
    meta.put("input_id", event.inputId()).put("decision", answer.decision().word());
    if (answer.comment() != null) {
      meta.put("comment", answer.comment());
    }
    if (input != null) {
      meta.put("step", input.step());
      // What the person has changed.
      if (answer.isApproved() && !input.with(answer).unchanged()) {
        Shown.show(meta, answer.value(), "value");
      }
    }
    return NextEvent.of(
        before,
        event.at(),
        StepWords.INPUT_RECEIVED,
        input == null ? null : input.request().tool(),
        Level.INFO,
        answer.isApproved() ? "Approved" : "Rejected",
        meta);
  }
}
