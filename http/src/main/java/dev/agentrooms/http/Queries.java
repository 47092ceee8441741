package dev.agentrooms.http;

import dev.agentrooms.protocol.InvalidField;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Query;
import org.apache.pekko.japi.Pair;
import org.jspecify.annotations.Nullable;

/// Reads a request's query parameters by name. Of a repeated text the first one counts; a repeated
/// number is refused, because either could be meant.
public final class Queries {

  private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");

  private final Query query;

  private Queries(Query query) {
    this.query = query;
  }

  /// @throws InvalidField when the query is malformed
  public static Queries of(HttpRequest request) {
    return new Queries(request.getUri().query());
  }

  /// An empty parameter counts as absent.
  public @Nullable String text(String name) {
    return query.get(name).filter(value -> !value.isEmpty()).orElse(null);
  }

  /// Whether there is a non-empty parameter of this name.
  public boolean has(String name) {
    return query.getAll(name).stream().anyMatch(value -> !value.isEmpty());
  }

  /// The text; an [InvalidField] when it is absent.
  public String required(String name) {
    String value = text(name);
    if (value == null) {
      throw new InvalidField(name, name + " is required");
    }
    return value;
  }

  /// A parameter that is `1` or `true`, `0` or `false`.
  public boolean flag(String name, boolean absent) {
    String text = once(name);
    return switch (text) {
      case null -> absent;
      case "" -> absent;
      case "1", "true" -> true;
      case "0", "false" -> false;
      default -> throw new InvalidField(name, name + " must be 0 or 1");
    };
  }

  /// An empty parameter counts as absent.
  public @Nullable Long number(String name, long min, long max) {
    String text = once(name);
    return text == null || text.isEmpty() ? null : number(name, text, min, max);
  }

  /// If present, it must be a number, and not empty.
  public @Nullable Long strictNumber(String name, long min, long max) {
    String text = once(name);
    return text == null ? null : number(name, text, min, max);
  }

  private @Nullable String once(String name) {
    List<String> values =
        query.toList().stream()
            .filter(parameter -> parameter.first().equals(name))
            .map(Pair::second)
            .toList();
    if (values.size() > 1) {
      throw new InvalidField(name, name + " must not be given more than once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  private static long number(String name, String text, long min, long max) {
    // Long.parseLong would also accept a plus sign and digits of other scripts.
    if (INTEGER.matcher(text).matches()) {
      try {
        long value = Long.parseLong(text);
        if (value >= min && value <= max) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Beyond 64 bits. Reported below.
      }
    }
    throw new InvalidField(name, name + " must be an integer from " + min + " to " + max);
  }

  public int integer(String name, int min, int max, int absent) {
    Long value = number(name, min, max);
    return value == null ? absent : value.intValue();
  }

  /// The parameter `wait` in seconds; without a number it is refused.
  public @Nullable Duration seconds(String name, int min, int max) {
    Long value = strictNumber(name, min, max);
    return value == null ? null : Duration.ofSeconds(value);
  }
}
