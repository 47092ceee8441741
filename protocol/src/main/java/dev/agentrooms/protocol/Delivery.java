package dev.agentrooms.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which of a session's deliveries to its room an event is: `X-Delivery: 7:12` is the twelfth of
/// the session's seventh life, and `7:12:YW5u` that of a session of the user `ann`.
///
/// A room remembers the highest number of the latest life, and knows by it what it has had, however
/// long ago: an event that came before is told apart from a new one even when it is no longer
/// retained.
///
/// @param life of the session; later lives have higher numbers
/// @param n 1, 2, 3 … within the life
/// @param owner the user whom the session belongs to; null for nobody
public record Delivery(long life, long n, @Nullable String owner) {

  public static final String HEADER = "X-Delivery";

  public Delivery {
    if (life < 1 || n < 1) {
      throw new IllegalArgumentException(life + ":" + n);
    }
  }

  /// Of a session that belongs to nobody.
  public Delivery(long life, long n) {
    this(life, n, null);
  }

  /// @throws InvalidField when it is no delivery
  public static Delivery parse(String header) {
    String[] parts = header.split(":", -1);
    try {
      if (parts.length == 2 || parts.length == 3) {
        return new Delivery(
            number(parts[0]),
            number(parts[1]),
            parts.length == 2 ? null : new String(Base64.getUrlDecoder().decode(parts[2]), UTF_8));
      }
    } catch (IllegalArgumentException e) {
      // Reported below.
    }
    throw new InvalidField(
        HEADER, HEADER + " must be two whole numbers above 0 with a colon between them.");
  }

  private static long number(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(digits);
    }
    return Long.parseLong(digits);
  }

  /// Whether a room whose latest delivery is this one has had `other`.
  public boolean covers(Delivery other) {
    return other.life == life && other.n <= n;
  }

  /// Whether it is of a session that has come in the place of the one of `latest`, and is
  /// another's: all that the room has is not for its owner.
  ///
  /// @param latest the room's latest delivery
  public boolean takesOver(Delivery latest) {
    return life > latest.life && !Objects.equals(owner, latest.owner);
  }

  /// As the header says it.
  @Override
  public String toString() {
    String numbers = life + ":" + n;
    return owner == null
        ? numbers
        : numbers
            + ":"
            + Base64.getUrlEncoder().withoutPadding().encodeToString(owner.getBytes(UTF_8));
  }
}
