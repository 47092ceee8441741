package dev.agentrooms.tools.model;

import java.util.concurrent.CompletionStage;

/// A call of a model under way.
public interface ModelCall {

  /// Completes, never exceptionally, with the answer or, when that is not complete, once the
  /// connection is closed.
  CompletionStage<ModelAnswer> ended();

  /// Closes the connection, at any moment; nothing is sent after it. May be called repeatedly.
  void cancel();
}
