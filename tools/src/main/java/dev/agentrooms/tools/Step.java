package dev.agentrooms.tools;

import org.jspecify.annotations.Nullable;

/// One step of a declared workflow.
///
/// @param title shown to people; null for the tool's title
/// @param when the step is skipped unless this holds; null when it never is
public record Step(
    String name, @Nullable String title, @Nullable Condition when, OnError onError, Action action) {

  /// What happens when the step fails.
  public enum OnError {
    FAIL,
    /// The output is null, and the run goes on.
    CONTINUE
  }

  /// What the step does, by kind of step.
  public sealed interface Action {

    /// The key that stands for it in a file.
    String kind();
  }

  /// An agent elsewhere works.
  ///
  /// @param tool as which it is called
  public record CallRemote(String tool) implements Action {

    @Override
    public String kind() {
      return "remote";
    }
  }

  /// @param arguments null when it has none
  public record CallTool(String tool, @Nullable JsonTemplate arguments) implements Action {

    @Override
    public String kind() {
      return "tool";
    }
  }
}
