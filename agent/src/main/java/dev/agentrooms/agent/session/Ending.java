package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.protocol.Level;
import dev.agentrooms.protocol.ProgressEvent;
import dev.agentrooms.protocol.RunStatus;
import dev.agentrooms.protocol.RunView;
import dev.agentrooms.protocol.StepWords;
import java.time.Instant;

/// The last event of a run.
final class Ending {

  private Ending() {}

  /// The last event. If it is too large, first the text is left out, then the result, which
  /// `meta.result_url` points to instead.
  static ProgressEvent succeeded(Agent agent, Run run, RunSucceeded event) {
    String text = agent.text(run.planned().intent(), event.result());
    int textBytes = Shown.textBytes(text);
    if (textBytes <= Shown.MAX_TEXT_BYTES) {
      ProgressEvent whole = finalAnswer(run, event, ending(agent, run, event).put("text", text));
      if (Shown.fits(event.result(), Shown.size(whole), ProgressEvent.MAX_BYTES)) {
        return whole;
      }
    }
    ObjectNode withoutText = ending(agent, run, event).put("text_bytes", textBytes);
    ProgressEvent whole = finalAnswer(run, event, withoutText);
    if (Shown.fits(event.result(), Shown.size(whole), ProgressEvent.MAX_BYTES)) {
      return whole;
    }
    ObjectNode pointed = succeeding(agent, run, event);
    pointed.put("result_url", RunView.path(run.spec().sessionId(), run.runId()));
    Shown.putSize(pointed, "result", Shown.size(event.result()));
    if (textBytes <= Shown.MAX_TEXT_BYTES) {
      pointed.put("text", text);
    } else {
      pointed.put("text_bytes", textBytes);
    }
    return finalAnswer(run, event, pointed);
  }

  private static ObjectNode ending(Agent agent, Run run, RunSucceeded event) {
    return succeeding(agent, run, event).set("result", event.result());
  }

  private static ObjectNode succeeding(Agent agent, Run run, RunSucceeded event) {
    ObjectNode meta = meta(run, RunStatus.SUCCEEDED, event.at());
    return agent.isUngrounded(run.planned().intent(), event.result())
        ? meta.put("ungrounded", true)
        : meta;
  }

  private static ProgressEvent finalAnswer(Run run, RunSucceeded event, ObjectNode meta) {
    return NextEvent.of(run, event.at(), StepWords.FINAL_ANSWER, null, Level.INFO, "Done", meta);
  }

  /// What every last event says.
  static ObjectNode meta(Run run, RunStatus status, Instant at) {
    ObjectNode meta =
        NextEvent.meta(run).put("status", status.word()).put("duration_ms", run.durationMs(at));
    if (run.begun() != null) {
      meta.put("intent", run.planned().intent());
    }
    ObjectNode usage = Usage.sum(run.steps());
    if (usage != null) {
      meta.set("usage", usage);
    }
    return meta;
  }
}
