package dev.agentrooms.agent.session;

import java.util.Locale;

/// What a question wants.
public enum Intent {
  CREATE_QUIZ,
  EVALUATE,
  ANSWER;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
