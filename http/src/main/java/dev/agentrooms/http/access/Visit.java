package dev.agentrooms.http.access;

import dev.agentrooms.protocol.Problem;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.jspecify.annotations.Nullable;

/// What is known of the sender of a request, before it is decided what they may do.
public sealed interface Visit {

  /// The request attribute that holds it.
  AttributeKey<Visit> KEY = AttributeKey.create("visit", Visit.class);

  /// @param token what they came with; null for another way of saying who they are
  record Known(Caller caller, @Nullable String token) implements Visit {
    // A record's own text would show the token.
    @Override
    public String toString() {
      return "Known[" + caller + "]";
    }
  }

  /// Nobody can tell who it is, or two answers contradict each other.
  record Refused(Problem problem) implements Visit {}

  Visit ANYONE = new Known(Caller.ANYONE, null);

  static Refused unauthorized(String detail) {
    return new Refused(Problem.of(401, "Unauthorized", detail));
  }
}
