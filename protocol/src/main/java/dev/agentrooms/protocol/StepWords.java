package dev.agentrooms.protocol;

/// Step names that runs of any workflow use.
public final class StepWords {

  public static final String QUEUED = "queued";
  public static final String INTENT_DETERMINED = "intent_determined";
  public static final String TOOL_RETRY = "tool_retry";
  public static final String TOOL_ERROR = "tool_error";
  public static final String INPUT_REQUIRED = "input_required";
  public static final String INPUT_RECEIVED = "input_received";
  public static final String FINAL_ANSWER = "final_answer";
  public static final String CANCELLED = "cancelled";
  public static final String EVENTS_LOST = "events_lost";

  private StepWords() {}

  /// Whether an event with this step is the last one of its run.
  public static boolean isTerminal(String step) {
    return step.equals(FINAL_ANSWER) || step.equals(CANCELLED);
  }
}
