package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What comes next in a run.
public sealed interface Next {

  /// Call these tools concurrently. The agent is asked again when none of the calls is open.
  record Calls(List<Call> calls) implements Next {

    public Calls {
      calls = List.copyOf(calls);
      if (calls.isEmpty()) {
        throw new IllegalArgumentException("nothing to call");
      }
    }

    public static Calls one(Call call) {
      return new Calls(List.of(call));
    }
  }

  /// A step that cannot be called, because its arguments cannot be made: it starts and fails at
  /// once.
  record Unable(Call call, Failure why) implements Next {}

  /// A step that is skipped.
  ///
  /// @param call the call that is not made, without arguments
  record Skip(Call call) implements Next {}

  record Finish(JsonNode result) implements Next {}

  /// @param reason for `meta.reason`; null when no code fits
  record Fail(String error, @Nullable String reason) implements Next {}
}
