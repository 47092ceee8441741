package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// A call of a tool that an agent wants, and how it is shown.
///
/// @param step what the step is called where its calls are named
/// @param title what the step is about, in a few words
/// @param optional whether the run goes on, with null, when the call fails
/// @param arguments what the tool is sent; null when the run lacks what the tool needs
public record Call(
    String step,
    String tool,
    String title,
    Words words,
    boolean optional,
    @Nullable JsonNode arguments) {

  /// One that the run cannot do without.
  public Call(String step, String tool, String title, Words words, @Nullable JsonNode arguments) {
    this(step, tool, title, words, false, arguments);
  }

  /// The two events of a step that goes well.
  ///
  /// @param start the step's name in the event that it has begun
  /// @param doing that event's message
  /// @param done the step's name in the event that it is over
  /// @param did that event's message
  public record Words(String start, String doing, String done, String did) {}

  public Call with(JsonNode given) {
    return new Call(step, tool, title, words, optional, given);
  }
}
