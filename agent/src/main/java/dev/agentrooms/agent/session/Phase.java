package dev.agentrooms.agent.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.protocol.RunStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The phase of a run, with exactly the data that a run has in it: a queued run has no steps, an
/// ended one has an outcome.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @Type(value = Phase.Queued.class, name = "queued"),
  @Type(value = Phase.Running.class, name = "running"),
  @Type(value = Phase.Cancelling.class, name = "cancelling"),
  @Type(value = Phase.Ended.class, name = "ended")
})
public sealed interface Phase {

  /// Waiting for its turn.
  record Queued() implements Phase {}

  /// Started and not ended.
  sealed interface InFlight extends Phase {

    Begun begun();

    /// All steps, in start order; several may be open.
    List<Step> steps();

    InFlight with(List<Step> changed);
  }

  record Running(Begun begun, List<Step> steps) implements InFlight {

    public Running {
      steps = List.copyOf(steps);
    }

    @Override
    public Running with(List<Step> changed) {
      return new Running(begun, changed);
    }
  }

  /// Cancel was requested: its tools have been told to stop, and have not all stopped.
  record Cancelling(Begun begun, List<Step> steps, String reason) implements InFlight {

    public Cancelling {
      steps = List.copyOf(steps);
    }

    @Override
    public Cancelling with(List<Step> changed) {
      return new Cancelling(begun, changed, reason);
    }
  }

  /// @param begun null when it was cancelled before its turn came
  record Ended(@Nullable Begun begun, Outcome outcome, Instant at) implements Phase {}

  /// When a run started, and its plan.
  record Begun(Plan plan, Instant at) {}

  /// How a run ended.
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @Type(value = Succeeded.class, name = "succeeded"),
    @Type(value = Failed.class, name = "failed"),
    @Type(value = Cancelled.class, name = "cancelled")
  })
  sealed interface Outcome {}

  record Succeeded(JsonNode result) implements Outcome {}

  record Failed(String error) implements Outcome {}

  record Cancelled(String reason) implements Outcome {}

  default RunStatus status() {
    return switch (this) {
      case Queued _ -> RunStatus.QUEUED;
      case Running _ -> RunStatus.RUNNING;
      case Cancelling _ -> RunStatus.CANCELLING;
      case Ended ended ->
          switch (ended.outcome()) {
            case Succeeded _ -> RunStatus.SUCCEEDED;
            case Failed _ -> RunStatus.FAILED;
            case Cancelled _ -> RunStatus.CANCELLED;
          };
    };
  }
}
