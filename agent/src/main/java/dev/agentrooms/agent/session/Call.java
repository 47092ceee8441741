package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// A tool call that an agent asks for, and the words in which watchers see it.
///
/// @param step the step's name within call ids: `retrieval` in `r1.retrieval.1`
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

  /// A call that is not optional.
  public Call(String step, String tool, String title, Words words, @Nullable JsonNode arguments) {
    this(step, tool, title, words, false, arguments);
  }

  /// Names and messages of the two events of a step that succeeds.
  ///
  /// @param start name of the first event, such as `start_retrieval`
  /// @param doing message of the first event
  /// @param done name of the last event, such as `retrieval_done`
  /// @param did message of the last event
  public record Words(String start, String doing, String done, String did) {}

  public Call with(JsonNode given) {
    return new Call(step, tool, title, words, optional, given);
  }
}
