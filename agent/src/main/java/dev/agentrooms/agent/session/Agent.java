package dev.agentrooms.agent.session;

import com.fasterxml.jackson.databind.JsonNode;

/// Decides what a run does next. A pure port: the same run always gets the same answer.
public interface Agent {

  Plan plan(RunSpec spec);

  /// What comes next in a running run without an open step. For a quiz run `r1`: first a call of
  /// `rag_search`; when its step `r1.retrieval.1` is done, one of `generate_exam`; then the
  /// result.
  Next next(Run run);

  /// Whether a result is text that names none of the sources that it was made of.
  default boolean isUngrounded(String intent, JsonNode result) {
    return false;
  }

  /// A result as text that a person can read.
  String text(String intent, JsonNode result);
}
