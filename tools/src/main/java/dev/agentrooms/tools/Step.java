package dev.agentrooms.tools;

import org.jspecify.annotations.Nullable;

/// One step of a declared workflow.
///
/// @param title what it is about, in a few words; null when its tool's title says so
/// @param when it is skipped unless this holds; null when it always does
public record Step(
    String name, @Nullable String title, @Nullable Condition when, OnError onError, Action action) {

  /// What becomes of the run when the step fails.
  public enum OnError {
    FAIL,
    /// The step has given null, and the run goes on.
    CONTINUE
  }

  /// What the step does. Each kind of step is a case.
  public sealed interface Action {}

  /// @param arguments null when the tool takes none
  public record CallTool(String tool, @Nullable JsonTemplate arguments) implements Action {}
}
