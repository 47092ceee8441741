package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The next event of a run, with its number within the run.
final class NextEvent {

  private NextEvent() {}

  /// What each event of a run has.
  static ObjectNode meta(Run run) {
    return Json.object().put("trace_id", run.spec().trace().traceId());
  }

  /// @param run before the event
  static ProgressEvent of(
      Run run,
      Instant at,
      String step,
      @Nullable String tool,
      Level level,
      String message,
      ObjectNode meta) {
    return new ProgressEvent(
        run.spec().eventId(run.seen().size() + 1),
        at,
        run.spec().sessionId(),
        run.runId(),
        step,
        Call.NO_TOOL.equals(tool) ? null : tool,
        level,
        message,
        meta);
  }
}
