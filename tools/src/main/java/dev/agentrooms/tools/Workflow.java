package dev.agentrooms.tools;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A declared workflow: steps that are called one after the other, and the run's result.
///
/// @param description for a model that may choose it
/// @param match patterns of the questions that start it; empty when it is only started by name
/// @param input schema of the run's input; null for any
/// @param result null when it is the output of the last step
public record Workflow(
    String name,
    @Nullable String description,
    List<Match> match,
    @Nullable Schema input,
    List<Step> steps,
    @Nullable JsonTemplate result) {

  public Workflow {
    match = List.copyOf(match);
    steps = List.copyOf(steps);
  }

  /// Whether one of the patterns is found in `question`.
  public boolean isFor(String question) {
    return match.stream().anyMatch(pattern -> pattern.finds(question));
  }

  public Optional<Step> step(String stepName) {
    return steps.stream().filter(step -> step.name().equals(stepName)).findFirst();
  }

  /// Whether it needs a model.
  public boolean needsModel() {
    return steps.stream()
        .map(Step::action)
        .anyMatch(action -> action instanceof Step.AskModel || action instanceof Step.UseAgent);
  }

  /// The names of the tools that it calls, or patterns of them, without duplicates.
  public Set<String> tools() {
    Set<String> tools = new LinkedHashSet<>();
    for (Step step : steps) {
      switch (step.action()) {
        case Step.CallTool call -> tools.add(call.tool());
        case Step.AskPerson _, Step.CallRemote _ -> {}
        case Step.UseAgent agent -> tools.addAll(agent.tools());
        case Step.AskModel _ -> {}
      }
    }
    return tools;
  }
}
