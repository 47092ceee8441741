package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.agentrooms.protocol.Json;

/// Decides the next step of a declared workflow, from the outputs of its steps so far.
public final class WorkflowSteps {

  private WorkflowSteps() {}

  /// The first step without an output; the result when all have one.
  public static NextStep next(Workflow workflow, Scope scope) {
    for (Step step : workflow.steps()) {
      if (scope.steps().containsKey(step.name())) {
        continue;
      }
      if (step.when() != null && !step.when().holds(scope)) {
        return new NextStep.Skip(step);
      }
      try {
        return take(step, scope);
      } catch (TemplateError e) {
        return new NextStep.Fail(step, ToolResult.Reason.TEMPLATE, e.detail() + ".");
      }
    }
    try {
      return new NextStep.Finish(result(workflow, scope));
    } catch (TemplateError e) {
      return new NextStep.Fail(
          null, ToolResult.Reason.TEMPLATE, "The result cannot be made: " + e.detail() + ".");
    }
  }

  private static NextStep take(Step step, Scope scope) {
    return switch (step.action()) {
      case Step.CallRemote call -> new NextStep.Call(step, call.tool(), Json.object());
      case Step.AskModel ask ->
          new NextStep.Call(step, ModelTools.NAME, ModelTools.arguments(ask, scope.values()));
      case Step.UseAgent agent ->
          new NextStep.Call(
              step,
              ModelTools.NAME,
              ModelTools.arguments(agent.system(), agent.prompt(), scope.values()));
      case Step.AskPerson ask -> new NextStep.Ask(step, ask.fill(scope.values()));
      case Step.CallTool call ->
          new NextStep.Call(
              step,
              call.tool(),
              call.arguments() == null ? Json.object() : call.arguments().fill(scope.values()));
    };
  }

  private static JsonNode result(Workflow workflow, Scope scope) {
    if (workflow.result() != null) {
      return workflow.result().fill(scope.values());
    }
    return scope.steps().getOrDefault(workflow.steps().getLast().name(), NullNode.getInstance());
  }
}
