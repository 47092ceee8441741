package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.StepDone;
import dev.agentrooms.agent.session.SessionEvent.StepFailed;
import dev.agentrooms.agent.session.SessionEvent.StepStarted;
import dev.agentrooms.protocol.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The run, and the events of this decision so far, which it already includes.
final class Course {

  private final Instant now;
  private final List<SessionEvent> events = new ArrayList<>();
  private Run run;

  Course(Run run, Instant now) {
    this.run = run;
    this.now = now;
  }

  Run run() {
    return run;
  }

  Instant now() {
    return now;
  }

  List<SessionEvent> events() {
    return events;
  }

  StepStarted started(Call call) {
    return new StepStarted(run.runId(), run.callId(call), call, now);
  }

  /// A step has failed, and will not be retried.
  void fail(String callId, Failure why) {
    if (run.step(callId).call().isWished()) {
      tell(told(callId, why));
      return;
    }
    tell(new StepFailed(run.runId(), callId, why, now));
    if (run.step(callId).call().optional()) {
      tell(new StepDone(run.runId(), callId, NullNode.getInstance(), now));
    }
  }

  /// A call that a model asked for has failed, which the model is told.
  private StepDone told(String callId, Failure why) {
    ObjectNode meta = Json.object().put("failed", true).put("reason", why.reason());
    if (why.status() != null) {
      meta.put("status", why.status());
    }
    ObjectNode output = Json.object().put("error", why.detail());
    return new StepDone(run.runId(), callId, output, meta, null, now);
  }

  void tell(RunEvent event) {
    events.add(event);
    run = run.after(event);
  }
}
