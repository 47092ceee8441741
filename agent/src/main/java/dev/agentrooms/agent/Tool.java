package dev.agentrooms.agent;

import java.util.Locale;

/// A capability of another service.
enum Tool {
  RAG_SEARCH,
  RAG_ANSWER,
  GENERATE_EXAM,
  GRADE_EXAM;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
