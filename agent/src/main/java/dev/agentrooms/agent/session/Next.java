package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What comes next in a run.
public sealed interface Next {

  /// Calls of tools, at the same time. The agent is asked again when none of them is open.
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

  /// A step that cannot be taken: it begins, and has failed.
  record Unable(Call call, Failure why) implements Next {}

  /// A step that is not needed.
  ///
  /// @param call what it would have been, without arguments
  record Skip(Call call) implements Next {}

  record Finish(JsonNode result) implements Next {}

  /// @param reason as `meta.reason` says it; null when there is no word for it
  record Fail(String error, @Nullable String reason) implements Next {}
}
