package dev.agentrooms.http;

import dev.agentrooms.protocol.InvalidField;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/// What a caller calls its request, so that a repeated one is recognised.
public final class IdempotencyKey {

  private static final String NAME = "Idempotency-Key";
  private static final int MAX_LENGTH = 255;

  private IdempotencyKey() {}

  /// @return null when there is none
  /// @throws InvalidField when it is blank, too long, or not ASCII: on its way through a web UI
  ///     other characters might become the same one, and two keys one
  public static @Nullable String of(HttpRequest request) {
    Optional<String> key = request.getHeader(NAME).map(header -> header.value());
    if (key.isPresent()
        && (key.get().isBlank() || key.get().length() > MAX_LENGTH || !isAscii(key.get()))) {
      throw new InvalidField(
          NAME, NAME + " must have 1 to " + MAX_LENGTH + " characters of visible ASCII");
    }
    return key.orElse(null);
  }

  /// Whether a header's value is the same for everybody who reads it.
  public static boolean isAscii(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c <= '~');
  }
}
