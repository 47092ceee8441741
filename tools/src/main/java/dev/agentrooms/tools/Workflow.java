package dev.agentrooms.tools;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A declared workflow: steps that are taken one after the other, and what a run of them gives.
///
/// @param description for a model that may choose it
/// @param match patterns of the questions that it is for; none when it must be asked for by name
/// @param input what a run's input must be; null when any will do
/// @param result null: what the last step gave
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

  /// Whether `question` is one of those that it is for.
  public boolean isFor(String question) {
    return match.stream().anyMatch(pattern -> pattern.finds(question));
  }

  public Optional<Step> step(String stepName) {
    return steps.stream().filter(step -> step.name().equals(stepName)).findFirst();
  }

  /// The names of the tools that it calls, each once.
  public Set<String> tools() {
    Set<String> tools = new LinkedHashSet<>();
    for (Step step : steps) {
      switch (step.action()) {
        case Step.CallTool call -> tools.add(call.tool());
      }
    }
    return tools;
  }
}
