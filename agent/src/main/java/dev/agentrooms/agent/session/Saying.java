package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.SessionEvent.StepProgressed;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.protocol.Text;
import dev.agentrooms.tools.Progress;
import java.time.Instant;
import java.util.Set;

/// What a tool says while it is at work, as an event of its step.
final class Saying {

  // What the tool says must not be taken for what becomes of the run.
  private static final Set<String> OURS =
      Set.of(
          StepWords.QUEUED,
          StepWords.INTENT_DETERMINED,
          StepWords.TOOL_RETRY,
          StepWords.TOOL_ERROR,
          StepWords.FINAL_ANSWER,
          StepWords.CANCELLED,
          StepWords.EVENTS_LOST,
          "input_required",
          "input_received");
  private static final int MAX_MESSAGE = 4000;

  private Saying() {}

  static StepProgressed event(Run run, Step step, Progress told, Instant now) {
    Call call = step.call();
    String given = told.step();
    boolean isTaken =
        given == null
            || !ProgressEvent.isStep(given)
            || OURS.contains(given)
            || given.equals(call.words().start())
            || given.equals(call.words().done())
            || given.equals(call.step() + "_skipped");
    ObjectNode meta = Json.object();
    if (given != null && isTaken) {
      meta.put("step", given);
    }
    int bytes = Shown.size(told.meta());
    if (Shown.fits(told.meta(), bytes, Shown.MAX_TEXT_BYTES)) {
      told.meta().properties().forEach(each -> meta.set(each.getKey(), each.getValue()));
    } else {
      Shown.putSize(meta, "meta", bytes);
    }
    return new StepProgressed(
        run.runId(),
        step.id(),
        given == null || isTaken ? call.step() + "_progress" : given,
        told.tool(),
        Text.cut(told.message(), MAX_MESSAGE),
        meta,
        now);
  }
}
