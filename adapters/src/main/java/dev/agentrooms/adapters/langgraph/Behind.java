package dev.agentrooms.adapters.langgraph;

import dev.agentrooms.adapters.langgraph.Shown.Kind;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;

/// Leaves out what comes before a person's answer, for a client that has just given it.
final class Behind {

  private Behind() {}

  /// @param inputId null to leave out nothing
  static Flow<Shown, Shown, NotUsed> answer(@Nullable String inputId) {
    return Flow.<Shown>create()
        .statefulMapConcat(
            () -> {
              boolean[] isBehind = {inputId == null};
              return shown -> {
                isBehind[0] =
                    isBehind[0]
                        || (shown.kind() == Kind.ANSWERED
                            && shown.data().at("/interrupt_ids/0").asText().equals(inputId));
                return isBehind[0] || shown.kind() == Kind.METADATA || shown.kind() == Kind.END
                    ? List.of(shown)
                    : List.of();
              };
            });
  }
}
