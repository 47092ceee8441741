package dev.agentrooms.webui.streams;

import dev.agentrooms.store.Subscription;

/// What became of a request about a subscription.
public sealed interface Outcome {

  /// @param isNew whether it was made
  record Known(Subscription it, boolean isNew) implements Outcome {}

  /// @param it as it is claimed
  record Claimed(Subscription it) implements Outcome {}

  /// @param wakesAgain whether there is more to do
  record Acked(boolean wakesAgain) implements Outcome {}

  /// Another has the wake.
  record Held(String holder, long generation) implements Outcome {}

  /// The request is not about the wake that is under way.
  record Fenced() implements Outcome {}

  record Unknown() implements Outcome {}

  /// There is one of another configuration.
  record Other() implements Outcome {}

  record NothingToDo() implements Outcome {}

  record Done() implements Outcome {}
}
