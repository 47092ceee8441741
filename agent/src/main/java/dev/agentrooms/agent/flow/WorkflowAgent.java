package dev.agentrooms.agent.flow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrooms.agent.session.Agent;
import dev.agentrooms.agent.session.Call;
import dev.agentrooms.agent.session.Call.Words;
import dev.agentrooms.agent.session.Failure;
import dev.agentrooms.agent.session.Next;
import dev.agentrooms.agent.session.Plan;
import dev.agentrooms.agent.session.Run;
import dev.agentrooms.agent.session.RunSpec;
import dev.agentrooms.agent.session.Step;
import dev.agentrooms.protocol.StepWords;
import dev.agentrooms.tools.Agreement;
import dev.agentrooms.tools.ModelTools;
import dev.agentrooms.tools.NextStep;
import dev.agentrooms.tools.OfferedTools;
import dev.agentrooms.tools.Step.AskModel;
import dev.agentrooms.tools.Step.AskPerson;
import dev.agentrooms.tools.Step.CallRemote;
import dev.agentrooms.tools.Step.CallTool;
import dev.agentrooms.tools.Step.OnError;
import dev.agentrooms.tools.Step.UseAgent;
import dev.agentrooms.tools.Tool;
import dev.agentrooms.tools.ToolResult;
import dev.agentrooms.tools.Tools;
import dev.agentrooms.tools.Workflow;
import dev.agentrooms.tools.WorkflowSteps;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The agent of a declared workflow: calls its steps one after the other.
public final class WorkflowAgent implements Agent {

  private final Workflow workflow;
  private final Tools tools;
  private final AgentSteps agents;

  public WorkflowAgent(Workflow workflow, Tools tools) {
    this.workflow = workflow;
    this.tools = tools;
    this.agents = new AgentSteps(tools);
  }

  @Override
  public Plan plan(RunSpec spec) {
    List<String> steps = new ArrayList<>(List.of(StepWords.INTENT_DETERMINED));
    for (var step : workflow.steps()) {
      Words words = call(step, null).words();
      steps.add(words.start());
      steps.add(words.done());
    }
    steps.add(StepWords.FINAL_ANSWER);
    return Plan.of(workflow.name(), steps);
  }

  @Override
  public Next next(Run run) {
    Step last = run.steps().isEmpty() ? null : run.steps().getLast();
    if (last != null && last.state() instanceof Step.Failed(Failure why)) {
      return new Next.Fail(last.call().step() + " failed: " + why.detail(), why.reason());
    }
    for (var step : workflow.steps()) {
      if (step.action() instanceof UseAgent agent) {
        Next next = agents.next(agent, step.name(), run);
        if (next != null) {
          return next;
        }
      }
    }
    return switch (WorkflowSteps.next(workflow, run.scope())) {
      case NextStep.Call(var step, _, var arguments) -> {
        ToolResult.Failed unable =
            step.action() instanceof UseAgent ? OfferedTools.unable(tools, workflow) : null;
        yield unable == null
            ? Next.Calls.one(agreed(run, step, call(step, arguments)))
            : new Next.Unable(call(step, null), Failure.of(unable));
      }
      case NextStep.Ask(var step, var request) -> new Next.Ask(call(step, null), request);
      case NextStep.Skip(var step) -> new Next.Skip(call(step, null));
      case NextStep.Finish(var result) -> new Next.Finish(result);
      case NextStep.Fail(var step, var reason, var detail) ->
          step == null
              ? new Next.Fail(detail, reason.word())
              : new Next.Unable(call(step, null), new Failure(reason.word(), null, detail));
    };
  }

  /// An agreement counts for one call.
  private Call agreed(Run run, dev.agentrooms.tools.Step step, Call call) {
    if (!(step.action() instanceof CallTool called)) {
      return call;
    }
    return tools
        .find(call.tool())
        .filter(Tool::approve)
        .flatMap(tool -> Agreement.of(workflow, called, tool, run.scope()))
        .filter(earlier -> run.steps().stream().noneMatch(each -> each.call().isAgreedIn(earlier)))
        .map(call::agreedIn)
        .orElse(call);
  }

  private Call call(dev.agentrooms.tools.Step step, @Nullable JsonNode arguments) {
    return switch (step.action()) {
      case UseAgent agent -> agents.first(agent, call(step, ModelTools.NAME, arguments));
      case AskPerson _ -> call(step, Call.NO_TOOL, arguments);
      case AskModel _ -> call(step, ModelTools.NAME, arguments);
      case CallRemote remote -> call(step, remote.tool(), arguments);
      case CallTool called -> call(step, called.tool(), arguments);
    };
  }

  private Call call(dev.agentrooms.tools.Step step, String tool, @Nullable JsonNode arguments) {
    String name = step.name();
    // A model's step is called what it is about.
    String title =
        step.title() != null
            ? step.title()
            : tool.equals(ModelTools.NAME) ? name : tools.find(tool).map(Tool::title).orElse(name);
    return new Call(
        name,
        tool,
        title,
        new Words("start_" + name, title, name + "_done", title + ": done"),
        step.onError() == OnError.CONTINUE,
        arguments);
  }

  @Override
  public String text(String intent, JsonNode result) {
    if (result.isTextual()) {
      return result.asText();
    }
    // What a remote agent, or a model, has written.
    JsonNode text = result.path("text");
    return text.isTextual() ? text.asText() : result.toPrettyString();
  }
}
