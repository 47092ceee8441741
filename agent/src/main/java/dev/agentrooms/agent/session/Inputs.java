package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.SessionEvent.AttemptStarted;
import dev.agentrooms.agent.session.SessionEvent.InputReceived;
import dev.agentrooms.agent.session.SessionEvent.InputRequired;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.StepDone;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.InputRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides what people are asked in a run, and what comes of their answers.
///
/// @param answerTime how long they have
record Inputs(Duration answerTime) {

  private static final String REJECTED = "rejected";
  private static final String EXPIRED = "input_expired";

  /// Puts the first request to a person.
  ///
  /// @param meta further members of `meta` for watchers; null for none
  void ask(Course course, String callId, List<InputRequest> requests, @Nullable ObjectNode meta) {
    Run run = course.run();
    Input input =
        new Input(
            run.runId() + ".input." + (run.inputs().size() + 1),
            run.step(callId).call().step(),
            requests.getFirst(),
            course.now().plus(answerTime));
    List<InputRequest> further = requests.subList(1, requests.size());
    course.tell(new InputRequired(run.runId(), callId, input, further, meta, course.now()));
  }

  /// The answer that counts. The run goes on when it has a slot again.
  List<SessionEvent> answer(Run run, Step step, Input.Answer answer, Instant now) {
    if (!(step.state() instanceof Step.Waiting waiting)) {
      return List.of();
    }
    Course course = new Course(run, now);
    course.tell(new InputReceived(run.runId(), step.id(), waiting.input().id(), answer, now));
    if (!waiting.further().isEmpty()) {
      ask(course, step.id(), waiting.further(), null);
    }
    return course.events();
  }

  /// Does what people have decided.
  ///
  /// @return whether that ends the run
  static boolean obey(Course course) {
    String runId = course.run().runId();
    for (Step step : course.run().openSteps()) {
      if (!(step.state() instanceof Step.Answered answered)) {
        continue;
      }
      Input.Answer answer = answered.answer();
      InputRequest request = answered.input().request();
      if (request.askedAs() != null || (answer.isApproved() && step.isOfTool())) {
        course.tell(new AttemptStarted(runId, step.id(), course.now()));
      } else if (answer.isApproved()) {
        course.tell(new StepDone(runId, step.id(), output(answer), course.now()));
      } else if (step.call().isWished()) {
        course.fail(step.id(), new Failure(REJECTED, null, rejected("A person", answer)));
      } else {
        course.tell(
            new RunFailed(runId, rejected(step.call().step(), answer), REJECTED, course.now()));
        return true;
      }
    }
    return false;
  }

  private static String rejected(String subject, Input.Answer answer) {
    String comment = answer.comment();
    return (subject.equals("A person") ? "A person rejected this" : subject + " was rejected")
        + (comment == null || comment.isBlank() ? "." : ": " + comment);
  }

  private static JsonNode output(Input.Answer answer) {
    ObjectNode output = Json.object().put("decision", answer.decision().word());
    output.set("value", answer.value() == null ? NullNode.getInstance() : answer.value());
    return output.put("comment", answer.comment());
  }

  /// A run that waits, once the time to answer is over.
  static List<SessionEvent> expire(Run run, Instant now) {
    return run.steps().stream()
        .map(Step::input)
        .filter(input -> input != null && input.isExpired(now))
        .findFirst()
        .<List<SessionEvent>>map(
            input ->
                List.of(
                    new RunFailed(
                        run.runId(),
                        "Nobody answered " + input.step() + " in time.",
                        EXPIRED,
                        now)))
        .orElse(List.of());
  }
}
