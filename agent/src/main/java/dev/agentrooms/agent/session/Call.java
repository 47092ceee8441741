package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// A tool call that an agent asks for, and the words in which watchers see it.
///
/// @param step the step's name within call ids: `retrieval` in `r1.retrieval.1`
/// @param title what the step is about, in a few words
/// @param optional whether the run goes on, with null, when the call fails
/// @param arguments what the tool is sent; null when the run lacks what the tool needs
/// @param inAgent its place in the step of an agent; null for a call that is a step
/// @param agreedIn the step in which a person has agreed to just these arguments; null when none
///     has, so that they are asked if the tool needs it
public record Call(
    String step,
    String tool,
    String title,
    Words words,
    boolean optional,
    @Nullable JsonNode arguments,
    @Nullable AgentTurn inAgent,
    @Nullable String agreedIn) {

  /// The tool of a step that calls none.
  public static final String NO_TOOL = "";

  public Call(
      String step,
      String tool,
      String title,
      Words words,
      boolean optional,
      @Nullable JsonNode arguments,
      @Nullable AgentTurn inAgent) {
    this(step, tool, title, words, optional, arguments, inAgent, null);
  }

  /// A call that is a step.
  public Call(
      String step,
      String tool,
      String title,
      Words words,
      boolean optional,
      @Nullable JsonNode arguments) {
    this(step, tool, title, words, optional, arguments, null);
  }

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

  /// The name of the text that it writes: that of the step, `work.2` for the second turn.
  String part() {
    return isTurn() && turn() > 1 ? step + "." + turn() : step;
  }

  /// Whether it is a turn of a model that calls tools.
  public boolean isTurn() {
    return inAgent != null && inAgent.isOfModel();
  }

  /// Whether a model has asked for it.
  public boolean isWished() {
    return inAgent != null && !inAgent.isOfModel();
  }

  /// The turn of the model that it is, or belongs to; 0 when there is none.
  public int turn() {
    return inAgent == null ? 0 : inAgent.turn();
  }

  /// Whether its start is an event.
  boolean isTold() {
    return !isTurn() || turn() == 1;
  }

  /// Whether its end is an event.
  boolean isEndTold(JsonNode output) {
    return !isTurn() || !AgentTurn.goesOn(output);
  }

  public Call with(@Nullable JsonNode given) {
    return new Call(step, tool, title, words, optional, given, inAgent, agreedIn);
  }

  /// Whether a person has agreed to it in an earlier step.
  public boolean isAgreedIn(String earlier) {
    return earlier.equals(agreedIn);
  }

  public Call agreedIn(String earlier) {
    return new Call(step, tool, title, words, optional, arguments, inAgent, earlier);
  }

  public Call in(AgentTurn place) {
    return new Call(step, tool, title, words, optional, arguments, place, agreedIn);
  }
}
