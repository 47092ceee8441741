package dev.agentrooms.webui.watch;

import dev.agentrooms.http.Loop;
import dev.agentrooms.webui.room.Subscriber;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One socket's place in one room.
final class Subscription {

  private final String sessionId;
  private final @Nullable Instant until;
  private final Subscriber subscriber;
  private boolean inLine;

  /// @param until when its token expires; null for never
  /// @param loop where the socket runs
  /// @param wake called when there is something to read
  /// @param deltas whether text is read while it is being written
  Subscription(
      String sessionId,
      @Nullable Instant until,
      Loop loop,
      Consumer<Subscription> wake,
      boolean deltas) {
    this.sessionId = sessionId;
    this.until = until;
    this.subscriber =
        new Subscriber(
            loop, () -> wake.accept(this), deltas ? Subscriber.Text.JOINED : Subscriber.Text.NOT);
  }

  String sessionId() {
    return sessionId;
  }

  Subscriber subscriber() {
    return subscriber;
  }

  @Nullable Instant until() {
    return until;
  }

  boolean hasExpired(Instant now) {
    return until != null && !now.isBefore(until);
  }

  /// Whether it stands in the line of [Outgoing], which alone changes this.
  boolean isInLine() {
    return inLine;
  }

  void setInLine(boolean inLine) {
    this.inLine = inLine;
  }
}
