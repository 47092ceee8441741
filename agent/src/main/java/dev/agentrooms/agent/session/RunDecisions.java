package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrooms.agent.session.SessionEvent.AttemptFailed;
import dev.agentrooms.agent.session.SessionEvent.AttemptStarted;
import dev.agentrooms.agent.session.SessionEvent.InputReceived;
import dev.agentrooms.agent.session.SessionEvent.InputRequired;
import dev.agentrooms.agent.session.SessionEvent.RunCancelled;
import dev.agentrooms.agent.session.SessionEvent.RunEvent;
import dev.agentrooms.agent.session.SessionEvent.RunFailed;
import dev.agentrooms.agent.session.SessionEvent.RunStarted;
import dev.agentrooms.agent.session.SessionEvent.RunSucceeded;
import dev.agentrooms.agent.session.SessionEvent.StepDone;
import dev.agentrooms.agent.session.SessionEvent.StepFailed;
import dev.agentrooms.agent.session.SessionEvent.StepInterrupted;
import dev.agentrooms.agent.session.SessionEvent.StepSkipped;
import dev.agentrooms.agent.session.SessionEvent.StepStarted;
import dev.agentrooms.agent.session.SessionEvent.StepStopped;
import dev.agentrooms.protocol.InvalidField;
import dev.agentrooms.protocol.Json;
import dev.agentrooms.tools.InputRequest;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Tools;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides what follows the start of a run and the end of an attempt. The only place where the
/// agent is asked what comes next.
final class RunDecisions {

  // More skipped or failed steps in a row mean a bug in the agent.
  private static final int MAX_STEPS_AT_ONCE = 1000;

  private static final String REJECTED = "rejected";
  private static final String EXPIRED = "input_expired";

  // A call in which the process always dies may be what kills it.
  private static final int MAX_INTERRUPTIONS = 5;

  private final Agent agent;
  private final Tools tools;
  private final Duration answerTime;

  RunDecisions(Agent agent, Tools tools, Duration answerTime) {
    this.agent = agent;
    this.tools = tools;
    this.answerTime = answerTime;
  }

  List<SessionEvent> begin(Run run, Instant now) {
    Course course = new Course(run, now);
    course.tell(new RunStarted(run.runId(), agent.plan(run.spec()), now));
    return goOn(course);
  }

  List<SessionEvent> endAttempt(Run run, Step step, ToolResult result, Instant now) {
    if (run.phase() instanceof Phase.Cancelling) {
      return stopped(run, step, result, now);
    }
    Course course = new Course(run, now);
    switch (result) {
      case ToolResult.Succeeded(var output, var meta, var hidden) ->
          course.tell(
              new StepDone(
                  run.runId(), step.id(), output, meta.isEmpty() ? null : meta, hidden, now));
      case ToolResult.Failed failed ->
          tools
              .find(step.call().tool())
              .flatMap(tool -> tool.pauseAfter(failed, step.attempt()))
              .ifPresentOrElse(
                  pause ->
                      course.tell(
                          new AttemptFailed(
                              run.runId(), step.id(), Failure.of(failed), pause.toMillis(), now)),
                  () -> course.fail(step.id(), Failure.of(failed)));
      case ToolResult.Stopped _ ->
          course.fail(
              step.id(),
              new Failure(ToolResult.Reason.CONNECTION_LOST.word(), null, "The call was stopped."));
      case ToolResult.Asks(var requests, var meta) ->
          ask(course, step.id(), requests, meta.isEmpty() ? null : meta);
    }
    return goOn(course);
  }

  /// Puts the first request to a person.
  ///
  /// @param meta further members of `meta` for watchers; null for none
  private void ask(
      Course course, String callId, List<InputRequest> requests, @Nullable ObjectNode meta) {
    Run run = course.run;
    Input input =
        new Input(
            run.runId() + ".input." + (run.inputs().size() + 1),
            run.step(callId).call().step(),
            requests.getFirst(),
            course.now.plus(answerTime));
    List<InputRequest> further = requests.subList(1, requests.size());
    course.tell(new InputRequired(run.runId(), callId, input, further, meta, course.now));
  }

  /// A call begins, or waits for a person who must agree to it.
  private void start(Course course, Call call) {
    StepStarted started = course.started(call);
    course.tell(started);
    Tool tool = tools.find(call.tool()).orElse(null);
    JsonNode arguments = call.arguments();
    if (tool == null || !tool.approve() || call.agreedIn() != null || arguments == null) {
      return;
    }
    try {
      tool.check(arguments);
      ask(course, started.callId(), List.of(InputRequest.approve(tool, arguments)), null);
    } catch (InvalidField e) {
      // Nobody is asked about what cannot be called.
      String reason = ToolResult.Reason.INVALID_ARGUMENTS.word();
      course.fail(started.callId(), new Failure(reason, null, e.detail()));
    }
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
    return course.events;
  }

  /// A run of which people have answered all that they were asked, and which has a slot.
  List<SessionEvent> goOn(Run run, Instant now) {
    Course course = new Course(run, now);
    return !(run.phase() instanceof Phase.Running) || obey(course) ? course.events : goOn(course);
  }

  /// Does what people have decided.
  ///
  /// @return whether that ends the run
  private static boolean obey(Course course) {
    String runId = course.run.runId();
    for (Step step : course.run.openSteps()) {
      if (!(step.state() instanceof Step.Answered answered)) {
        continue;
      }
      Input.Answer answer = answered.answer();
      InputRequest request = answered.input().request();
      if (request.askedAs() != null || (answer.isApproved() && step.isOfTool())) {
        course.tell(new AttemptStarted(runId, step.id(), course.now));
      } else if (answer.isApproved()) {
        course.tell(new StepDone(runId, step.id(), output(answer), course.now));
      } else if (step.call().isWished()) {
        course.fail(step.id(), new Failure(REJECTED, null, rejected("A person", answer)));
      } else {
        course.tell(
            new RunFailed(runId, rejected(step.call().step(), answer), REJECTED, course.now));
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
  List<SessionEvent> expire(Run run, Instant now) {
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

  /// A run that was in flight when its process died: what was called is called again, what was to
  /// stop has stopped.
  List<SessionEvent> resume(Run run, Instant now) {
    if (run.phase() instanceof Phase.Cancelling) {
      return List.of(cancelled(run, null, now));
    }
    if (run.forgotten()) {
      return List.of(new RunCancelled(run.runId(), "session_deleted", null, now));
    }
    List<SessionEvent> expired = expire(run, now);
    if (!expired.isEmpty()) {
      return expired;
    }
    Course course = new Course(run, now);
    if (obey(course)) {
      return course.events;
    }
    for (Step step : run.openSteps()) {
      if (step.input() != null || step.state() instanceof Step.Answered) {
        continue;
      }
      if (!step.isCalling()) {
        course.tell(new AttemptStarted(run.runId(), step.id(), now));
      } else if (tools.find(step.call().tool()).filter(Tool::once).isPresent()) {
        return List.of(
            new RunFailed(
                run.runId(),
                step.call().step()
                    + " was interrupted by a crash, and what it has done is unknown.",
                "unknown_outcome",
                now));
      } else if (step.interruptions() + 1 < MAX_INTERRUPTIONS) {
        course.tell(new StepInterrupted(run.runId(), step.id(), now));
      } else {
        course.fail(
            step.id(),
            new Failure(
                "interrupted",
                null,
                "The server died in each of " + MAX_INTERRUPTIONS + " calls."));
      }
    }
    return goOn(course);
  }

  private static List<SessionEvent> stopped(Run run, Step step, ToolResult result, Instant now) {
    boolean isLast =
        run.steps().stream().filter(Step::isCalling).allMatch(each -> each.id().equals(step.id()));
    return List.of(
        isLast
            ? cancelled(run, null, partial(result), now)
            : new StepStopped(run.runId(), step.id(), now));
  }

  /// What the tool had written, as `partial_text`.
  private static @Nullable ObjectNode partial(ToolResult result) {
    ObjectNode meta =
        switch (result) {
          case ToolResult.Succeeded done -> done.meta();
          case ToolResult.Failed failed -> failed.meta();
          case ToolResult.Stopped stopped -> stopped.meta();
          case ToolResult.Asks asks -> asks.meta();
        };
    JsonNode text = meta.has("partial_text") ? meta.get("partial_text") : meta.get("text");
    return text == null || !text.isTextual()
        ? null
        : Json.object()
            .put("partial_text", Shown.start(text.textValue()))
            .set("part", meta.path("part"));
  }

  /// The last event of a run that is being cancelled.
  static SessionEvent cancelled(Run run, @Nullable String abandonedTool, Instant now) {
    return cancelled(run, abandonedTool, null, now);
  }

  private static SessionEvent cancelled(
      Run run, @Nullable String abandonedTool, @Nullable ObjectNode meta, Instant now) {
    String reason =
        run.phase() instanceof Phase.Cancelling cancelling ? cancelling.reason() : "requested";
    return new RunCancelled(run.runId(), reason, abandonedTool, meta, now);
  }

  /// Asks the agent what comes next until a call is open or the run has ended.
  private List<SessionEvent> goOn(Course course) {
    for (int i = 0; i < MAX_STEPS_AT_ONCE; i++) {
      if (!course.run.openSteps().isEmpty()) {
        return course.events;
      }
      String runId = course.run.runId();
      switch (agent.next(course.run)) {
        case Next.Calls(var calls) -> calls.forEach(call -> start(course, call));
        case Next.Ask(Call call, InputRequest request) -> {
          StepStarted started = course.started(call);
          course.tell(started);
          ask(course, started.callId(), List.of(request), null);
        }
        case Next.Unable(Call call, Failure why) -> {
          StepStarted started = course.started(call);
          course.tell(started);
          course.fail(started.callId(), why);
        }
        case Next.Skip(Call call) ->
            course.tell(new StepSkipped(runId, course.run.callId(call), call, course.now));
        case Next.Finish(var result) -> {
          course.tell(new RunSucceeded(runId, result, course.now));
          return course.events;
        }
        case Next.Fail(String error, String reason) -> {
          course.tell(new RunFailed(runId, error, reason, course.now));
          return course.events;
        }
      }
    }
    throw new IllegalStateException("the agent never comes to an end");
  }

  /// The run, and the events of this decision so far, which it already includes.
  private static final class Course {

    private final Instant now;
    private final List<SessionEvent> events = new ArrayList<>();
    private Run run;

    Course(Run run, Instant now) {
      this.run = run;
      this.now = now;
    }

    StepStarted started(Call call) {
      return new StepStarted(run.runId(), run.callId(call), call, now);
    }

    /// A step has failed, and will not be retried.
    void fail(String callId, Failure why) {
      if (run.step(callId).call().isWished()) {
        tell(told(callId, why));
        return;
      }
      tell(new StepFailed(run.runId(), callId, why, now));
      if (run.step(callId).call().optional()) {
        tell(new StepDone(run.runId(), callId, NullNode.getInstance(), now));
      }
    }

    /// A call that a model asked for has failed, which the model is told.
    private StepDone told(String callId, Failure why) {
      ObjectNode meta = Json.object().put("failed", true).put("reason", why.reason());
      if (why.status() != null) {
        meta.put("status", why.status());
      }
      ObjectNode output = Json.object().put("error", why.detail());
      return new StepDone(run.runId(), callId, output, meta, null, now);
    }

    void tell(RunEvent event) {
      events.add(event);
      run = run.after(event);
    }
  }
}
