package dev.agentrooms.protocol;

/// Which of a session's deliveries to its room an event is: `X-Delivery: 7:12` is the twelfth of
/// the session's seventh life.
///
/// A room remembers the highest number of the latest life, and knows by it what it has had, however
/// long ago: an event that came before is told apart from a new one even when it is no longer
/// retained.
///
/// @param life of the session; later lives have higher numbers
/// @param n 1, 2, 3 … within the life
public record Delivery(long life, long n) {

  public static final String HEADER = "X-Delivery";

  public Delivery {
    if (life < 1 || n < 1) {
      throw new IllegalArgumentException(life + ":" + n);
    }
  }

  /// @throws InvalidField when it is no delivery
  public static Delivery parse(String header) {
    int colon = header.indexOf(':');
    try {
      return new Delivery(
          number(header.substring(0, Math.max(0, colon))), number(header.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new InvalidField(
          HEADER, HEADER + " must be two whole numbers above 0 with a colon between them.");
    }
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

  /// As the header says it.
  @Override
  public String toString() {
    return life + ":" + n;
  }
}
