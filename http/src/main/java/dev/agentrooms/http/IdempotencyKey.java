package dev.agentrooms.http;

import dev.agentrooms.protocol.InvalidField;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/// The `Idempotency-Key` header: a caller's name for its request, by which a repeated one is
/// recognised.
public final class IdempotencyKey {

  public static final String NAME = "Idempotency-Key";
  private static final int MAX_LENGTH = 255;

  private IdempotencyKey() {}

  /// @return null when there is none
  /// @throws InvalidField when it is blank, too long, or not visible ASCII: a proxy might replace
  ///     other characters, so that two keys become one
  public static @Nullable String of(HttpRequest request) {
    Optional<String> key = request.getHeader(NAME).map(header -> header.value());
    if (key.isPresent()
        && (key.get().isBlank() || key.get().length() > MAX_LENGTH || !isAscii(key.get()))) {
      throw new InvalidField(
          NAME, NAME + " must have 1 to " + MAX_LENGTH + " characters of visible ASCII");
    }
    return key.orElse(null);
  }

  /// Whether a header's value is passed on unchanged by every HTTP library.
  public static boolean isAscii(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c <= '~');
  }
}
