package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.protocol.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What models have used: `{"input_tokens","output_tokens"}`.
final class Usage {

  private Usage() {}

  /// Of all these steps; null when no model was asked.
  static @Nullable ObjectNode sum(List<Step> steps) {
    ObjectNode sum = null;
    for (Step step : steps) {
      if (step.state() instanceof Step.Done done && done.usage() != null) {
        ObjectNode more = done.usage();
        sum = sum == null ? Json.object() : sum;
        for (String name : List.of("input_tokens", "output_tokens")) {
          sum.put(name, sum.path(name).asLong() + more.path(name).asLong());
        }
      }
    }
    return sum;
  }
}
