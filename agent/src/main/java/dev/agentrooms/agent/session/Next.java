package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.tools.InputRequest;
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

  /// Ask a person, and wait for the answer.
  ///
  /// A call of a tool with arguments is made once they have agreed. A step that calls nothing
  /// ([Call#NO_TOOL]) has `{"decision","value","comment"}` as its output. A rejected input ends the
  /// run, unless a model has asked for the call, which then is told.
  record Ask(Call call, InputRequest request) implements Next {}

  record Finish(JsonNode result) implements Next {}

  /// @param reason for `meta.reason`; null when no code fits
  record Fail(String error, @Nullable String reason) implements Next {}
}
