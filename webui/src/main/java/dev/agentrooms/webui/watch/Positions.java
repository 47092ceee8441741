package dev.agentrooms.webui.watch;

import dev.agentrooms.http.Queries;
import dev.agentrooms.webui.room.Position;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/// Where an event stream's reader says that it stopped: `Last-Event-ID`, which a browser sends by
/// itself, or else `after` and `epoch` of the query.
public final class Positions {

  private Positions() {}

  /// @return null for one who wants live events only
  /// @throws dev.agentrooms.protocol.InvalidField when `after` is neither an event's id nor a `seq`
  public static @Nullable Position of(HttpRequest request, Queries query) {
    Optional<String> lastEventId = request.getHeader("Last-Event-ID").map(h -> h.value().strip());
    if (lastEventId.isPresent() && !lastEventId.get().isEmpty()) {
      return ofId(lastEventId.get())
          // Not one of ours: there is nothing to resume from, which the stream will say.
          .orElse(new Position(Long.MAX_VALUE, "?"));
    }
    String after = query.text("after");
    if (after == null) {
      return null;
    }
    return ofId(after)
        .orElseGet(
            () -> {
              Long seq = query.number("after", 0, Long.MAX_VALUE);
              return new Position(seq == null ? 0 : seq, query.text("epoch"));
            });
  }

  /// `epoch:seq`, as an event's `id` says it.
  private static Optional<Position> ofId(String id) {
    int colon = id.lastIndexOf(':');
    try {
      long seq = colon < 1 ? -1 : Long.parseLong(id.substring(colon + 1));
      return seq < 0 ? Optional.empty() : Optional.of(new Position(seq, id.substring(0, colon)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
