package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.agentrooms.protocol.Decision;
import dev.agentrooms.protocol.Fingerprint;
import dev.agentrooms.protocol.InputKind;
import dev.agentrooms.protocol.InputView;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a step of a run waits for: a request to a person, and until when it can be answered.
///
/// @param id `RUN.input.N`, where `N` counts the run's inputs from 1
/// @param step name of the step
public record Input(String id, String step, InputRequest request, Instant expiresAt) {

  private static final String VALUE = "value";

  /// What a person has decided.
  ///
  /// @param value what counts: the given value, else the one that was shown; null when rejected
  public record Answer(Decision decision, @Nullable JsonNode value, @Nullable String comment) {

    public boolean isApproved() {
      return decision == Decision.APPROVE;
    }
  }

  /// What became of an input, kept for as long as its run is.
  ///
  /// @param decision null when nobody has answered yet, or in time
  /// @param fingerprint digest of the value that counts
  /// @param unchanged whether that is the value that was shown
  public record Asked(
      String id, @Nullable Decision decision, @Nullable String fingerprint, boolean unchanged) {}

  /// This input, with the answer that counts.
  Asked with(Answer answer) {
    String given = fingerprint(answer.value());
    return new Asked(id, answer.decision(), given, given.equals(fingerprint(request.value())));
  }

  static String fingerprint(@Nullable JsonNode value) {
    return Fingerprint.of(value == null ? NullNode.getInstance() : value);
  }

  boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt);
  }

  /// The answer as it counts.
  ///
  /// @param given null when the person leaves the value as it is
  /// @throws InvalidField when such a value may not be given
  Answer answered(Decision decision, @Nullable JsonNode given, @Nullable String comment) {
    if (given != null && !request.editable()) {
      throw new InvalidField(VALUE, "value cannot be given: this is not editable");
    }
    if (decision == Decision.REJECT) {
      return new Answer(decision, null, comment);
    }
    if (given != null) {
      check(given);
    } else {
      checkShown();
    }
    return new Answer(decision, given == null ? request.value() : given, comment);
  }

  // What was shown counts only where it is an answer: one of the options, or what fits the schema.
  private void checkShown() {
    JsonNode shown = request.value();
    if (request.kind() != InputKind.ASK) {
      return;
    }
    if (!request.options().isEmpty()) {
      if (shown == null || !request.options().contains(shown.asText())) {
        throw new InvalidField(VALUE, "value is required: one of the options");
      }
    } else if (request.schema() != null && shown != null) {
      try {
        Schema.of(request.schema()).check(VALUE, shown);
      } catch (InvalidField e) {
        throw new InvalidField(
            VALUE, "value is required, since what was shown does not fit: " + e.detail());
      }
    }
  }

  private void check(JsonNode given) {
    List<String> options = request.options();
    JsonNode schema = request.schema();
    if (!options.isEmpty()) {
      if (!given.isTextual() || !options.contains(given.textValue())) {
        throw new InvalidField(VALUE, "value must be one of " + String.join(", ", options));
      }
    } else if (schema != null) {
      try {
        Schema.of(schema).check(VALUE, given);
      } catch (InvalidField e) {
        throw new InvalidField(VALUE, e.detail());
      }
    } else if (request.kind() == InputKind.APPROVE) {
      if (!given.isObject()) {
        throw new InvalidField(VALUE, "value must be an object: the arguments of the call");
      }
    } else if (!given.isTextual()) {
      throw new InvalidField(VALUE, "value must be a string");
    }
  }

  InputView view() {
    return new InputView(
        id,
        step,
        request.kind(),
        request.prompt(),
        request.tool(),
        request.arguments(),
        request.value(),
        request.editable(),
        request.schema(),
        request.options().isEmpty() ? null : request.options(),
        expiresAt);
  }
}
