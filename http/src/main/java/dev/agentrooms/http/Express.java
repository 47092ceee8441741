package dev.agentrooms.http;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The request that a server gets most, answered without its routes when it comes in plain form.
///
/// It says only yes: whatever is to be refused, or is odd in any way, goes to the routes, which
/// know all the answers. So nothing is decided twice.
public interface Express {

  /// Its method and path, such as `POST /api/agent/progress`.
  String request();

  /// @return what to answer with 200, as JSON; null when the routes are to answer. When it fails,
  ///     the routes get the same request again.
  @Nullable CompletionStage<?> answer(PlainRequest request);
}
