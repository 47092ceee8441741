package dev.agentrooms.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the agent answered.
public sealed interface Answer {

  /// @param status 200, 202 or 204
  /// @param body an empty object where there is none
  record Done(int status, JsonNode body) implements Answer {}

  record Refused(Refusal why) implements Answer {}

  /// What was read; null when it is not there.
  ///
  /// @throws Unread when it could not be read, which does not say whether it is there
  default @Nullable JsonNode found() {
    return switch (this) {
      case Done(int _, JsonNode body) -> body;
      case Refused(Refusal why) when why.status() < 500 -> null;
      case Refused(Refusal why) -> throw new Unread(why);
    };
  }

  /// The same, with what was asked for made into something else.
  default <T> T fold(Function<Done, T> done, Function<Refusal, T> refused) {
    return switch (this) {
      case Done it -> done.apply(it);
      case Refused(Refusal why) -> refused.apply(why);
    };
  }
}
