package dev.agentrooms.http;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A short cut for the request that a server gets most: answered on the event loop, without a
/// route.
///
/// It says only yes. Whatever is to be refused goes to the routes, which know all the answers, so
/// that nothing is decided twice.
public interface Express {

  /// Whether this method and path are the short cut's.
  boolean isFor(String method, String path);

  /// @param headers a header's value by its name in lower case, null when there is none or several
  /// @param body all of it
  /// @param answer takes what to answer with 200, as JSON: once, at once or later, on any thread
  /// @return false when the routes are to answer
  boolean answer(Function<String, @Nullable String> headers, byte[] body, Consumer<Object> answer);
}
