package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.session.Input.Asked;
import dev.agentrooms.agent.session.SessionCommand.Answer;
import dev.agentrooms.protocol.Decision;
import dev.agentrooms.protocol.InvalidField;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// Whether a person's answer counts. Of several answers to one input the first does.
sealed interface Answering {

  /// It does.
  ///
  /// @param step that waits for it
  record Counts(Run run, Step step, Input.Answer answer) implements Answering {}

  /// It comes too late, and nobody has answered before.
  record Expired(Run run) implements Answering {}

  record Refused(SessionReply reply) implements Answering {}

  static Answering of(SessionState state, Answer answer, Instant now) {
    if (!state.exists()) {
      return new Refused(new SessionReply.UnknownSession());
    }
    Optional<Run> found = state.shown(answer.runId());
    if (found.isEmpty()) {
      return new Refused(new SessionReply.UnknownRun(answer.runId()));
    }
    Run run = found.get();
    Optional<Asked> asked =
        run.inputs().stream().filter(each -> each.id().equals(answer.inputId())).findFirst();
    if (asked.isEmpty()) {
      return new Refused(new SessionReply.UnknownInput(run.runId(), answer.inputId()));
    }
    Decision decided = asked.get().decision();
    if (decided != null) {
      return new Refused(
          isSame(asked.get(), answer)
              ? new SessionReply.Answered(run.runId(), answer.inputId(), true)
              : new SessionReply.AnsweredOtherwise(answer.inputId(), decided));
    }
    return run.asking(answer.inputId())
        .map(step -> of(run, step, answer, now))
        .orElseGet(() -> new Refused(tooLate(run)));
  }

  private static Answering of(Run run, Step step, Answer answer, Instant now) {
    Input input = Objects.requireNonNull(step.input());
    if (input.isExpired(now)) {
      return new Expired(run);
    }
    try {
      return new Counts(
          run, step, input.answered(answer.decision(), answer.value(), answer.comment()));
    } catch (InvalidField e) {
      return new Refused(new SessionReply.InvalidAnswer(e.field(), e.detail()));
    }
  }

  private static boolean isSame(Asked asked, Answer answer) {
    JsonNode value = answer.value();
    if (asked.decision() != answer.decision()) {
      return false;
    }
    if (answer.decision() == Decision.REJECT) {
      return true;
    }
    return value == null ? asked.unchanged() : Input.fingerprint(value).equals(asked.fingerprint());
  }

  private static SessionReply tooLate(Run run) {
    return new SessionReply.NotAnswerable(
        "Run "
            + run.runId()
            + (run.status().isFinal() ? " has ended" : " is being cancelled")
            + ", and nobody has answered before.");
  }

  /// What the person is told.
  default SessionReply reply() {
    return switch (this) {
      case Counts counts ->
          new SessionReply.Answered(
              counts.run.runId(), Objects.requireNonNull(counts.step.input()).id(), false);
      case Expired _ -> new SessionReply.NotAnswerable("The time to answer is over.");
      case Refused refused -> refused.reply;
    };
  }
}
