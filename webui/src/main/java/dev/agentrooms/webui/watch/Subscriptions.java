package dev.agentrooms.webui.watch;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rooms that one socket sits in, by session id.
final class Subscriptions {

  private final Map<String, Subscription> byRoom = new HashMap<>();
  private final int max;

  Subscriptions(int max) {
    this.max = max;
  }

  /// Whether there is a place for this room, which may be one that is there already.
  boolean hasPlaceFor(String sessionId) {
    return byRoom.containsKey(sessionId) || byRoom.size() < max;
  }

  void add(Subscription subscription) {
    byRoom.put(subscription.sessionId(), subscription);
  }

  @Nullable Subscription remove(String sessionId) {
    return byRoom.remove(sessionId);
  }

  boolean contains(Subscription subscription) {
    return byRoom.get(subscription.sessionId()) == subscription;
  }

  boolean isAnyLagged() {
    return byRoom.values().stream().anyMatch(each -> each.subscriber().isLagged());
  }

  boolean isAnyExpired(Instant now) {
    return byRoom.values().stream().anyMatch(each -> each.hasExpired(now));
  }

  /// When the first of their tokens expires.
  Optional<Instant> firstExpiry() {
    return byRoom.values().stream()
        .map(Subscription::until)
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder());
  }

  void leaveAll() {
    byRoom.values().forEach(each -> each.subscriber().leave());
    byRoom.clear();
  }
}
