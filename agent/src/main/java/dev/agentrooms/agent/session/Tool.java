package dev.agentrooms.agent.session;

import java.util.Locale;

/// A capability of another service.
public enum Tool {
  RAG_SEARCH,
  RAG_ANSWER,
  GENERATE_EXAM,
  GRADE_EXAM;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
