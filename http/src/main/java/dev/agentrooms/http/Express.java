package dev.agentrooms.http;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A fast path for a server's most frequent request, answered on the event loop without a route.
///
/// It only accepts. Whatever it cannot accept goes to the routes, so that refusals are decided in
/// one place.
public interface Express {

  /// The answer that hands the request over to the routes after all.
  Object TO_ROUTES = new Object();

  /// Whether this method and path take the fast path.
  boolean isFor(String method, String path);

  /// @param headers gives a header's value by lower-case name; null when it is absent or repeated
  /// @param body the complete body
  /// @param answer called exactly once, with the JSON of a 200 or [#TO_ROUTES]; now or later, on
  ///     any thread
  /// @return false when the routes must answer
  boolean answer(Function<String, @Nullable String> headers, byte[] body, Consumer<Object> answer);
}
