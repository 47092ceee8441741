package dev.agentrooms.agent.session;

import org.jspecify.annotations.Nullable;

/// Decides what a question wants. A port: rules stand behind it today, a model may tomorrow.
public interface Planner {

  /// @param topic what it is about: the question without the words that ask
  /// @param numQuestions how many questions its words ask for
  record Plan(Intent intent, String topic, @Nullable Integer numQuestions) {}

  Plan plan(String question);
}
