package dev.agentrooms.webui.streams;

import dev.agentrooms.protocol.InvalidField;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.japi.Pair;
import org.jspecify.annotations.Nullable;

/// What a reader asks for.
///
/// @param cursor what the last answer said; null for none
public record ReadQuery(From from, Live live, @Nullable String cursor) {

  /// Where reading begins.
  public sealed interface From {
    record Start() implements From {}

    record Tail() implements From {}

    record Behind(Offset offset) implements From {}
  }

  /// What happens at the tail.
  public enum Live {
    /// The answer ends.
    NO,
    /// The answer waits for the next event.
    LONG_POLL,
    /// The answer goes on.
    SSE
  }

  /// @throws InvalidField naming the parameter that cannot be right
  public static ReadQuery of(HttpRequest request) {
    String offset = once(request, "offset");
    Live live =
        switch (once(request, "live")) {
          case null -> Live.NO;
          case "long-poll" -> Live.LONG_POLL;
          case "sse" -> Live.SSE;
          default -> throw new InvalidField("live", "live must be long-poll or sse");
        };
    if (offset == null && live != Live.NO) {
      throw new InvalidField("offset", "offset is required for live reading");
    }
    return new ReadQuery(from(offset), live, once(request, "cursor"));
  }

  private static From from(@Nullable String offset) {
    return switch (offset) {
      case null -> new From.Start();
      case "-1" -> new From.Start();
      case "now" -> new From.Tail();
      default -> new From.Behind(Offset.parse("offset", offset));
    };
  }

  private static @Nullable String once(HttpRequest request, String name) {
    List<String> values =
        request.getUri().query().toList().stream()
            .filter(parameter -> parameter.first().equals(name))
            .map(Pair::second)
            .toList();
    if (values.size() > 1) {
      throw new InvalidField(name, name + " must not be given more than once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }
}
