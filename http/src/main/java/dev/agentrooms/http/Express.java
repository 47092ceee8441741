package dev.agentrooms.http;

import java.util.function.Consumer;

/// The request that a server gets most, answered without its routes when it comes in plain form.
///
/// It says only yes: whatever is to be refused, or is odd in any way, goes to the routes, which
/// know all the answers. So nothing is decided twice.
public interface Express {

  /// Its method and path, such as `POST /api/agent/progress`.
  String request();

  /// @param answer gets what to answer with 200, as JSON; at once or later, on any thread
  /// @return false when the routes are to answer. They also do when this fails, or when no answer
  ///     comes, so they may get what was begun here.
  boolean answer(PlainRequest request, Consumer<Object> answer);
}
