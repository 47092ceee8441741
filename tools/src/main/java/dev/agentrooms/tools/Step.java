package dev.agentrooms.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
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

  /// A model is asked.
  ///
  /// @param system what the model is told about its work; null for nothing
  /// @param schema of the answer; null when that is text
  /// @param streams whether watchers see the text while it is being written
  public record AskModel(
      @Nullable PromptTemplate system,
      PromptTemplate prompt,
      @Nullable Schema schema,
      boolean streams)
      implements Action {

    @Override
    public String kind() {
      return "model";
    }
  }

  /// A model works on a task, and may call tools for it.
  ///
  /// @param tools names of the tools that it may call, or patterns of them
  /// @param maxTurns the most answers of the model
  /// @param maxToolCalls the most calls in all
  public record UseAgent(
      @Nullable PromptTemplate system,
      PromptTemplate prompt,
      List<String> tools,
      int maxTurns,
      int maxToolCalls)
      implements Action {

    public UseAgent {
      tools = List.copyOf(tools);
    }

    @Override
    public String kind() {
      return "agent";
    }
  }

  /// A person is asked. The output is `{"decision","value","comment"}`.
  ///
  /// @param value what they decide on; null for nothing but the prompt
  /// @param edit whether they may change the value
  /// @param schema of a changed value; null for any text
  /// @param options texts of which they choose one; empty when they do not
  public record AskPerson(
      Template prompt,
      @Nullable JsonTemplate value,
      boolean edit,
      @Nullable Schema schema,
      List<String> options)
      implements Action {

    public AskPerson {
      options = List.copyOf(options);
    }

    @Override
    public String kind() {
      return "ask";
    }

    /// @throws TemplateError when a value is missing
    InputRequest fill(JsonNode values) {
      return InputRequest.ask(
          prompt.text(values),
          value == null ? null : value.fill(values),
          edit || !options.isEmpty(),
          schema == null ? null : schema.json(),
          options);
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
