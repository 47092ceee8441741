package dev.agentrooms.embedded;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A workflow, step by step. Texts are templates, as in a file: `{{input.sku}}`,
/// `{{steps.price.amount}}`.
public final class WorkflowBuilder {

  private final Map<String, Object> workflow = new LinkedHashMap<>();
  private final List<Map<String, Object>> steps = new ArrayList<>();
  private int asked;

  WorkflowBuilder() {}

  public WorkflowBuilder description(String text) {
    workflow.put("description", text);
    return this;
  }

  /// Questions that start it, as regular expressions.
  public WorkflowBuilder match(String... patterns) {
    workflow.put("match", List.of(patterns));
    return this;
  }

  /// A step of the tool's name, which gets no arguments.
  public WorkflowBuilder tool(String name) {
    return tool(name, Map.of());
  }

  /// A step of the tool's name.
  public WorkflowBuilder tool(String name, Map<String, ?> arguments) {
    return tool(name, name, arguments);
  }

  public WorkflowBuilder tool(String step, String tool, Map<String, ?> arguments) {
    return step(step, Map.of("tool", tool, "with", arguments));
  }

  /// Waits for a person's yes, in the step `ask`; the second time `ask_2`.
  public WorkflowBuilder ask(String prompt) {
    asked++;
    return step(asked == 1 ? "ask" : "ask_" + asked, Map.of("ask", Map.of("prompt", prompt)));
  }

  /// A step of any kind, by the keys that it would have in a file.
  public WorkflowBuilder step(String name, Map<String, ?> keys) {
    Map<String, Object> step = new LinkedHashMap<>(keys);
    step.put("name", name);
    steps.add(step);
    return this;
  }

  /// The run's result, in place of the output of the last step.
  public WorkflowBuilder result(Map<String, ?> template) {
    workflow.put("result", template);
    return this;
  }

  Map<String, Object> written() {
    workflow.put("steps", steps);
    return workflow;
  }
}
