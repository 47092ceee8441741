package dev.agentrooms.agent;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Gives runs their ids, and remembers those of the requests with an idempotency key that no
/// session has answered yet.
///
/// Who was told `may_have_started` and asks again with the same key is meant to hear of the same
/// run, also when the second request gets no answer either: it gets the id of the first.
final class UnansweredStarts {

  private record Ask(String sessionId, String key) {}

  private record Asked(String runId, int times) {}

  private final Map<Ask, Asked> asked = new ConcurrentHashMap<>();

  /// The id for the run of a request that is about to be sent.
  ///
  /// @param key digest of its idempotency key
  String begin(String sessionId, @Nullable String key) {
    return key == null
        ? newId()
        : asked.compute(
                new Ask(sessionId, key),
                (ask, before) ->
                    before == null
                        ? new Asked(newId(), 1)
                        : new Asked(before.runId, before.times + 1))
            .runId;
  }

  /// The request has been answered, or never will be.
  void end(String sessionId, @Nullable String key) {
    if (key != null) {
      asked.computeIfPresent(
          new Ask(sessionId, key),
          (ask, before) -> before.times == 1 ? null : new Asked(before.runId, before.times - 1));
    }
  }

  int size() {
    return asked.size();
  }

  private static String newId() {
    return "r-" + UUID.randomUUID();
  }
}
