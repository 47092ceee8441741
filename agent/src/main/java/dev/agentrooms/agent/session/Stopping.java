package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.StepStopped;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.ToolResult;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What comes of a run that is being cancelled when its tools stop.
final class Stopping {

  private Stopping() {}

  static List<SessionEvent> stopped(Run run, Step step, ToolResult result, Instant now) {
    boolean isLast =
        run.steps().stream().filter(Step::isCalling).allMatch(each -> each.id().equals(step.id()));
    return List.of(
        isLast
            ? cancelled(run, null, partial(result), now)
            : new StepStopped(run.runId(), step.id(), now));
  }

  /// What the tool had written, as `partial_text`, and where that was cut.
  private static @Nullable ObjectNode partial(ToolResult result) {
    ObjectNode meta =
        switch (result) {
          case ToolResult.Succeeded done -> done.meta();
          case ToolResult.Failed failed -> failed.meta();
          case ToolResult.Stopped stopped -> stopped.meta();
          case ToolResult.Asks asks -> asks.meta();
        };
    JsonNode text = meta.has("partial_text") ? meta.get("partial_text") : meta.get("text");
    if (text == null || !text.isTextual()) {
      return null;
    }
    String shown = Shown.start(text.textValue());
    ObjectNode partial = Json.object().put("partial_text", shown);
    partial.set("part", meta.path("part"));
    ArrayNode cuts = partial.putArray("cuts");
    long length = shown.codePointCount(0, shown.length());
    meta.path("cuts")
        .forEach(
            cut -> {
              if (cut.asLong() < length) {
                cuts.add(cut);
              }
            });
    return partial;
  }

  /// The last event of a run that is being cancelled.
  static SessionEvent cancelled(Run run, @Nullable String abandonedTool, Instant now) {
    return cancelled(run, abandonedTool, null, now);
  }

  private static SessionEvent cancelled(
      Run run, @Nullable String abandonedTool, @Nullable ObjectNode meta, Instant now) {
    String reason =
        run.phase() instanceof Phase.Cancelling cancelling ? cancelling.reason() : "requested";
    return new RunCancelled(run.runId(), reason, abandonedTool, meta, now);
  }
}
