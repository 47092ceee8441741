package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.session.Phase.Begun;
import dev.agentrooms.agent.session.Phase.Cancelled;
import dev.agentrooms.agent.session.Phase.Ended;
import dev.agentrooms.agent.session.Phase.Failed;
import dev.agentrooms.agent.session.Phase.Outcome;
import dev.agentrooms.agent.session.Phase.Succeeded;
import dev.agentrooms.protocol.RunMeta;
import dev.agentrooms.protocol.RunView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run as clients see it.
final class RunViews {

  private RunViews() {}

  static RunView of(Run run) {
    Begun begun = run.begun();
    String replaces = run.spec().replaces();
    Ended ended = run.phase() instanceof Ended over ? over : null;
    Outcome outcome = ended == null ? null : ended.outcome();
    return new RunView(
        run.runId(),
        run.spec().sessionId(),
        run.spec().question(),
        run.status(),
        begun == null ? null : begun.plan().intent(),
        run.spec().createdAt(),
        begun == null ? null : begun.at(),
        ended == null ? null : ended.at(),
        outcome instanceof Succeeded(JsonNode result) ? result : null,
        outcome == null ? null : error(outcome),
        replaces == null ? null : new RunMeta(replaces),
        run.waitingFor().map(Input::view).orElse(null),
        timings(run.seen()));
  }

  /// The error text of an outcome; null on success.
  static @Nullable String error(Outcome outcome) {
    return switch (outcome) {
      case Succeeded _ -> null;
      case Failed(String error) -> error;
      case Cancelled(String reason) -> "cancelled: " + reason;
    };
  }

  private static List<RunView.Timing> timings(List<Run.Seen> seen) {
    List<RunView.Timing> timings = new ArrayList<>();
    for (int i = 0; i < seen.size(); i++) {
      Run.Seen step = seen.get(i);
      Long took =
          i + 1 == seen.size()
              ? null
              : Duration.between(step.at(), seen.get(i + 1).at()).toMillis();
      timings.add(new RunView.Timing(step.step(), step.at(), took));
    }
    return timings;
  }
}
