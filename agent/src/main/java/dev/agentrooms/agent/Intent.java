package dev.agentrooms.agent;

import java.util.Locale;

/// What a question wants.
enum Intent {
  CREATE_QUIZ,
  EVALUATE,
  ANSWER;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
